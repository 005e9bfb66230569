/**
 * Backups that only an enemy or an accident makes.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Random } from "../support/random_values.ts";
import { mutateStructure, mutateTokens } from "./mutations.ts";
import { oddValue, pick } from "./odd.ts";

/** A backup, and what is odd about it. */
export interface OddBackup {
  what: string;
  text: string;
}

const MEMBERS = ["backup_date", "format_version", "database", "schema"]
  .concat(["sequences", "tables", "counts", "sha256"]);

const HUGE = "7".repeat(1_000_000);

/** Large inputs take their time, so each comes seldom. */
const LARGE: Record<string, string> = {
  "a number of a million digits": HUGE,
  "a fraction of a million digits": `0.${HUGE}`,
  "an exponent of a million digits": `1e${HUGE}`,
  "deep lists": "[".repeat(100_000) + "]".repeat(100_000),
  "deep objects": '{"a":'.repeat(50_000) + "1" + "}".repeat(50_000),
};

/** A row of the schema. */
function table(name: string, sql: string) {
  return { type: "table", name, table: name, sql };
}

/** A backup without counts and checksum. */
function bare(parts: Record<string, unknown>): string {
  return JSON.stringify({
    backup_date: "2026-02-19T15:30:00Z",
    format_version: 1,
    tables: {},
    ...parts,
  });
}

function wide(columns: number): string {
  const names = Array.from({ length: columns }, (_, i) => `c${i}`);
  return bare({
    schema: [table("wide", `CREATE TABLE wide (${names.join(", ")})`)],
    tables: { wide: [Object.fromEntries(names.map((name) => [name, 1]))] },
  });
}

function keyed(columns: number): string {
  const sql = `CREATE TABLE k (a, PRIMARY KEY (${
    Array(columns).fill("a").join(", ")
  }))`;
  return bare({ schema: [table("k", sql)], tables: { k: [{ a: 1 }] } });
}

function chained(tables: number): string {
  const schema = Array.from({ length: tables }, (_, i) =>
    table(
      `t${i}`,
      `CREATE TABLE t${i} (id INTEGER PRIMARY KEY, n REFERENCES t${i + 1})`,
    ));
  const rows = schema.map(({ name }) => [name, [{ id: 1, n: 1 }]]);
  return bare({ schema, tables: Object.fromEntries(rows) });
}

const T = table(
  "t",
  "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x)",
);

