/**
 * Damage of a database file, apart from rows that only break a rule.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { messageOf } from "../errors.ts";
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
 * @returns `undefined` also if the check needs a function or a collation that only the
 * application knows: that is no damage.
 * @throws {Error} with SQLite's message if it cannot be read at all.
 */
export function structuralDamage(db: Database): string | undefined {
  try {
    const lines = rowsOf<[string]>(db, `PRAGMA quick_check(${mostLines})`);
    return lines.flat().find((line) => line !== "ok" && !harmless.test(line));
  } catch (error) {
    if (/unknown function|no such collation/.test(messageOf(error))) return;
    throw error;
  }
}
