/**
 * The command `import`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { ImportOutcome } from "../import/import.ts";
import type { Answer, Command, Request } from "./command.ts";
import {
  countLines,
  exampleLines,
  noteLines,
  summaryLine,
  warningLines,
} from "./import_words.ts";
import { backupPath } from "./paths.ts";

/** Puts a backup back. */
export const importCommand: Command = {
  name: "import",
  summary: "Put every row of a backup back",
  usage: "backup.ts import <path> [--dry-run] [--exact] [--tables A,B] " +
    "[--except A,B]\n                   [--no-snapshot] [--no-create] " +
    "[--skip-invalid] [--force]\n                   [--root DIR] [--json] " +
    "[--quiet]",
  details:
    `All of it goes in, or nothing. Rows that are only here stay, unless \
they hold a
key that a row of the backup has. A name alone is looked for in output/ too.

  --dry-run       say what would be done, with examples, and change nothing
  --exact         make the imported tables what the backup says: rows that are
                  only here are removed
  --tables A,B    import only these tables
  --except A,B    import all tables but these
  --no-snapshot   take no snapshot of the database before (undo needs it)
  --no-create     make no tables that are missing here
  --skip-invalid  leave rows out that the tables here refuse; they go to
                  output/rejected-….json, which can be mended and imported
  --force         take a file that was edited by hand, though its checksum or its
                  counts no longer hold`,
  options: [
    "quiet",
    "force",
    "dry-run",
    "no-snapshot",
    "exact",
    "no-create",
    "skip-invalid",
    "tables",
    "except",
  ],
  arguments: [1, 1],
  async run(request, { installation, session }) {
    const { importBackup } = await import("../import/import.ts");
    const path = backupPath(request.paths[0]!, installation);
    const options = {
      force: request.force,
      dryRun: request["dry-run"],
      snapshot: !request["no-snapshot"],
      exact: request.exact,
      create: !request["no-create"],
      skipInvalid: request["skip-invalid"],
      only: request.tables,
      except: request.except,
    };
    return answer(
      await importBackup(installation, path, options, session),
      request,
    );
  },
};

function answer(outcome: ImportOutcome, request: Request): Answer {
  const { leftOut, refused } = outcome;
  const dryRun = request["dry-run"];
  const incomplete = leftOut.length + refused.length > 0;
  return {
    exitCode: incomplete ? EXIT.incomplete : EXIT.done,
    json: jsonOf(outcome, dryRun),
    lines: [
      summaryLine(outcome, dryRun),
      ...noteLines(outcome, dryRun),
      "",
      ...countLines(outcome, dryRun),
      ...(dryRun ? exampleLines(outcome) : []),
    ],
    warnings: warningLines(outcome, dryRun),
  };
}

function jsonOf(outcome: ImportOutcome, dryRun: boolean) {
  return {
    source: outcome.source,
    date: outcome.date ?? null,
    dry_run: dryRun,
    created_database: outcome.createdDatabase,
    created_tables: outcome.createdTables,
    snapshot: outcome.snapshot ?? null,
    tables: outcome.tables.map((
      { localOnly, newerLocally, examples, ...counts },
    ) => ({
      ...counts,
      only_here: localOnly,
      newer_here: newerLocally,
      ...(dryRun ? { examples } : {}),
    })),
    skipped: outcome.skipped,
    left_out: outcome.leftOut,
    refused: outcome.refused,
    rejected: outcome.rejected ?? null,
    dangling: outcome.orphaned,
    warnings: outcome.warnings,
  };
}
