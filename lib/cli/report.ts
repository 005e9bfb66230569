/**
 * The command `report`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { Change } from "../report/changes.ts";
import type { ReportFacts } from "../report/facts.ts";
import { concernsIn, USUAL_LIMITS } from "../store/concerns.ts";
import { localDay, utcSeconds } from "../store/names.ts";
import { counted, printable } from "../text.ts";
import { type Command, defineCommand } from "./command.ts";
import { concernWords, lossWarnings } from "./concerns.ts";
import { QUIET } from "./options.ts";
import { secondJson } from "./second.ts";

/** Writes a page to look at. */
export const reportCommand: Command = defineCommand({
  name: "report",
  summary: "Write a page to look at: the backups, day by day",
  details:
    "Open output/backup-report.html in a browser. It is one file without " +
    "scripts, which asks nothing of the network, and has numbers and names of " +
    "tables only. The newest 14 days are compared row by row, as far as that " +
    "takes ten seconds; the others by the numbers of rows.",
  arguments: [],
  options: { quiet: QUIET },
  async run(_request, { installation, session }) {
    const { collectFacts } = await import("../report/facts.ts");
    const { writeReport } = await import("../report/report.ts");
    const place = { installation, session };
    const facts = await collectFacts(place);
    const concerns = concernSentences(facts);
    const path = await writeReport(place, facts, concerns);
    return {
      exitCode: facts.faults.length > 0 ? EXIT.incomplete : EXIT.done,
      json: { file: path, ...json(facts), concerns, warnings: facts.faults },
      lines: [
        `Wrote a page about ${
          counted(facts.status.catalog.backups.length, "backup")
        }. Open it in a browser:`,
        { whole: `  ${printable(path, Infinity)}` },
      ],
      warnings: [
        ...concerns.map((words) => `WARNING: ${words}`),
        ...facts.faults.map((fault) => `Warning: ${fault}`),
      ],
    };
  },
});

function concernSentences({ status, second, made }: ReportFacts): string[] {
  const { losses, reference } = status;
  const concerns = concernsIn(status, second, USUAL_LIMITS, made);
  return [
    ...lossWarnings(losses, reference)
      .map((words) => words.replace(/^WARNING: /, "")),
    ...concerns.filter(({ kind }) => kind !== "loss")
      .map((concern) => concernWords(concern, made)),
  ].map((words) => words[0]!.toUpperCase() + words.slice(1));
}

function json({ days, changes, room, second, made }: ReportFacts) {
  return {
    date: utcSeconds(made),
    days: days.map(({ day, backup, state, rows, bytes, count }) => ({
      day,
      backup: backup.name,
      bytes,
      rows: rows ?? null,
      state,
      packed: backup.form === "packed",
      backups: count,
    })),
    changes: changes.map((change) => ({
      day: localDay(change.to.date!),
      from: change.from.name,
      to: change.to.name,
      by: change.by,
      tables: change.tables.map(tableJson),
      losses: change.losses,
    })),
    room: {
      bytes: room.bytes,
      packable: room.packable,
      packable_bytes: room.packableBytes,
      packed_bytes: room.packedBytes,
    },
    second_place: secondJson(second),
  };
}

function tableJson(table: Change["tables"][number]) {
  return { ...table, changed: table.changed ?? null };
}
