/**
 * What is taken for a value that a column may alter, beside what SQLite makes of it.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { assert, assertEquals } from "@std/assert";
import {
  affinityOf,
  mayAlter,
  mayAlterSql,
} from "../../lib/database/affinity.ts";
import { type RawRow, readCells } from "../../lib/database/cells.ts";
import { rowsOf } from "../../lib/database/connection.ts";
import { engineOf } from "../../lib/database/engine.ts";
import { withDb } from "../support/scratch.ts";

const TYPES = ["", "TEXT", "INTEGER", "NUMERIC", "REAL", "VARCHAR", "DATETIME"];

const JSON_VALUES = [
  ..."null 0 -1 5 9007199254740993 -9223372036854775808".split(" "),
  ..."5.0 2.5 1e300 -0.0 9007199254740993.0 9e999".split(" "),
  ..."7 007 5.0 .5 5. +5 -0 1e3 1e400 9007199254740993 0x10".split(" ")
    .map((text) => JSON.stringify(text)),
  ...["", " ", "a", " 5 ", "\t5\n", "5 x", "1e", "+", "2026-01-01", "é"]
    .map((text) => JSON.stringify(text)),
  JSON.stringify(`${"0".repeat(2000)}7`),
];

const cell = "value ->> '$.v'";

/** The function that takes JSON apart; older engines have only the other one. */
function eachIn(db: Database): string {
  return engineOf(db).jsonbEach ? "jsonb_each(?)" : "json_each(?)";
}

/** What a column without a type, and one with this type, make of a value. */
function madeOf(db: Database, json: string): [RawRow, RawRow] {
  const [given, stored] = ["given", "stored"].map((table) => {
    const rows = `SELECT ${cell} FROM ${eachIn(db)}`;
    rowsOf(db, `INSERT INTO ${table} ${rows}`, json);
    const [row] = readCells(db, ["v"], table);
    db.exec(`DELETE FROM ${table}`);
    return row!;
  });
  return [given!, stored!];
}

function isSame(one: RawRow, other: RawRow): boolean {
  return one.kinds[0] === other.kinds[0] &&
    String(one.values[0]) === String(other.values[0]);
}

function isNumber({ kinds: [kind] }: RawRow): boolean {
  return kind === "i" || kind === "r";
}

for (const type of TYPES) {
  const named = type || "no type";
  Deno.test(`mayAlter() and its SQL miss nothing that ${named} alters`, () => {
    withDb(":memory:", (db) => {
      db.exec(`CREATE TABLE given (v); CREATE TABLE stored (v ${type})`);
      const affinity = affinityOf(type, false);
      const finds = (json: string, isUntyped: boolean) => {
        const term = mayAlterSql(affinity, cell, isUntyped);
        const found = `SELECT 1 FROM ${eachIn(db)} WHERE ${term}`;
        return rowsOf(db, found, json).length > 0;
      };
      for (const value of JSON_VALUES) {
        const json = `[{"v":${value}}]`;
        const [given, stored] = madeOf(db, json);
        if (isSame(given, stored)) continue;
        const [kind, was] = [given.kinds[0]!, given.values[0]!];
        assert(mayAlter(affinity, kind, was), value);
        assert(finds(json, false), value);
        const isSameNumber = isNumber(given) && isNumber(stored) &&
          was == stored.values[0];
        assert(isSameNumber || finds(json, true), `${value}, untyped`);
      }
    });
  });
}

Deno.test("mayAlter() lets ordinary values pass", () => {
  const text = (value: string) => new TextEncoder().encode(value);
  assertEquals(mayAlter("INTEGER", "t", text("2026-01-01")), false);
  assertEquals(mayAlter("INTEGER", "i", 5), false);
  assertEquals(mayAlter("REAL", "r", 5.5), false);
  assertEquals(mayAlter("TEXT", "t", text("007")), false);
});
