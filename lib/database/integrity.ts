/**
 * Damage of a database file, apart from rows that only break a rule.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "./connection.ts";

/** How many lines of a check are read at most. */
const mostLines = 10_000;

// What SQLite's quick_check says of a row that breaks a rule of its own table, which
// may be younger than the row, and of a full-text index that is out of date
// (sqlite3Pragma() in pragma.c, xIntegrity in fts3.c and fts5_main.c). Reading and
// copying such a database loses nothing.
const harmless = new RegExp(
  "^(NULL value in |CHECK constraint failed in |NUMERIC value in |" +
    "TEXT value in |non-\\w+ value in |" +
    "(malformed|unable to validate the) inverted index for )",
);

/**
 * The first thing that is wrong with the structure of a database.
 *
 * @throws {Error} with SQLite's message if it cannot be read at all.
 */
export function structuralDamage(db: Database): string | undefined {
  const lines = rowsOf<[string]>(db, `PRAGMA quick_check(${mostLines})`);
  return lines.flat().find((line) => line !== "ok" && !harmless.test(line));
}
