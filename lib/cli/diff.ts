/**
 * The command `diff`.
 *
 * @module
 */
import { EXIT } from "../errors.ts";
import type { Diff } from "../history/diff.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import {
  BACKUP_WORDS,
  flag,
  IDENTITY,
  refuseBoth,
  tableList,
} from "./options.ts";

/** Shows what changed. */
export const diffCommand: Command = defineCommand({
  name: "diff",
  summary: "Show what changed between two backups, or since a backup",
  details:
    "Compares two backups, or a backup with the database as it is now. Rows " +
    "are matched as an import matches them. Nothing is changed, and the exit " +
    "code is 0 whether there are differences or not. Values that may be " +
    "secrets, such as passwords and tokens, are never shown.",
  arguments: [{
    name: "from",
    help: `a backup: ${BACKUP_WORDS}; if not given, the newest one`,
    optional: true,
  }, {
    name: "to",
    help: "another backup, or now (the default): the database as it is",
    optional: true,
  }],
  options: {
    identity: IDENTITY,
    details: flag(
      "list the rows, and of changed ones what became of each value",
    ),
    tables: tableList("compare only these tables"),
    except: tableList("compare all tables but these"),
  },
  async run(
    { paths: [from, to = "now"], options },
    { out, outJson, ...place },
  ) {
    const { details, tables: only, except } = options;
    refuseBoth("tables", only, "except", except);
    const { diffMoments } = await import("../history/diff.ts");
    const report = await import("./diff_report.ts");
    return await diffMoments(place, [from, to], { only, except }, (diff) => {
      for (const line of report.summaryLines(diff)) out(line);
      if (details && !place.asJson) {
        for (const line of report.detailLines(diff)) out(line);
      }
      const given = answer(diff, report.tablesJson(diff, details));
      // There may be more rows than memory.
      outJson(given);
      return given;
    });
  },
});

function answer(diff: Diff, tables: Record<string, unknown>[]): Answer {
  const { from, to, unchanged, notes, leftOut } = diff;
  const warnings = [...notes, ...leftOut];
  return {
    exitCode: leftOut.length > 0 ? EXIT.incomplete : EXIT.done,
    json: {
      from: { name: from.name, date: from.date ?? null },
      to: { name: to.name, date: to.date ?? null },
      tables,
      unchanged_tables: unchanged,
      warnings,
    },
    lines: [],
    warnings,
  };
}
