/**
 * What to do about local rows that have the numbers of other records in the backup.
 *
 * @module
 */
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import { LOG_TABLES } from "../../soy/references.ts";
import { conflictWords, countedRows, inListedOrder } from "../../soy/tables.ts";
import type { LoadContext } from "../load/loader.ts";
import type { PlannedTable } from "../plan.ts";
import type { ConflictReport, Unfollowed } from "../report.ts";
import { findConflicts, type TableConflicts } from "./identity.ts";
import { renumber } from "./renumber.ts";

/** How many conflicts are named. */
const named = 5;

/**
 * How to resolve conflicts: not at all, the import stops; only name them, for a
 * preview; the backup's row takes the place; or the local row gets a new number.
 */
export type ConflictMode = "refuse" | "report" | "replace" | "keep";

/** What came of the conflicts. */
export interface Resolved {
  conflicts: ConflictReport[];
  unfollowed: Unfollowed[];
  /** How many local rows got new numbers. */
  renumbered: number;
}

/**
 * Finds the conflicts of all tables, before any row of the backup is written, and
 * resolves them.
 *
 * @param planned The tables that have local rows and are not as backed up.
 * @throws {BackupError} if there are conflicts and the mode is `refuse`.
 */
export async function resolveConflicts(
  context: LoadContext,
  planned: readonly PlannedTable[],
  mode: ConflictMode,
): Promise<Resolved> {
  const { db, backup } = context;
  const found: TableConflicts[] = [];
  for (const [i, target] of planned.entries()) {
    const conflicts = await findConflicts(context, target, i);
    if (conflicts) found.push(conflicts);
  }
  const asked = found.filter((conflicts) => !isLog(conflicts));
  if (mode === "refuse" && asked.length > 0) throw refusal(asked);
  const kept = found.filter((conflicts) => mode === "keep" || isLog(conflicts));
  const counters = new Map(
    [...backup.members.sequences ?? []].map(([name, n]) => [foldName(name), n]),
  );
  const unfollowed = renumber(db, kept, counters);
  for (const { rows } of found) db.exec(`DROP TABLE ${rows}`);
  return {
    conflicts: asked.map(({ table, count, examples }) => ({
      table: table.name,
      count,
      examples,
      kept: mode === "keep",
    })),
    unfollowed,
    renumbered: kept.reduce((sum, { count }) => sum + count, 0),
  };
}

// No one chooses between two entries of a log, so both stay without a question.
function isLog({ table }: TableConflicts): boolean {
  return LOG_TABLES.includes(foldName(table.name));
}

function refusal(tables: TableConflicts[]): BackupError {
  const found = inListedOrder(
    tables.map((conflicts) => ({ name: conflicts.table.name, ...conflicts })),
  );
  const all = found.reduce((sum, { count }) => sum + count, 0);
  // Those with a name say more.
  const examples = found.flatMap(({ table, examples }) =>
    examples.map((conflict) => ({ table: table.name, conflict }))
  ).toSorted((a, b) => Number(!a.conflict.local) - Number(!b.conflict.local))
    .map(({ table, conflict }) => conflictWords(table, conflict));
  const shown = examples.slice(0, named);
  const more = all - shown.length;
  const counts = found.map(({ table, count }) =>
    countedRows(table.name, count)
  );
  return new BackupError(
    `${counts.join(", ")} in the database ${
      all === 1
        ? "has the number of another record"
        : "have the numbers of other records"
    } in the backup: ${shown.join("; ")}${
      more > 0 ? `; and ${more} more` : ""
    }. ` +
      "Use --keep-both to give the local ones new numbers, or --replace to let " +
      "the backup's take their place",
  );
}
