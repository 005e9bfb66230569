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
// may be younger than the row (sqlite3Pragma() in pragma.c).
const brokenRule = new RegExp(
  "^(NULL value in |CHECK constraint failed in |NUMERIC value in |" +
    "TEXT value in |non-\\w+ value in )",
);

// What it says of a full-text index that is out of date (xIntegrity in fts3.c and
// fts5_main.c).
const staleIndex = /^(malformed|unable to validate the) inverted index for /;

/** Whether a line of SQLite's check only says that a row breaks a rule of its table. */
export function saysBrokenRule(line: string): boolean {
  return brokenRule.test(line);
}

// A page that nothing points to takes room and holds nothing.
const unusedPage = /^Page \d+: never used$/;

// What the lines about one database begin with.
const heading = /^\*\*\* in database/;

// Reading and copying a database of which only such things are said loses nothing.
function isHarmless(line: string): boolean {
  return line === "ok" || saysBrokenRule(line) ||
    [staleIndex, unusedPage, heading].some((pattern) => pattern.test(line));
}

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
    return lines.flatMap(([text]) => text.split("\n"))
      .find((line) => !isHarmless(line));
  } catch (error) {
    if (/unknown function|no such collation/.test(messageOf(error))) return;
    throw error;
  }
}
