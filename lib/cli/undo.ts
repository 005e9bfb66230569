/**
 * The command `undo`.
 *
 * @module
 */
import { EXIT, UsageError } from "../errors.ts";
import { countedRows } from "../soy/tables.ts";
import { utcSeconds } from "../store/names.ts";
import type { Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import type {
  PreviewedTable,
  SnapshotEntry,
  UndoPreview,
} from "../undo/preview.ts";
import type { UndoReport } from "../undo/undo.ts";
import { counted, fileSize, grouped, printable } from "../text.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import { flag, QUIET, refuseBoth } from "./options.ts";
import type { Line } from "./layout.ts";

/** Restores the state before the last import. */
export const undoCommand: Command = defineCommand({
  name: "undo",
  summary: "Go back to the state before the last import, or undo that",
  details:
    "Restores the newest snapshot in output/, or the one that you name. " +
    "The state that it replaces becomes a snapshot, so a second undo reverses " +
    "the first.",
  arguments: [{
    name: "snapshot",
    help: "the snapshot to go back to, by path or by its name in output/; if " +
      "not given, the newest one",
    needed: "the name of a snapshot; undo --list shows them",
    optional: true,
  }],
  options: {
    list: flag("list the snapshots, and go back to none"),
    "dry-run": flag(
      "say which rows would come back, change and go; change nothing",
    ),
    quiet: QUIET,
  },
  async run({ paths: [name], options }, { installation, session }) {
    refuseBoth("list", options.list, "dry-run", options["dry-run"]);
    if (options.list && name !== undefined) {
      throw new UsageError("undo --list takes no snapshot; see --help");
    }
    if (options.list) return await list(installation);
    if (options["dry-run"]) return await preview(installation, session, name);
    const { undo } = await import("../undo/undo.ts");
    return answer(await undo(installation, session, name));
  },
});

function answer(report: UndoReport): Answer {
  const { restored, stamp, kept, tables } = report;
  return {
    exitCode: EXIT.done,
    json: {
      restored,
      dry_run: false,
      kept: kept ?? null,
      tables: tables.map(tableJson),
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

/** A table for `--json`; numbers that are not there are null. */
function tableJson<T extends UndoReport["tables"][number]>(table: T) {
  const { before, after } = table;
  return { ...table, before: before ?? null, after: after ?? null };
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

async function preview(
  installation: Installation,
  session: Session,
  name: string | undefined,
): Promise<Answer> {
  const { previewUndo } = await import("../undo/preview.ts");
  const { restored, stamp, tables } = await previewUndo(
    installation,
    session,
    name,
  );
  return {
    exitCode: EXIT.done,
    json: {
      restored,
      dry_run: true,
      kept: null,
      tables: tables.map(tableJson),
    },
    lines: [
      `An undo would put the database back as it was on ${momentOf(stamp)} ` +
      `(output/${restored}).`,
      ...previewLines({ tables }),
    ],
    warnings: [],
  };
}

function previewLines({ tables }: Pick<UndoPreview, "tables">): Line[] {
  if (tables.length === 0) {
    return ["Nothing would change: the database already matches it."];
  }
  const rows = tables.map((table) => [
    printable(table.name, 40),
    grouped(table.added),
    grouped(table.changed),
    grouped(table.removed),
    schemaNote(table),
  ]);
  return ["", { head: ["", "come back", "change", "go", ""], rows }];
}

function schemaNote({ before, after, ...changes }: PreviewedTable): string {
  if (before === undefined) return "the table comes back";
  if (after === undefined) return "the table goes";
  const { added, changed, removed } = changes;
  return added + changed + removed === 0 ? "another definition" : "";
}

async function list(installation: Installation): Promise<Answer> {
  const { describeSnapshots } = await import("../undo/preview.ts");
  const snapshots = await describeSnapshots(installation);
  return {
    exitCode: EXIT.done,
    json: {
      snapshots: snapshots.map((
        { name, taken, kind, source, size, counts, fault },
      ) => ({
        name,
        taken: utcSeconds(taken),
        before: kind,
        source: source ?? null,
        bytes: size,
        rows: Object.fromEntries(counts),
        fault: fault ?? null,
      })),
    },
    lines: snapshots.length > 0
      ? [
        `${counted(snapshots.length, "snapshot")}, newest first:`,
        { rows: snapshots.map(listed) },
      ]
      : ["No snapshots. Import makes one each time."],
    warnings: [],
  };
}

function listed(snapshot: SnapshotEntry): string[] {
  const { name, stamp, size, counts, fault } = snapshot;
  return [
    `  ${name}`,
    fileSize(size),
    momentOf(stamp).replace(" at ", " "),
    reasonOf(snapshot),
    fault ??
      counts.map(([name, rows]) => countedRows(name, rows)).join(", "),
  ];
}

function reasonOf({ kind, of, source }: SnapshotEntry): string {
  if (of) return `before an undo to ${momentOf(of).replace(" at ", " ")}`;
  return `before an ${kind}` + (source ? ` of ${printable(source)}` : "");
}
