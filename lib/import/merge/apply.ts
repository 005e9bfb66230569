/**
 * Applying the changes to the table.
 *
 * A changed row is taken out first and put back whole, so that two rows can swap
 * a UNIQUE value; columns that the backup lacks, and a rowid that is no column,
 * keep their values. A local row that holds a key of a backup row is replaced:
 * SQLite finds it (through every kind of unique index) and a trigger records it.
 *
 * @module
 */
import type { Statement } from "@db/sqlite";
import { release } from "../../database/bind.ts";
import { rowsOf } from "../../database/connection.ts";
import type { TableRules } from "../../database/rules.ts";
import { hiddenRowid, rowidColumn } from "../../database/schema.ts";
import { identifier } from "../../database/sql.ts";
import type { Checkpoint } from "../../session.ts";
import { grouped } from "../../text.ts";
import { marked } from "../load/columns.ts";
import { isRefusal, nullFault, reasonOf, RowFault } from "../row_faults.ts";
import { removeLocalOnly } from "./exact.ts";
import type { DisplacedRows } from "./displaced.ts";
import type { Stage, State } from "./stage.ts";
import { CHANGES, KEPT, STAGE } from "./temporary.ts";

/** How to merge. */
export interface MergeOptions {
  /** Whether to remove local rows that the backup doesn't have. */
  exact: boolean;
  /** When the backup was made, if rows stay that were edited here after that. */
  newer: { date: string | undefined } | undefined;
  /** The table's rules, which are lifted for rows that break them if they may be. */
  rules: TableRules;
  /** Called now and then; throws to stop. */
  checkpoint: Checkpoint;
}

/** What applying came to, in numbers of local rows. */
export interface Applied {
  /** Rows that the backup doesn't have, replaced by one with the same key. */
  replaced: number;
  /** Rows that the backup doesn't have, removed by an exact import. */
  removed: number;
  /** Rows of the backup that the table refused. */
  refused: RowFault[];
}

/**
 * Applies the changes that were found.
 *
 * @param stage The staged rows, in a database without triggers of its own.
 * @param displaced Gets the rows that are replaced or removed.
 * @param careful Whether to refuse a row that would displace another of the backup.
 */
export async function applyChanges(
  stage: Stage,
  displaced: DisplacedRows,
  { exact, rules, checkpoint }: MergeOptions,
  careful: boolean,
): Promise<Applied> {
  const nulls = nullFaults(stage, rules);
  takeOutChanged(stage);
  displaced.record();
  const removed = exact ? removeLocalOnly(stage, displaced) : 0;
  const skipped = new Set(nulls.map(({ row }) => row));
  const guarded = careful ? displaced : undefined;
  const refused = await insertChanges(stage, guarded, skipped, checkpoint);
  stage.dropKept();
  const replaced = displaced.stop() - removed;
  return { replaced, removed, refused: [...nulls, ...refused] };
}

