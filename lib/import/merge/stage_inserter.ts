/**
 * Staged rows into the table, one by one, so that a refusal has a place.
 *
 * @module
 */
import type { Database, Statement } from "@db/sqlite";
import { release } from "../../database/bind.ts";
import { rowidColumn, type Table } from "../../database/schema.ts";
import { identifier } from "../../database/sql.ts";
import { marked } from "../load/columns.ts";
import { isRefusal, reasonOf, RowFault } from "../faults.ts";
import { STAGE, type Stage } from "./stage.ts";

/**
 * What the changed rows were before: their number in the backup as `n`, a rowid that
 * no column shows as `r`, and the columns as `k0`, `k1`, ….
 */
export const KEPT = "temp.soy_kept";

/** A row's rowid where no column shows it; an index of text may refer to it. */
export function hiddenRowid(table: Table): string | undefined {
  if (table.kind !== "rowid" || !table.rowid || rowidColumn(table)) return;
  return `t.${table.rowid}`;
}

/** Puts staged rows into the table. */
export class StageInserter {
  #statements = new Map<string, Statement>();

  constructor(readonly db: Database, readonly stage: Stage) {}

  /** Gives the fault where the table refuses the row. */
  insert(n: number, state: string, mask: string): RowFault | undefined {
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
      return new RowFault(this.stage.table.name, n, reasonOf(error));
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
