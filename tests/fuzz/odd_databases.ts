/**
 * Databases that no application should make, and some do.
 *
 * @module
 */
import { edited } from "../support/edited.ts";
import { withDb } from "../support/scratch.ts";
import { SOURCE } from "./databases.ts";

const LOG = "CREATE TABLE activity_log (id INTEGER PRIMARY KEY, " +
  "entity_type TEXT, entity_id INTEGER, action TEXT, details TEXT, " +
  "created_at TEXT";

/** Makes a file once, and writes the same bytes from then on. */
function once(make: (path: string) => void): (path: string) => void {
  let bytes: Uint8Array | undefined;
  return (path) => {
    if (bytes) return Deno.writeFileSync(path, bytes, { createNew: true });
    make(path);
    bytes = Deno.readFileSync(path);
  };
}

function bySql(sql: string): (path: string) => void {
  return once((path) => withDb(path, (db) => db.exec(sql)));
}

function rewritten(sql: string, ...words: [string, string][]) {
  return once((path) => {
    bySql(sql)(path);
    edited(path, words);
  });
}

function chain(tables: number): string {
  const links = Array.from(
    { length: tables },
    (_, i) =>
      `CREATE TABLE t${i} (id INTEGER PRIMARY KEY, n REFERENCES t${i + 1});`,
  );
  return links.join("\n");
}

function changed(change: (bytes: Uint8Array) => Uint8Array) {
  return once((path) => {
    putSource(path);
    Deno.writeFileSync(path, change(Deno.readFileSync(path)));
  });
}

/** Makes the database of these tests without anything odd. */
export const putSource: (path: string) => void = bySql(SOURCE);

const NAMES = ["", " ", "'", '""', "a\nb", "\u202e", "x".repeat(4096), "select"]
  .map((name, i) => `CREATE TABLE "${name}" ("${name}" TEXT, b${i});`);

/** What makes a database, by what it is. */
export const ODD_DATABASES: Record<string, (path: string) => void> = {
  "an empty file": (path) => Deno.writeTextFileSync(path, ""),
  "a file of words": (path) =>
    Deno.writeTextFileSync(path, "words ".repeat(99)),
  "a folder": (path) => Deno.mkdirSync(path),
  "a link to itself": (path) => Deno.symlinkSync(path, path),
  "a database cut in half": changed((bytes) =>
    bytes.slice(0, bytes.length / 2)
  ),
  "a header alone": changed((bytes) => bytes.slice(0, 100)),
  "a database with noise in its first page": changed((bytes) =>
    bytes.map((byte, i) => i > 100 && i < 4000 ? byte ^ (i * 7) & 255 : byte)
  ),
  "a database with noise behind": changed((bytes) =>
    bytes.map((byte, i) =>
      i > 4200 && i % 5 === 0 ? byte ^ (i * 7) & 255 : byte
    )
  ),
  "soy_meta without a column key": bySql(
    `${SOURCE} CREATE TABLE soy_meta (name TEXT PRIMARY KEY, value TEXT)`,
  ),
  "soy_meta without a column value": bySql(
    `${SOURCE} CREATE TABLE soy_meta (key TEXT PRIMARY KEY)`,
  ),
  "soy_meta that is a view": bySql(
    `${SOURCE} CREATE VIEW soy_meta AS SELECT 1 AS key, 2 AS value`,
  ),
  "soy_meta whose trigger refuses": bySql(
    `${SOURCE} CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
    CREATE TRIGGER no_meta BEFORE INSERT ON soy_meta
      BEGIN SELECT RAISE(ROLLBACK, 'no'); END`,
  ),
  "activity_log whose trigger rolls back": bySql(
    `${SOURCE} ${LOG}); CREATE TRIGGER no_log BEFORE INSERT ON activity_log
      BEGIN SELECT RAISE(ROLLBACK, 'no'); END`,
  ),
  "activity_log whose trigger aborts": bySql(
    `${SOURCE} ${LOG}); CREATE TRIGGER no_log BEFORE INSERT ON activity_log
      BEGIN SELECT RAISE(ABORT, 'no'); END`,
  ),
  "activity_log whose rule refuses": bySql(
    `${SOURCE} ${LOG}, CHECK (id < 0))`,
  ),
  "activity_log whose rule rolls back": bySql(
    `${SOURCE} ${LOG}, needed TEXT NOT NULL ON CONFLICT ROLLBACK)`,
  ),
  "activity_log without columns that are known": bySql(
    `${SOURCE} CREATE TABLE activity_log (x)`,
  ),
  "activity_log that is a view": bySql(
    `${SOURCE} CREATE VIEW activity_log AS SELECT 1 AS id`,
  ),
  "tables with odd names": bySql(SOURCE + NAMES.join("")),
  "a chain of many foreign keys": bySql(chain(100)),
  "a full-text table with an unknown compress function": bySql(
    `${SOURCE} CREATE VIRTUAL TABLE contacts_fts
      USING fts4(a, compress=nope, uncompress=nope)`,
  ),
  "an unknown collation": rewritten(SOURCE, ["NOCASE", "NOWHER"]),
  "an unknown function": rewritten(SOURCE, ["score < 1e6", "nope(score)"]),
  "an unknown module": rewritten(
    `${SOURCE} CREATE VIRTUAL TABLE vectors USING fts5(a)`,
    ["USING fts5", "USING vec0"],
  ),
  "a view and a trigger of nothing": bySql(
    `${SOURCE} CREATE VIEW lost AS SELECT * FROM nowhere;
    CREATE TRIGGER lost_rows AFTER DELETE ON contacts
      BEGIN INSERT INTO nowhere VALUES (1); END`,
  ),
};
