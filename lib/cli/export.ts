/**
 * The command `export`.
 *
 * @module
 */
import { relative } from "@std/path";
import type { ExportReport, VerifyExport } from "../export/export.ts";
import { EXIT } from "../errors.ts";
import type { Installation } from "../store/installation.ts";
import type { Session } from "../session.ts";
import { countedRows } from "../soy/tables.ts";
import { fileSize, printable, quoted } from "../text.ts";
import type { Answer, Command } from "./command.ts";
import { shownPath } from "./terminal.ts";

/** Backs up everything. */
export const exportCommand: Command = {
  name: "export",
  summary: "Back up everything into one file (the default)",
  usage: "backup.ts [export] [--verify] [--root DIR] [--json] [--quiet]",
  details: "Writes output/backup-YYYY-MM-DD.json. A backup made earlier the " +
    "same day is kept\nunder the time at which it was made.\n\n" +
    "  --verify  restore the backup into a scratch database and compare every " +
    "value\n            with the database before it counts as a backup",
  options: ["quiet", "verify"],
  arguments: [0, 0],
  async run({ verify }, { installation, session }) {
    const { exportBackup } = await import("../export/export.ts");
    const prove = verify ? await proof(installation, session) : undefined;
    const report = await exportBackup(installation, session, {
      verify: prove,
    });
    const file = shownPath(relative(installation.root, report.path));
    return answer(report, file, verify);
  },
};

async function proof(
  installation: Installation,
  session: Session,
): Promise<VerifyExport> {
  const { exportVerifier } = await import("../compare/verify.ts");
  return exportVerifier(installation, session);
}

function answer(report: ExportReport, file: string, verified: boolean): Answer {
  const { date, bytes, tables, omitted, losses, reference, warnings } = report;
  const emptied = losses.filter(({ now }) => now === 0)
    .map(({ name, before }) => ({ name, rows: before }));
  const incomplete = omitted.length > 0;
  return {
    exitCode: incomplete ? EXIT.incomplete : EXIT.done,
    json: { file, date, bytes, verified, tables, omitted, emptied, warnings },
    lines: [
      summary(report),
      `${file}, ${fileSize(bytes)}`,
      ...(verified
        ? ["Proved: it restores, and every value is the same."]
        : []),
    ],
    warnings: [
      ...emptied.map((table) => emptyWarning(table, reference)),
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
 * Says loudly that a table has lost its rows.
 *
 * @param backup The name of the backup that has them.
 */
export function emptyWarning(
  { name, rows }: { name: string; rows: number },
  backup: string | undefined,
): string {
  const file = printable(backup ?? "the last backup");
  return `WARNING: ${
    countedRows(name, rows)
  } in ${file}, and none now. If you ` +
    `did not delete them: import ${file}`;
}
