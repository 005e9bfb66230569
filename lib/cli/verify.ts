/**
 * The command `verify`.
 *
 * @module
 */
import { basename } from "@std/path";
import { EXIT, UsageError } from "../errors.ts";
import { countedRows, inListedOrder } from "../soy/tables.ts";
import { counted, grouped, printable } from "../text.ts";
import type { VerifyReport } from "../compare/verify.ts";
import type { VerifiedPlace } from "../second/verify.ts";
import type { FoundSource } from "../source/calendar.ts";
import type { Session } from "../session.ts";
import type { Installation } from "../store/installation.ts";
import { answerAll } from "./verify_all.ts";
import {
  type Answer,
  type Command,
  defineCommand,
  withNote,
} from "./command.ts";
import { BACKUP_WORDS, flag, IDENTITY } from "./options.ts";
import { lackingJson, lackingLines, problemLines } from "./proof.ts";
import type { Line } from "./layout.ts";

/** Verifies that a backup restores. */
export const verifyCommand: Command = defineCommand({
  name: "verify",
  summary: "Verify that a backup restores, value by value",
  details:
    "Checks structure, counts and checksum, restores the backup into a " +
    "scratch database, and compares every value and its type with the file. " +
    "Your database is not changed.",
  arguments: [{
    name: "path",
    help: `the backup: ${BACKUP_WORDS}; or a packed month; if not given, the ` +
      "newest backup, with --identity the newest encrypted one",
    optional: true,
  }],
  options: {
    all: flag(
      "verify every backup, packed ones and the copies in the second place too, " +
        "and go on if one fails",
    ),
    details: flag("list the tables that were compared"),
    identity: IDENTITY,
  },
  async run({ paths: [given], options }, { installation, session }) {
    if (options.all) {
      if (given !== undefined) {
        throw new UsageError(`verify takes no path with --all; see --help`);
      }
      const { verifyAll } = await import("../compare/verify_all.ts");
      const backups = await verifyAll(installation, session);
      return answerAll(backups, await verifyCopies(installation, session));
    }
    const { monthNamed } = await import("../source/form.ts");
    const month = given && monthNamed(installation, given);
    if (month) {
      const { verifyMonth } = await import("../compare/verify_all.ts");
      return answerAll(await verifyMonth(installation, month, session));
    }
    const { verifyFile } = await import("../compare/verify.ts");
    const source = await sourceFor(
      given,
      options.identity,
      installation,
      session,
    );
    const report = await verifyFile(installation, source, session);
    return withNote(source?.note, answer(report, options.details));
  },
});

async function sourceFor(
  given: string | undefined,
  identity: string | undefined,
  installation: Installation,
  session: Session,
): Promise<FoundSource | undefined> {
  const { findSource } = await import("../source/find.ts");
  const { sourceAt } = await import("../source/form.ts");
  if (given) return await findSource(installation, given, session);
  if (identity === undefined) return undefined;
  const newest = await findSource(installation, "latest", session);
  if (newest.encrypted) return newest;
  // Where only the copies are encrypted, they are what the key is for.
  const { newestEncryptedCopy } = await import("../second/verify.ts");
  const copy = newestEncryptedCopy(installation);
  if (!copy) return newest;
  const note = `Taken: the newest encrypted copy in the second place, ${
    printable(basename(copy))
  }, since the newest backup here is not encrypted.`;
  return { ...sourceAt(copy), note };
}

async function verifyCopies(
  installation: Installation,
  session: Session,
): Promise<VerifiedPlace> {
  const { verifySecond } = await import("../second/verify.ts");
  const { verifyMonth } = await import("../compare/verify_all.ts");
  const { verifyFile } = await import("../compare/verify.ts");
  const { isPackName } = await import("../store/pack_index.ts");
  return await verifySecond(installation, session, async (path) => {
    if (!isPackName(basename(path))) {
      const { problems } = await verifyFile(installation, path, session);
      return { problem: problems[0] };
    }
    const days = await verifyMonth(installation, path, session);
    const bad = days.find(({ problem }) => problem !== undefined);
    return { problem: bad?.problem, locked: bad?.locked };
  });
}

function answer(report: VerifyReport, details: boolean): Answer {
  const { source, date, checksum, tables, problems, dangling } = report;
  const verified = problems.length === 0;
  const { lacking } = report;
  const whole = lacking.length === 0 ? EXIT.done : EXIT.incomplete;
  return {
    exitCode: verified ? whole : EXIT.failed,
    json: {
      source,
      date: date ?? null,
      proved: verified,
      checksum,
      borrowed_schema: report.borrowedSchema,
      tables,
      problems,
      lacking: lackingJson(lacking),
      dangling,
      missing: report.missing,
      warnings: report.warnings,
    },
    lines: [verdict(report), ...(details ? detailLines(report) : [])],
    warnings: [
      ...problemLines(problems),
      ...lackingLines(lacking),
      ...missingLine(report),
      ...report.warnings.map((warning) => `Warning: ${warning}`),
    ],
  };
}

function verdict({ source, tables, problems }: VerifyReport): string {
  const name = printable(source);
  if (problems.length > 0) {
    return `NOT VERIFIED: ${name} does not restore to exactly what it contains.`;
  }
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `Verified: ${name} restores. ${counted(tables.length, "table")}, ` +
    `${counted(rows, "row")}, every value matches.`;
}

// A backup that was made by hand may be intact and lack tables all the same.
function missingLine({ missing }: VerifyReport): string[] {
  if (missing.length === 0) return [];
  const words = inListedOrder([...missing])
    .map(({ name, rows }) => countedRows(name, rows));
  return [
    `Not in this backup, though your database has them: ${words.join(", ")}`,
  ];
}

function detailLines(report: VerifyReport): Line[] {
  const { tables, checksum, borrowedSchema, dangling } = report;
  const lines = [
    checksum ? "The checksum matches." : "The file has no checksum.",
    ...(borrowedSchema
      ? ["The file has no schema, so the tables of your database were used."]
      : []),
    ...(dangling > 0
      ? [
        `${counted(dangling, "orphaned reference")} came from the database ` +
        "that was backed up.",
      ]
      : []),
  ];
  if (tables.length === 0) return lines;
  const rows = tables.map(({ name, rows }) => [printable(name), grouped(rows)]);
  return [...lines, "", { rows }];
}
