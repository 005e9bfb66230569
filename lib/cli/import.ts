/**
 * The command `import`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { ImportOutcome } from "../import/import.ts";
import {
  type Answer,
  type Command,
  defineCommand,
  withNote,
} from "./command.ts";
import { importJson } from "./import_json.ts";
import {
  countLines,
  exampleLines,
  noteLines,
  recordLines,
  summaryLine,
} from "./import_report.ts";
import { warningLines } from "./import_warnings.ts";
import {
  BACKUP_WORDS,
  flag,
  IDENTITY,
  QUIET,
  refuseBoth,
  tableList,
  text,
} from "./options.ts";

/** Restores the rows of a backup. */
export const importCommand: Command = defineCommand({
  name: "import",
  alias: "restore",
  summary: "Restore every row of a backup",
  details:
    "Either everything is restored or nothing. Rows that are not in the " +
    "backup stay, unless a row of the backup has the same key.",
  arguments: [{
    name: "path",
    help: `the backup: ${BACKUP_WORDS}`,
  }],
  options: {
    "dry-run": flag("show what would be done, with examples; change nothing"),
    details: flag("list all tables, also those that stay as they are"),
    exact: flag(
      "make the imported tables exactly what the backup says: rows that are " +
        "not in it are removed",
    ),
    only: text(
      "TABLE:KEY",
      "import only this record, what belongs to it, and what it refers to and " +
        "the database lacks; several with commas between, by key or by label, " +
        "as in contacts:7 or 'contacts:Sarah Chen'",
    ),
    "keep-newer": flag(
      "leave rows as they are that were edited here after the backup",
    ),
    "keep-both": flag(
      "if a local record has the number of another record in the backup, give " +
        "the local one a new number",
    ),
    replace: flag("let the backup's record take its place instead"),
    tables: tableList("import only these tables"),
    except: tableList("import all tables but these"),
    "no-snapshot": flag(
      "take no snapshot of the database first; undo needs it",
    ),
    "no-create": flag("do not create tables that are missing"),
    "skip-invalid": flag(
      "leave out rows that the tables refuse; they go to " +
        "output/rejected-….json, which can be corrected and imported",
    ),
    "replace-damaged": flag(
      "move a damaged database aside, with a new name, and create a new one " +
        "from the backup",
    ),
    identity: IDENTITY,
    force: flag(
      "accept a file that was edited by hand, though its checksum or its counts " +
        "no longer match",
    ),
    quiet: QUIET,
  },
  async run({ paths, options }, { installation, session }) {
    refuseContradictions(options);
    const { tables, except } = options;
    const { findSource } = await import("../source/find.ts");
    const { importBackup } = await import("../import/import.ts");
    const source = await findSource(installation, paths[0]!, session);
    const dryRun = options["dry-run"];
    const outcome = await importBackup(installation, source, {
      force: options.force,
      dryRun,
      snapshot: !options["no-snapshot"],
      exact: options.exact,
      conflicts: options["keep-both"]
        ? "keep"
        : options.replace
        ? "replace"
        : undefined,
      keepNewer: options["keep-newer"],
      records: options.only,
      create: !options["no-create"],
      skipInvalid: options["skip-invalid"],
      replaceDamaged: options["replace-damaged"],
      only: tables,
      except,
    }, session);
    return withNote(source.note, answer(outcome, dryRun, options.details));
  },
});

// Pairs of options that ask for opposite things.
const contradictions = [
  ["tables", "except"],
  ["keep-both", "replace"],
  ["keep-both", "exact"],
  ["keep-newer", "exact"],
  ["keep-newer", "replace"],
  ["only", "exact"],
  ["only", "tables"],
  ["only", "except"],
  ["replace-damaged", "no-create"],
] as const;

function refuseContradictions(options: Record<string, unknown>): void {
  for (const [one, other] of contradictions) {
    refuseBoth(one, options[one], other, options[other]);
  }
}

function answer(
  outcome: ImportOutcome,
  dryRun: boolean,
  details: boolean,
): Answer {
  const gaps = [
    outcome.leftOut,
    outcome.refused,
    outcome.altered,
    outcome.unfollowed,
    outcome.stale,
    outcome.realTexts,
    outcome.isBlocked ? outcome.conflicts : [],
  ];
  const incomplete = gaps.some(({ length }) => length > 0);
  return {
    exitCode: incomplete ? EXIT.incomplete : EXIT.done,
    json: importJson(outcome, dryRun),
    lines: [
      summaryLine(outcome, dryRun),
      ...noteLines(outcome, dryRun),
      ...countLines(outcome, dryRun, details),
      ...(dryRun ? recordLines(outcome) : []),
      ...(dryRun ? exampleLines(outcome) : []),
    ],
    warnings: warningLines(outcome, dryRun),
  };
}
