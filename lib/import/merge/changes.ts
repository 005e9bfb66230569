/**
 * What is new and what differs: the staged rows against the table's.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../../database/connection.ts";
import { shortened } from "../../database/digest.ts";
import { balanced, identifier, literal } from "../../database/sql.ts";
import { marked } from "../load/columns.ts";
import type { Stage } from "./stage.ts";
import { CHANGES, CLAIMED, MATCHED, STAGE } from "./temporary.ts";

/** So many sets of columns are compared one by one. */
const fewMasks = 4;

/** How many staged rows are not in the table as they should be. */
export interface Difference {
  /** Rows that the table doesn't have. */
  added: number;
  /** Rows that the table has with other values. */
  changed: number;
}

/**
 * Fills the table of changes with each staged row that is not in the table as the
 * backup has it: with its key but other values it is `changed`, else `new`.
 *
 * @returns How many of each there are.
 */
export function findChanges(stage: Stage): Difference {
  const { db } = stage;
  db.exec(
    `DELETE FROM ${CHANGES}; DELETE FROM ${CLAIMED}; DELETE FROM ${MATCHED}`,
  );
  if (stage.key) addByKey(stage);
  let open = `NOT ${stage.keyed("")}`;
  let masks = stage.masks(open);
  if (masks.length > fewMasks) {
    matchWhole(stage, open);
    open += ` AND rowid NOT IN (SELECT n FROM ${MATCHED})`;
    masks = stage.masks(open);
    stage.indexMask();
  }
  for (const mask of masks) {
    const which = `mask = ${literal(mask)} AND ${open}`;
    const pairs = byValues(stage, marked(mask, "1"), which);
    db.exec(
      `INSERT INTO ${CHANGES} SELECT n, 'new' ${pairs} NOT local AND k > have`,
    );
    db.exec(`INSERT INTO ${CLAIMED} SELECT r ${pairs} local AND k <= want`);
  }
  const counts = new Map(
    rowsOf<[string, number]>(
      db,
      `SELECT state, count(*) FROM ${CHANGES} GROUP BY state`,
    ),
  );
  return { added: counts.get("new") ?? 0, changed: counts.get("changed") ?? 0 };
}

function tableOf(stage: Stage): string {
  return `main.${identifier(stage.table.name)}`;
}

// One statement for all rows, however many sets of columns they have.
function addByKey(stage: Stage): void {
  const masks = stage.masks();
  if (masks.length === 0) return;
  const first = identifier(stage.key!.columns[0]!);
  const equal = stage.table.columns.flatMap((_, i) => {
    const given = masks.filter((mask) => mask[i] === "1").length;
    if (given === 0) return [];
    const same = sameCell(stage, i);
    if (given === masks.length) return [same];
    return [`(substr(s.mask, ${i + 1}, 1) = '0' OR ${same})`];
  });
  stage.db.exec(
    `INSERT INTO ${CHANGES} ` +
      `SELECT s.rowid, iif(t.${first} IS NULL, 'new', 'changed') ` +
      `FROM ${STAGE} AS s LEFT JOIN ${tableOf(stage)} AS t ` +
      `ON ${stage.sameKey()} WHERE ${stage.keyed("s.")} ` +
      `AND (t.${first} IS NULL OR NOT ${balanced(equal, "AND")})`,
  );
}

function sameCell(stage: Stage, i: number): string {
  const cell = `t.${identifier(stage.table.columns[i]!.name)}`;
  return `(typeof(s.c${i}) = typeof(${cell}) ` +
    `AND s.c${i} IS ${cell} COLLATE BINARY)`;
}

// Many programs leave NULL out, so that rows have many sets of columns. Each set takes a
// look at all local rows; so those that are there with NULL for the rest come first, all
// at once, the ones with the most columns before the others.
function matchWhole(stage: Stage, which: string): void {
  const pairs = byValues(stage, [...stage.table.columns.keys()], which);
  stage.db.exec(
    `INSERT INTO ${MATCHED} SELECT n ${pairs} NOT local AND k <= have`,
  );
  stage.db.exec(`INSERT INTO ${CLAIMED} SELECT r ${pairs} local AND k <= want`);
}

// Rows without a key are the same if all their values are, and they count: two of
// them in the backup need two of them in the table, and each row there matches one.
function byValues(stage: Stage, given: number[], which: string): string {
  const { db, table } = stage;
  const stored = given.map((i) => identifier(table.columns[i]!.name));
  const staged = given.map((i) => `c${i}`);
  const names = given.map((_, i) => `v${i}`);
  const parts = ["types", ...names.map((name) => `${name} COLLATE BINARY`)]
    .join(", ");
  return `FROM (SELECT n, r, local, ` +
    `row_number() OVER (PARTITION BY local, ${parts} ORDER BY gaps, n) AS k, ` +
    `count(*) FILTER (WHERE local) OVER (PARTITION BY ${parts}) AS have, ` +
    `count(*) FILTER (WHERE NOT local) OVER (PARTITION BY ${parts}) AS want ` +
    `FROM (${freeRows(stage, values(db, stored, names))} ` +
    `UNION ALL SELECT 0, rowid, length(replace(mask, '1', '')), NULL, ` +
    `${values(db, staged, names)} FROM ${STAGE} WHERE ${which})) WHERE`;
}

// Local rows that match no row of the backup yet. If columns have taken all names of
// the rowid, the order tells those without a key apart.
function freeRows(stage: Stage, cells: string): string {
  const { rowid } = stage.table;
  const unclaimed = `NOT IN (SELECT r FROM ${CLAIMED})`;
  const from = `FROM ${tableOf(stage)} AS t`;
  if (rowid) {
    return `SELECT 1 AS local, 0 AS n, 0 AS gaps, ${rowid} AS r, ${cells} ${from} ` +
      `WHERE ${rowid} ${unclaimed}`;
  }
  return "SELECT * FROM (SELECT 1 AS local, 0 AS n, 0 AS gaps, " +
    `row_number() OVER () AS r, ${cells} ${from} NOT INDEXED WHERE NOT ${stage.keyedLocal()}) ` +
    `WHERE r ${unclaimed}`;
}

function values(db: Database, cells: string[], names: string[]): string {
  const types = cells.map((cell) => `substr(typeof(${cell}), 1, 1)`);
  const aliased = cells
    .map((cell, i) => `${shortened(db, cell)} AS ${names[i]}`);
  return `${balanced(types, "||")} AS types, ${aliased.join(", ")}`;
}
