/**
 * The command `find`.
 *
 * @module
 */
import { EXIT, UsageError } from "../errors.ts";
import type { Place } from "../history/moment.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import type { Line } from "./layout.ts";
import { amount, IDENTITY } from "./options.ts";

/** How many records or changes are shown. */
const defaultLimit = 20;

/** Looks for records in all backups. */
export const findCommand: Command = defineCommand({
  name: "find",
  summary: "Find a record in all backups, and what became of it",
  details:
    "With a text, as in 'Sarah Chen': the records whose label or another text " +
    "has it, those that were there last first, each with the command that " +
    "brings it back. With TABLE:KEY, as in contacts:7 or 'contacts:Sarah Chen': " +
    "the life of that record, that is when it was first seen, each change and " +
    "when it was last seen. Looks into the database, every backup, packed or " +
    "not, and the application's copies; into encrypted ones with --identity. " +
    "Values that may be secrets are not looked at, nor shown.",
  arguments: [{
    name: "text",
    help: "a text in either case, or TABLE:KEY",
    needed: "what to look for, as in find 'Sarah Chen' or find contacts:7",
  }],
  options: {
    limit: amount(
      `how many records, or how many of the last changes; ${defaultLimit} ` +
        "unless given",
    ),
    identity: IDENTITY,
  },
  async run({ paths, options }, place) {
    const text = paths[0]!.trim();
    if (text === "") throw new UsageError("find needs a text; see --help");
    const limit = options.limit ?? defaultLimit;
    const { parseName } = await import("../record/key.ts");
    const { lifeOf } = await import("../history/search/life.ts");
    const { lifeJson, lifeLines } = await import("./find_report.ts");
    const life = await lifeOf(place, parseName(text));
    if (!life) return await findText(place, text, limit);
    const lines = lifeLines(life, limit);
    return answer(text, { record: lifeJson(life) }, lines, life.leftOut);
  },
});

async function findText(
  place: Place,
  text: string,
  limit: number,
): Promise<Answer> {
  const { searchText } = await import("../history/search/search.ts");
  const { recordsJson, searchLines } = await import("./find_report.ts");
  const result = await searchText(place, text);
  const json = {
    records: recordsJson(result.records.slice(0, limit)),
    total: result.records.length,
    more: result.more,
  };
  return answer(text, json, searchLines(text, result, limit), result.leftOut);
}

const nothing = { records: null, total: null, more: null, record: null };

function answer(
  query: string,
  json: Partial<Record<keyof typeof nothing, unknown>>,
  lines: Line[],
  leftOut: string[],
): Answer {
  return {
    exitCode: leftOut.length > 0 ? EXIT.incomplete : EXIT.done,
    json: { query, ...nothing, ...json, warnings: leftOut },
    lines,
    warnings: leftOut,
  };
}
