/**
 * The command `undo`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { UndoReport } from "../undo/undo.ts";
import { counted, printable } from "../text.ts";
import { type Answer, defineCommand } from "./command.ts";
import { QUIET } from "./options.ts";

/** Restores the state before the last import. */
export const undoCommand = defineCommand({
  name: "undo",
  summary: "Go back to the state before the last import, or undo that",
  details: "Restores the newest snapshot in output/. The state that it " +
    "replaces becomes a snapshot, so a second undo reverses the first.",
  arguments: [],
  options: { quiet: QUIET },
  async run(_request, { installation, session }) {
    const { undo } = await import("../undo/undo.ts");
    return answer(await undo(installation, session));
  },
});

function answer(report: UndoReport): Answer {
  const { restored, stamp, kept, tables } = report;
  return {
    exitCode: EXIT.done,
    json: {
      restored,
      kept: kept ?? null,
      tables: tables.map(({ name, before, after }) => ({
        name,
        before: before ?? null,
        after: after ?? null,
      })),
    },
    lines: [
      `The database is as it was on ${momentOf(stamp)}.`,
      ...(tables.length === 0
        ? ["Nothing changed: the database already matched the snapshot."]
        : []),
      ...tables.map(({ name, before, after }) =>
        `  ${printable(name)}: ${change(before, after)}`
      ),
      ...(kept ? [`To go forward again: undo (from output/${kept}).`] : []),
    ],
    warnings: [],
  };
}

function momentOf(stamp: string): string {
  const [year, month, day, time] = stamp.split("-");
  return `${year}-${month}-${day} at ${time!.slice(0, 2)}:${time!.slice(2, 4)}`;
}

function change(before: number | undefined, after: number | undefined): string {
  if (before === undefined) return `restored, with ${counted(after!, "row")}`;
  if (after === undefined) return `removed, with ${counted(before, "row")}`;
  if (before === after) return `${counted(after, "row")}, other values`;
  return `${counted(before, "row")} before, ${counted(after, "row")} now`;
}
