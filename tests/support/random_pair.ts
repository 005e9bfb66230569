/**
 * Random databases whose rows collide in every way: keys of one and two columns,
 * unique values, no key at all, NULL as a key.
 *
 * @module
 */
import type { Random } from "./random_values.ts";

const schema = `
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT UNIQUE,
  mail TEXT COLLATE NOCASE, updated_at TEXT);
CREATE UNIQUE INDEX one_mail ON people (mail) WHERE mail IS NOT NULL;
CREATE TABLE pairs (a, b, memo, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE heap (what, much REAL);
CREATE TABLE codes (code TEXT PRIMARY KEY, memo);
CREATE TABLE refs (id INTEGER PRIMARY KEY, person REFERENCES people (id),
  mate TEXT REFERENCES people (name) ON DELETE CASCADE);
CREATE TABLE notes (id INTEGER PRIMARY KEY, entity_type, entity_id, content);
CREATE TRIGGER meddle AFTER DELETE ON people BEGIN DELETE FROM refs; END;
`;

/** What a cell holds: a few values only, so that rows of two databases meet. */
function cell(random: Random, values: string[]): string {
  return values[random(values.length)]!;
}

const makers: Record<string, (random: Random) => string[]> = {
  people: (random) => [
    String(1 + random(9)),
    cell(random, ["'Anna'", "'Ben'", "'Cem'", "'Dora'", "'Emil'", "NULL"]),
    cell(random, ["'a@x'", "'A@X'", "'b@x'", "NULL", "NULL"]),
    cell(random, ["'2026-01-01'", "'2026-02-02'", "NULL"]),
  ],
  pairs: (random) => [
    cell(random, ["1", "2", "'1'"]),
    cell(random, ["1", "x'00'"]),
    cell(random, ["'m'", "3.0", "3"]),
  ],
  heap: (random) => [cell(random, ["'w'", "'W'", "NULL"]), `${random(2)}`],
  codes: (random) => [
    cell(random, ["'c'", "'C'", "'d'", "NULL"]),
    cell(random, ["'m'", "'n'"]),
  ],
  refs: (random) => [
    String(random(9)),
    String(1 + random(9)),
    cell(random, ["'Anna'", "'Ben'", "'Zoe'"]),
  ],
  notes: (random) => [
    String(random(5)),
    cell(random, ["'people'", "'other'"]),
    String(1 + random(9)),
    cell(random, ["'one'", "'two'"]),
  ],
};

/** SQL that makes a random database. */
export function randomDatabase(random: Random): string {
  const inserts = Object.entries(makers).flatMap(([table, make]) =>
    Array.from(
      { length: random(9) },
      () => `INSERT OR IGNORE INTO ${table} VALUES (${make(random).join()});`,
    )
  );
  return schema + inserts.join("\n");
}