/** Those that are the same each time. */
export const FIXED: Record<string, () => string> = {
  "a sequence at its end": () =>
    bare({ schema: [T], tables: { t: [{ id: 1 }] } })
      .replace('"tables"', '"sequences":{"t":9223372036854775807},"tables"'),
  "duplicate keys in counts": () =>
    bare({ schema: [T], tables: { t: [] } }).slice(0, -1) +
    ',"counts":{"t":1,"t":0}}',
  "a checksum that stands first": () =>
    `{"sha256":"${createHash("sha256").update("{").digest("hex")}",` +
    bare({ schema: [T], tables: { t: [{ id: 1 }] } }).slice(1),
  "a key of a thousand columns": () => keyed(1000),
  "a key of 50,000 columns": () => keyed(50_000),
  "an index of 50,000 columns": () =>
    bare({
      schema: [
        T,
        {
          type: "index",
          name: "i",
          table: "t",
          sql: `CREATE INDEX i ON t (${Array(50_000).fill("x").join(", ")})`,
        },
      ],
      tables: { t: [{ id: 1 }] },
    }),
  "a foreign key of 5,000 columns": () => {
    const columns = Array(5000).fill("a").join(", ");
    const sql = `CREATE TABLE f (a, FOREIGN KEY (${columns}) REFERENCES ` +
      `f (${columns}))`;
    return bare({ schema: [table("f", sql)], tables: { f: [{ a: 1 }] } });
  },
  "a condition of 100,000 terms": () =>
    bare({
      schema: [table(
        "t",
        `CREATE TABLE t (x CHECK (${Array(100_000).fill("x").join(" AND ")}))`,
      )],
      tables: { t: [{ x: 1 }] },
    }),
  "an endless query": () =>
    bare({
      schema: [table(
        "t",
        "CREATE TABLE main.t AS WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL " +
          "SELECT n + 1 FROM r) SELECT n FROM r",
      )],
      tables: { t: [{ n: 1 }] },
    }),
  "unknown functions for compression": () =>
    bare({
      schema: [table(
        "t",
        "CREATE VIRTUAL TABLE t USING fts4(x, compress=no, uncompress=no)",
      )],
      tables: { t: [{ x: 1 }] },
    }),
  "a table of 3,000 columns": () => wide(3000),
  // SQLite takes time for more: it looks through all tables when it creates one.
  "a chain of 1,000 tables": () => chained(1000),
  "an unknown collation": () =>
    bare({ schema: [table("t", "CREATE TABLE t (x COLLATE nope UNIQUE)")] }),
  "an unknown function": () =>
    bare({
      schema: [table("t", "CREATE TABLE t (x CHECK (nope(x)))")],
      tables: { t: [{ x: 1 }] },
    }),
  "an unknown module": () =>
    bare({
      schema: [table("t", "CREATE VIRTUAL TABLE t USING nope(x)")],
      tables: { t: [{ x: 1 }] },
    }),
  "an unknown compress function": () =>
    bare({
      schema: [table("t", "CREATE VIRTUAL TABLE t USING fts4(x, compress=no)")],
      tables: { t: [{ x: 1 }] },
    }),
  "many parentheses": () =>
    bare({
      schema: [table(
        "t",
        `CREATE TABLE t (x CHECK (${"(".repeat(2000)}1${")".repeat(2000)}))`,
      )],
      tables: { t: [{ x: 1 }] },
    }),
  "a log whose trigger rolls back": () =>
    bare({
      schema: [
        table("activity_log", "CREATE TABLE activity_log (id, action)"),
        {
          type: "trigger",
          name: "no",
          table: "activity_log",
          sql: "CREATE TRIGGER no BEFORE INSERT ON activity_log " +
            "BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
        },
      ],
      tables: { activity_log: [{ id: 1 }] },
    }),
};

/** Puts a value, or the member again, at a member of the sound backup. */
function withMember(random: Random, sound: string): OddBackup {
  const name = pick(random, MEMBERS);
  const value = oddValue(random, "1");
  const at = sound.search(new RegExp(`^"${name}": `, "m"));
  const head = sound.slice(0, at);
  return pick(random, [
    () => ({
      what: `${name} twice`,
      text: `${head}"${name}": ${value},\n${sound.slice(at)}`,
    }),
    () => ({ what: `nothing but ${name}`, text: `{"${name}": ${value}}` }),
    () => ({
      what: `${name} with another value`,
      text: bare({}).slice(0, -1) + `,"${name}": ${value}}`,
    }),
    () => ({
      what: `${name} as ${value.slice(0, 50)} alone`,
      text: `{"${name}": ${value}, ${bare({}).slice(1)}`,
    }),
  ])();
}

/** A random one. */
export function oddBackup(random: Random, sound: string): OddBackup {
  const bytes = new TextEncoder().encode(sound);
  const decode = (mutated: Uint8Array) => new TextDecoder().decode(mutated);
  const stripped = sound.replace(
    /,\n"counts": .*\n"sha256": .*\n\}\n$/,
    "\n}\n",
  );
  const open = new TextEncoder().encode(stripped);
  if (random(40) === 0) {
    const [what, value] = pick(random, Object.entries(LARGE));
    const text = bare({ schema: [T] }).replace(
      '"tables":{}',
      `"tables":{"t":[{"id":1,"x":${value}}]}`,
    );
    return { what, text };
  }
  return pick(random, [
    () => ({ what: "cut", text: sound.slice(0, random(sound.length)) }),
    () => ({ what: "tokens", text: decode(mutateTokens(open, random)) }),
    () => ({ what: "structure", text: decode(mutateStructure(open, random)) }),
    () => ({ what: "checked", text: decode(mutateTokens(bytes, random)) }),
    () => withMember(random, sound),
    () => withMember(random, sound),
    () => {
      const [what, make] = pick(random, Object.entries(FIXED));
      return { what, text: make() };
    },
  ])();
}