// INSERT OR REPLACE would put the column's default in the place of such a NULL
// (https://sqlite.org/lang_conflict.html).
function nullFaults(
  { db, table }: Stage,
  { lifted }: TableRules,
): RowFault[] {
  const required = table.columns.flatMap((column, i) =>
    (column.notNull && !lifted) || column === rowidColumn(table) ? [i] : []
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
  return found.map(([n, i]) =>
    nullFault(table.name, n, table.columns[i]!.name)
  );
}

function takeOutChanged(stage: Stage): void {
  const { db, table, key } = stage;
  stage.createKept();
  if (!key) return;
  const main = `main.${identifier(table.name)}`;
  const old = table.columns.map(({ name }) => `t.${identifier(name)}`);
  // An index of text may refer to a rowid that no column shows.
  const rowid = hiddenRowid(table);
  db.exec(
    `INSERT INTO ${KEPT} SELECT s.rowid, ${rowid ? `t.${rowid}` : "NULL"}, ` +
      `${old.join(", ")} FROM ${CHANGES} AS x JOIN ${STAGE} AS s ` +
      `ON s.rowid = x.n JOIN ${main} AS t ON ${stage.sameKey()} ` +
      "WHERE x.state = 'changed'",
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

async function insertChanges(
  stage: Stage,
  guarded: DisplacedRows | undefined,
  skipped: Set<number>,
  checkpoint: Checkpoint,
): Promise<RowFault[]> {
  const inserter = new ChangeInserter(stage, guarded);
  const refused: RowFault[] = [];
  try {
    // Changed rows first: they take back the rowids that they had.
    for (const state of ["changed", "new"] as const) {
      for (const page of stage.changes(state)) {
        for (const [n, mask] of page) {
          const fault = skipped.has(n)
            ? undefined
            : inserter.insert(n, state, mask);
          if (fault) refused.push(fault);
        }
        await checkpoint();
      }
    }
  } finally {
    inserter.finalize();
  }
  return refused;
}

/** Puts staged rows into the table one by one, to know which one is refused. */
class ChangeInserter {
  #statements = new Map<string, Statement>();

  /** @param guarded Shows whether a row displaces another of the backup, if asked. */
  constructor(
    readonly stage: Stage,
    readonly guarded: DisplacedRows | undefined,
  ) {
    if (guarded) stage.indexKey();
  }

  /** Gives the fault if the table refuses the row. */
  insert(n: number, state: State, mask: string): RowFault | undefined {
    const reason = this.guarded
      ? this.#insertGuarded(this.guarded, n, state, mask)
      : this.#insert(n, state, mask);
    return reason === undefined
      ? undefined
      : new RowFault(this.stage.table.name, n, reason);
  }

  #insert(n: number, state: State, mask: string): string | undefined {
    const form = state + mask;
    let statement = this.#statements.get(form);
    if (!statement) {
      statement = this.stage.db.prepare(insertSql(this.stage, state, mask));
      this.#statements.set(form, statement);
    }
    try {
      statement.run(n);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return reasonOf(error);
    }
  }

  #insertGuarded(
    guarded: DisplacedRows,
    n: number,
    state: State,
    mask: string,
  ): string | undefined {
    const { db } = this.stage;
    const last = guarded.last();
    db.exec("SAVEPOINT soy_row");
    let reason = this.#insert(n, state, mask);
    const other = guarded.firstOf(this.stage, last);
    if (other !== undefined) {
      reason = `row ${grouped(other)} of the backup has the same value where ` +
        "it must be unique";
      db.exec("ROLLBACK TO soy_row");
    }
    db.exec("RELEASE soy_row");
    return reason;
  }

  finalize(): void {
    for (const statement of this.#statements.values()) release(statement);
  }
}

function insertSql(
  { table, rowids }: Stage,
  state: State,
  mask: string,
): string {
  const changed = state === "changed";
  const given = marked(mask, "1").map((i) => [i, `s.c${i}`] as const);
  const kept = marked(mask, "0").map((i) => [i, `k.k${i}`] as const);
  const pairs = changed ? [...given, ...kept] : given;
  const columns = pairs.map(([i]) => identifier(table.columns[i]!.name));
  const cells: string[] = pairs.map(([, cell]) => cell);
  const main = `main.${identifier(table.name)}`;
  const rowid = hiddenRowid(table);
  if (changed && rowid) {
    columns.push(rowid);
    cells.push("k.r");
  } else if (rowids) {
    // The number of a local row is not free.
    columns.push(rowids.column);
    cells.push(
      `(SELECT r FROM (SELECT ${rowids.of("s.rowid")} AS r) ` +
        `WHERE r NOT IN (SELECT ${rowids.column} FROM ${main}))`,
    );
  }
  return `INSERT OR REPLACE INTO ${main} ` +
    `(${columns.join(", ")}) SELECT ${cells.join(", ")} FROM ${STAGE} AS s ` +
    `LEFT JOIN ${KEPT} AS k ON k.n = s.rowid WHERE s.rowid = ?`;
}
