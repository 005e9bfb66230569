/**
 * The command `export`.
 *
 * @module
 */
import { relative } from "@std/path";
import type { ExportReport, Prove } from "../export/export.ts";
import { EXIT } from "../errors.ts";
import type { Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import { countedRows } from "../soy/tables.ts";
import { fileSize, printable, quoted } from "../text.ts";
import { type Answer, defineCommand } from "./command.ts";
import { flag, QUIET } from "./options.ts";
import { shownPath } from "./terminal.ts";

/** Backs up everything. */
export const exportCommand = defineCommand({
  name: "export",
  summary: "Back up everything into one file (the default)",
  details:
    "Writes output/backup-YYYY-MM-DD.json. If there is one from earlier " +
    "that day, it is kept and gets the time at which it was made in its name.",
  arguments: [],
  options: {
    verify: flag(
      "first restore the backup into a scratch database and compare every " +
        "value with your database; only then does it count as a backup",
    ),
    quiet: QUIET,
  },
  async run({ options: { verify } }, { installation, session }) {
    const { exportBackup } = await import("../export/export.ts");
    const prove = verify ? await proof(installation, session) : undefined;
    const report = await exportBackup(installation, session, prove);
    const file = shownPath(relative(installation.root, report.path));
    return answer(report, file, verify);
  },
});

async function proof(
  installation: Installation,
  session: Session,
): Promise<Prove> {
  const { provingExport } = await import("../compare/export.ts");
  return provingExport(installation, session);
}

function answer(report: ExportReport, file: string, verified: boolean): Answer {
  const { date, bytes, tables, omitted, emptied, earlier, warnings } = report;
  const incomplete = omitted.length > 0;
  return {
    exitCode: incomplete ? EXIT.incomplete : EXIT.done,
    json: { file, date, bytes, verified, tables, omitted, emptied, warnings },
    lines: [
      summary(report),
      `${file}, ${fileSize(bytes)}`,
      ...(verified ? ["Verified: a test restore matched every value."] : []),
    ],
    warnings: [
      ...emptied.map((table) => emptyWarning(table, earlier)),
      ...omitted.map(({ table, reason }) =>
        `Left out: table ${quoted(table)}: ${reason}`
      ),
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

/**
 * The warning that a table has lost all its rows.
 *
 * @param table The table, with the number of its rows in the backup.
 * @param backup The name of the backup that has them.
 */
export function emptyWarning(
  { name, rows }: { name: string; rows: number },
  backup: string | undefined,
): string {
  const had = countedRows(name, rows);
  const [which, command] = backup === undefined
    ? ["your last backup", "/backup status"]
    : [
      `your backup ${printable(backup)}`,
      `/backup import ${printable(backup)}`,
    ];
  return `WARNING: ${which} has ${had}; the database has none. If you didn't ` +
    `delete them, run ${command}`;
}
