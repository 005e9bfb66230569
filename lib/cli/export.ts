/**
 * The command `export`.
 *
 * @module
 */
import { relative } from "@std/path";
import type { Conditions } from "../compare/current.ts";
import type {
  ExportReport,
  NeedCheck,
  Unneeded,
  VerifyExport,
} from "../export/export.ts";
import { EXIT } from "../errors.ts";
import type { Seal } from "../store/backups.ts";
import type { Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import { utcSeconds } from "../store/names.ts";
import { countedRows } from "../soy/tables.ts";
import { ago, fileSize, printable, quoted } from "../text.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import { lackingJson, lackingLines, problemLines } from "./proof.ts";
import { duration, flag, QUIET } from "./options.ts";
import { emptiedTables, lossWarnings } from "./concerns.ts";
import { withSecond } from "./second.ts";
import { shownPath } from "./terminal.ts";

/** Backs up everything. */
export const exportCommand: Command = defineCommand({
  name: "export",
  summary: "Back up everything into one file (the default)",
  details:
    "Writes output/backup-YYYY-MM-DD.json. If there is one from earlier " +
    "that day, it is kept and gets the time at which it was made in its name.",
  arguments: [],
  options: {
    verify: flag(
      "restore the backup into a scratch database and compare every value " +
        "with your database; a backup that fails is kept, but never takes the " +
        "place of another",
    ),
    "accept-loss": flag(
      "rows that are missing compared with the last backup were deleted on " +
        "purpose: this backup takes its place",
    ),
    encrypt: flag(
      "encrypt the backup with age for the public keys in output/recipients.txt",
    ),
    "if-older": duration("make none if the newest backup is younger than this"),
    "if-changed": flag(
      "make none if the database holds just what the newest backup holds",
    ),
    quiet: QUIET,
  },
  async run({ options }, { installation, session }) {
    const { exportIf } = await import("../export/export.ts");
    const seal = options.encrypt
      ? await sealer(installation, session)
      : undefined;
    const check = await checker(
      {
        ifOlder: options["if-older"],
        ifChanged: options["if-changed"],
        recipients: seal?.recipients,
      },
      installation,
      session,
    );
    const report = await exportIf(check, installation, session, {
      verify: options.verify
        ? await verifier(installation, session)
        : undefined,
      acceptLoss: options["accept-loss"],
      seal,
    });
    const said = "unneeded" in report
      ? unneededAnswer(report, session.now())
      : answer(
        report,
        shownPath(relative(installation.root, report.path)),
        options.verify,
      );
    return await withSecond(said, installation, session);
  },
});

async function sealer(
  installation: Installation,
  session: Session,
): Promise<Seal> {
  const { sealFor } = await import("../export/seal.ts");
  return await sealFor(installation, session);
}

async function checker(
  conditions: Conditions,
  installation: Installation,
  session: Session,
): Promise<NeedCheck> {
  const { ifOlder, ifChanged } = conditions;
  if (ifOlder === undefined && !ifChanged) {
    return () => Promise.resolve(undefined);
  }
  const { needCheck } = await import("../compare/current.ts");
  return needCheck(conditions, installation, session);
}

function unneededAnswer({ unneeded, newest }: Unneeded, now: Date): Answer {
  const reason = unneeded === "recent"
    ? `it was made ${ago(newest.date!, now)}`
    : "your data hasn't changed since";
  return {
    exitCode: EXIT.done,
    json: {
      unneeded,
      newest: newest.name,
      date: utcSeconds(newest.date!),
    },
    lines: [
      `No backup needed: the newest one is ${
        printable(newest.name)
      }, and ${reason}.`,
    ],
    warnings: [],
  };
}

async function verifier(
  installation: Installation,
  session: Session,
): Promise<VerifyExport> {
  const { exportVerifier } = await import("../compare/verify.ts");
  return exportVerifier(installation, session);
}

function answer(report: ExportReport, file: string, verified: boolean): Answer {
  const { date, bytes, tables, omitted, losses, reference, warnings } = report;
  const { lacking, problems } = report;
  const gaps = [omitted, losses, lacking, problems].flat();
  return {
    exitCode: gaps.length > 0 ? EXIT.incomplete : EXIT.done,
    json: {
      file,
      date,
      bytes,
      verified: verified && problems.length === 0,
      problems,
      tables,
      omitted,
      lacking: lackingJson(lacking),
      emptied: emptiedTables(losses),
      losses,
      reference: reference ?? null,
      warnings,
    },
    lines: [
      summary(report),
      `${file}, ${fileSize(bytes)}`,
      ...(verified && problems.length === 0
        ? ["Verified: a test restore matched every value."]
        : []),
    ],
    warnings: [
      ...lossWarnings(losses, reference),
      ...poorerNote(report),
      ...failureLines(report),
      ...omitted.map(({ table, reason }) =>
        `Left out: table ${quoted(table)}: ${reason}`
      ),
      ...lackingLines(lacking),
      ...warnings.map((warning) => `Warning: ${warning}`),
    ],
  };
}

function summary({ tables }: ExportReport): string {
  const filled = tables.filter(({ rows }) => rows > 0);
  if (filled.length === 0) return "Backup saved. The database has no rows yet.";
  const counts = filled.map(({ name, rows }) => countedRows(name, rows));
  return `Backup saved. ${counts.join(", ")} exported.`;
}

// A poorer backup never takes the place of the one that has the rows.
function poorerNote({ losses, reference }: ExportReport): string[] {
  if (losses.length === 0) return [];
  return [
    `So this backup has its time in its name, and ${
      printable(reference ?? "the one before")
    } stays as it is. If you deleted them on purpose, run export --accept-loss`,
  ];
}

function failureLines({ problems, isUnknown }: ExportReport): string[] {
  if (problems.length === 0) return [];
  return [
    "NOT VERIFIED: the backup is kept, with its time in its name, but " +
    (isUnknown
      ? "whether it restores is not known; verify can find out:"
      : "it does not restore to exactly what was backed up. Please report this:"),
    ...problemLines(problems),
  ];
}
