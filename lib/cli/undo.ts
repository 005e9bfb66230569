/**
 * The command `undo`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { UndoReport } from "../undo/undo.ts";
import { counted, printable } from "../text.ts";
import type { Answer, Command } from "./command.ts";

/** Goes back to the state before the last import. */
export const undoCommand: Command = {
  name: "undo",
  summary: "Go back to the state before the last import, or undo that",
  usage: "backup.ts undo [--root DIR] [--json] [--quiet]",
  details: "Puts the newest snapshot in output/ back. The state that it " +
    "replaces becomes a\nsnapshot, so that a second undo brings it back.",
  options: ["quiet"],
  arguments: [0, 0],
  async run(_request, { installation, session }) {
    const { undo } = await import("../undo/undo.ts");
    return answer(await undo(installation, session));
  },
};

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
      `The database is as it was on ${readable(stamp)}.`,
      ...(tables.length === 0 ? ["Nothing was different."] : []),
      ...tables.map(({ name, before, after }) =>
        `  ${printable(name)}: ${change(before, after)}`
      ),
      ...(kept ? [`To go forward again: undo (from output/${kept}).`] : []),
    ],
    warnings: [],
  };
}

function readable(stamp: string): string {
  const [year, month, day, time] = stamp.split("-");
  return `${year}-${month}-${day} at ${time!.slice(0, 2)}:${time!.slice(2, 4)}`;
}

function change(before: number | undefined, after: number | undefined): string {
  if (before === undefined) return `back, with ${counted(after!, "row")}`;
  if (after === undefined) return `gone, with ${counted(before, "row")}`;
  if (before === after) return `${counted(after, "row")}, other values`;
  return `${counted(before, "row")} before, ${counted(after, "row")} now`;
}
