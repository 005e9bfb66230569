/**
 * The command `show`.
 *
 * @module
 */
import { EXIT, UsageError } from "../errors.ts";
import type { Moment, Place } from "../history/moment.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import type { Line } from "./layout.ts";
import { amount, BACKUP_WORDS, flag, IDENTITY, refuseBoth } from "./options.ts";
import type { Form } from "./show_report.ts";

/** How many rows a page has. */
const defaultLimit = 20;

/** Looks into a backup. */
export const showCommand: Command = defineCommand({
  name: "show",
  summary: "Look into a backup, or into the database, without importing",
  details:
    "Without a table: the tables with their numbers of rows. With a table: a " +
    "page of its rows. With TABLE:KEY: one record with what belongs to it; the " +
    "key is the number, another unique value or the label, as in " +
    "'contacts:Sarah Chen'. Values that may be secrets, such as passwords and " +
    "tokens, are not shown.",
  arguments: [{
    name: "backup",
    help:
      `the backup: ${BACKUP_WORDS}, or now: the database as it is; if not ` +
      "given, the newest backup",
    optional: true,
  }, {
    name: "table",
    help: "the table or the record, as in contacts or contacts:12",
    needed: "a table or a record, as in contacts or contacts:12",
    optional: true,
  }],
  options: {
    page: amount("which page of the rows; the first unless given"),
    limit: amount(`how many rows a page has; ${defaultLimit} unless given`),
    csv: flag("answer in CSV (RFC 4180), values whole"),
    markdown: flag("answer with a table in Markdown"),
    identity: IDENTITY,
  },
  async run({ paths, options }, { isTerminal, ...place }) {
    const { page = 1, limit = defaultLimit, csv, markdown } = options;
    refuseBoth("csv", csv, "markdown", markdown);
    const form: Form = { csv, markdown, isTerminal };
    const { wantedBy } = await import("../history/overview.ts");
    const { from, typed } = await wantedBy(place, paths);
    if (!typed || typed.key !== undefined) {
      mustNotPage(options.page ?? options.limit);
    }
    return !typed
      ? await showTables(place, from, form)
      : typed.key === undefined
      ? await showPage(place, from, typed.table, { page, limit }, form)
      : await showRecord(place, from, { ...typed, key: typed.key }, form);
  },
});

function mustNotPage(given: number | undefined): void {
  if (given === undefined) return;
  throw new UsageError("--page and --limit need a table; see --help");
}

async function showTables(
  place: Place,
  from: string | undefined,
  form: Form,
): Promise<Answer> {
  const { overviewOf } = await import("../history/overview.ts");
  const { tableLines } = await import("./show_report.ts");
  const overview = await overviewOf(place, from);
  return answer(overview, tableLines(overview, form), {
    tables: overview.tables,
  });
}

async function showPage(
  place: Place,
  from: string | undefined,
  typed: string,
  choice: { page: number; limit: number },
  form: Form,
): Promise<Answer> {
  const { pageOf } = await import("../history/page.ts");
  const { pageLines, rowsJson } = await import("./show_report.ts");
  const shown = await pageOf(place, from, typed, choice);
  return answer(shown.moment, pageLines(shown, choice, form), {
    table: shown.table,
    page: choice.page,
    pages: Math.ceil(shown.total / choice.limit),
    total: shown.total,
    rows: rowsJson(shown),
  });
}

async function showRecord(
  place: Place,
  from: string | undefined,
  typed: { table: string; key: string },
  form: Form,
): Promise<Answer> {
  const { recordOf } = await import("../history/record_view.ts");
  const report = await import("./show_report.ts");
  const shown = await recordOf(place, from, typed);
  const { node, parents, values } = shown;
  return answer(shown.moment, report.recordLines(shown, form), {
    table: node.record.table.name,
    total: 1,
    rows: report.rowsJson(values),
    belongings: report.groupsJson(node.groups),
    parents: parents.map(report.nameJson),
  });
}

const nothing = {
  tables: null,
  table: null,
  page: null,
  pages: null,
  total: null,
  rows: null,
  belongings: null,
  parents: null,
};

function answer(
  { name, date, notes, leftOut }: Pick<
    Moment,
    "name" | "date" | "notes" | "leftOut"
  >,
  lines: Line[],
  json: Partial<Record<keyof typeof nothing, unknown>>,
): Answer {
  const warnings = [...notes, ...leftOut];
  return {
    exitCode: leftOut.length > 0 ? EXIT.incomplete : EXIT.done,
    json: {
      source: name,
      date: date ?? null,
      ...nothing,
      ...json,
      warnings,
    },
    lines,
    warnings,
  };
}
