/**
 * Putting the changes into the table.
 *
 * A changed row is taken out first and put back whole, so that two rows can swap
 * a UNIQUE value; columns that the backup lacks, and a rowid that is no column,
 * keep their values. Whatever else holds a key that a row of the backup has gives
 * way: SQLite finds it (through every kind of unique index) and a trigger of ours
 * notes it.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf, scalar } from "../../database/connection.ts";
import { rowidColumn, type Table } from "../../database/schema.ts";
import { identifier } from "../../database/sql.ts";
import { reasonOf, RowFault } from "../faults.ts";
import { removeKeyed, removeUnkeyed } from "./only_here.ts";
import { hiddenRowid, KEPT, StageInserter } from "./stage_inserter.ts";
import { CHANGES, STAGE, type Stage } from "./stage.ts";
import type { Checkpoint } from "../../session.ts";

/** Rows between two looks at whether to stop. */
const checkEvery = 1000;

/** What applying came to. */
export interface Applied {
  /** Rows only here that gave way to a key of the backup. */
  replaced: number;
  /** Rows only here that were removed. */
  removed: number;
  /** Rows that the table refused. */
  refused: RowFault[];
}

/**
 * Applies the changes that were found.
 *
 * @param db The database, in a transaction, without triggers of its own.
 * @param stage The staged rows.
 * @param victims The name of a temporary table for the rows that give way.
 * @param exact Whether rows that are only here go.
 * @param checkpoint Called now and then; throws to stop.
 */
export async function applyChanges(
  db: Database,
  stage: Stage,
  victims: string,
  exact: boolean,
  checkpoint: Checkpoint,
): Promise<Applied> {
  const refused = nullFaults(db, stage);
  takeOut(db, stage);
  watch(db, stage.table, victims);
  const removed = exact ? removeKeyed(db, stage) + removeUnkeyed(db, stage) : 0;
  const inserter = new StageInserter(db, stage);
  const changes = rowsOf<[number, string, string]>(
    db,
    // Changed rows first: they take back the rowids that they had.
    `SELECT n, state, mask FROM ${CHANGES} JOIN ${STAGE} AS s ON s.rowid = n ` +
      "ORDER BY state, n",
  );
  try {
    const known = new Set(refused.map(({ row }) => row));
    for (const [i, [n, state, mask]] of changes.entries()) {
      if (known.has(n)) continue;
      const fault = inserter.insert(n, state, mask);
      if (fault) refused.push(fault);
      if (i % checkEvery === 0) await checkpoint();
    }
  } finally {
    inserter.finalize();
  }
  const gone = unwatch(db, stage.table, victims);
  return { replaced: gone - removed, removed, refused };
}

// INSERT OR REPLACE would put the default in the place of such a NULL.
function nullFaults(db: Database, stage: Stage): RowFault[] {
  const { table } = stage;
  const required = table.columns.flatMap((column, i) =>
    column.notNull || column === rowidColumn(table) ? [i] : []
  );
  if (required.length === 0) return [];
  const which = required.map((i) =>
    `WHEN c${i} IS NULL AND substr(mask, ${i + 1}, 1) = '1' THEN ${i}`
  );
  const found = rowsOf<[number, number]>(
    db,
    `SELECT * FROM (SELECT n, CASE ${
      which.join(" ")
    } END AS i FROM ${CHANGES} ` +
      `JOIN ${STAGE} AS s ON s.rowid = n) WHERE i IS NOT NULL ORDER BY n`,
  );
  return found.map(([n, i]) => {
    const column = table.columns[i]!.name;
    const refusal = `NOT NULL constraint failed: ${table.name}.${column}`;
    return new RowFault(table.name, n, reasonOf(refusal));
  });
}

function takeOut(db: Database, stage: Stage): void {
  const { table, key } = stage;
  const names = table.columns.map(({ name }) => identifier(name));
  const cells = names.map((_, i) => `k${i}`);
  db.exec(
    `CREATE TEMP TABLE soy_kept (n INTEGER PRIMARY KEY, r, ${
      cells.join(", ")
    })`,
  );
  if (!key) return;
  const main = `main.${identifier(table.name)}`;
  const old = names.map((name) => `t.${name}`).join(", ");
  db.exec(
    `INSERT INTO ${KEPT} SELECT s.rowid, ${hiddenRowid(table) ?? "NULL"}, ` +
      `${old} FROM ${CHANGES} AS x JOIN ${STAGE} AS s ON s.rowid = x.n ` +
      `JOIN ${main} AS t ON ${stage.sameKey()} WHERE x.state = 'changed'`,
  );
  const own = key.columns.map((name) =>
    `k${table.columns.findIndex((column) => column.name === name)}`
  );
  // The key may tell apart what the column's own collation does not.
  const collated = key.columns.map((name, i) =>
    `${identifier(name)} COLLATE ${identifier(key.collations[i]!)}`
  );
  db.exec(
    `DELETE FROM ${main} WHERE (${collated.join(", ")}) ` +
      `IN (SELECT ${own.join(", ")} FROM ${KEPT})`,
  );
}

function watch(db: Database, table: Table, victims: string): void {
  const cells = table.columns.map((_, i) => `v${i}`).join(", ");
  db.exec(`CREATE TEMP TABLE ${victims} (${cells})`);
  if (table.kind === "virtual") return;
  const old = table.columns.map(({ name }) => `OLD.${identifier(name)}`);
  // REPLACE fires delete triggers where triggers may recur, and only then.
  db.exec(
    "PRAGMA recursive_triggers = ON;" +
      `CREATE TEMP TRIGGER soy_watch AFTER DELETE ON ` +
      `main.${identifier(table.name)} ` +
      `BEGIN INSERT INTO ${victims} VALUES (${old.join(", ")}); END`,
  );
}

function unwatch(db: Database, table: Table, victims: string): number {
  if (table.kind !== "virtual") db.exec("DROP TRIGGER temp.soy_watch");
  db.exec(`DROP TABLE ${KEPT}`);
  const count = scalar(db, `SELECT count(*) FROM temp.${victims}`) as number;
  if (count === 0) db.exec(`DROP TABLE temp.${victims}`);
  return count;
}
