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
import type { Database, Statement } from "@db/sqlite";
import { release } from "../database/bind.ts";
import { rowsOf, scalar } from "../database/connection.ts";
import { rowidColumn, type Table } from "../database/schema.ts";
import { identifier } from "../database/sql.ts";
import { marked } from "./columns.ts";
import { isRefusal, reasonOf, rowFault } from "./faults.ts";
import { CHANGES, STAGE, type Stage } from "./stage.ts";

/** What the changed rows were before. */
const KEPT = "temp.soy_kept";

/** Rows between two looks at whether to stop. */
const checkEvery = 1000;

/**
 * Applies the changes that were found.
 *
 * @param db The database, in a transaction, without triggers of its own.
 * @param stage The staged rows.
 * @param victims The name of a temporary table for the rows that give way.
 * @param checkpoint Called now and then; throws to stop.
 * @returns How many rows gave way.
 * @throws {BackupError} where a row breaks a rule of the table.
 */
export async function applyChanges(
  db: Database,
  stage: Stage,
  victims: string,
  checkpoint: () => Promise<void>,
): Promise<number> {
  refuseNulls(db, stage);
  takeOut(db, stage);
  watch(db, stage.table, victims);
  const inserter = new Inserter(db, stage);
  const changes = rowsOf<[number, string, string]>(
    db,
    `SELECT n, state, mask FROM ${CHANGES} JOIN ${STAGE} AS s ON s.rowid = n ` +
      "ORDER BY n",
  );
  try {
    for (const [i, [n, state, mask]] of changes.entries()) {
      inserter.insert(n, state, mask);
      if (i % checkEvery === 0) await checkpoint();
    }
  } finally {
    inserter.finalize();
  }
  return unwatch(db, stage.table, victims);
}

// INSERT OR REPLACE would put the default in the place of such a NULL.
function refuseNulls(db: Database, stage: Stage): void {
  const { table } = stage;
  const required = table.columns.flatMap((column, i) =>
    column.notNull || column === rowidColumn(table) ? [i] : []
  );
  if (required.length === 0) return;
  const which = required.map((i) =>
    `WHEN c${i} IS NULL AND substr(mask, ${i + 1}, 1) = '1' THEN ${i}`
  );
  const [found] = rowsOf<[number, number]>(
    db,
    `SELECT * FROM (SELECT n, CASE ${
      which.join(" ")
    } END AS i FROM ${CHANGES} ` +
      `JOIN ${STAGE} AS s ON s.rowid = n) WHERE i IS NOT NULL ORDER BY n LIMIT 1`,
  );
  if (!found) return;
  const column = table.columns[found[1]]!.name;
  const refusal = `NOT NULL constraint failed: ${table.name}.${column}`;
  throw rowFault(table.name, found[0], reasonOf(refusal));
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
      `${old} FROM ${CHANGES} JOIN ${STAGE} AS s ON s.rowid = n ` +
      `JOIN ${main} AS t ON ${stage.sameKey()} WHERE state = 'changed'`,
  );
  const own = key.columns.map((name) =>
    `k${table.columns.findIndex((column) => column.name === name)}`
  );
  db.exec(
    `DELETE FROM ${main} WHERE (${key.columns.map(identifier).join(", ")}) ` +
      `IN (SELECT ${own.join(", ")} FROM ${KEPT})`,
  );
}

/** A row's rowid where no column shows it; an index of text may refer to it. */
function hiddenRowid(table: Table): string | undefined {
  if (table.kind !== "rowid" || !table.rowid || rowidColumn(table)) return;
  return `t.${table.rowid}`;
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

/** Puts staged rows into the table, one by one, so that a refusal has a place. */
class Inserter {
  #statements = new Map<string, Statement>();

  constructor(readonly db: Database, readonly stage: Stage) {}

  insert(n: number, state: string, mask: string): void {
    const form = state + mask;
    let statement = this.#statements.get(form);
    if (!statement) {
      statement = this.db.prepare(this.#sql(state, mask));
      this.#statements.set(form, statement);
    }
    try {
      statement.run(n);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw rowFault(this.stage.table.name, n, reasonOf(error));
    }
  }

  finalize(): void {
    for (const statement of this.#statements.values()) release(statement);
  }

  #sql(state: string, mask: string): string {
    const { table } = this.stage;
    const into = marked(mask, "1").map((i) => [i, `s.c${i}`] as const);
    const kept = state === "changed"
      ? marked(mask, "0").map((i) => [i, `k.k${i}`] as const)
      : [];
    const columns = [...into, ...kept]
      .map(([i]) => identifier(table.columns[i]!.name));
    const cells: string[] = [...into, ...kept].map(([, cell]) => cell);
    if (state === "changed" && hiddenRowid(table)) {
      columns.push(table.rowid!);
      cells.push("k.r");
    }
    return `INSERT OR REPLACE INTO main.${identifier(table.name)} ` +
      `(${columns.join(", ")}) SELECT ${cells.join(", ")} FROM ${STAGE} AS s ` +
      `LEFT JOIN ${KEPT} AS k ON k.n = s.rowid WHERE s.rowid = ?`;
  }
}
