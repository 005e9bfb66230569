/**
 * The command `hook`, which Claude Code runs at the start of a session.
 *
 * @module
 */
import { EXIT, InterruptedError, messageOf } from "../errors.ts";
import { faultOf } from "../faults.ts";
import type { HookReport } from "../hook/hook.ts";
import { printable } from "../text.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";
import { concernWords, lossWarnings } from "./concerns.ts";

/** Looks after the backups when a session of Claude Code starts. */
export const hookCommand: Command = defineCommand({
  name: "hook",
  summary: "Look after the backups when Claude Code starts a session",
  details:
    "Makes a backup if the newest one is older than 20 hours and something " +
    "changed, within 5 seconds, and says something only if something is wrong. " +
    "Answers in the form of Claude Code's hooks; the exit code is always 0.",
  arguments: [],
  options: {},
  async run(_request, { installation, session }) {
    const { lookAfter } = await import("../hook/hook.ts");
    const report = await lookAfter(installation, session);
    return answer(messages(report, session.now()));
  },
  // Claude Code must start in any case, and nobody sees its standard error.
  failed: (error) =>
    answer(
      error instanceof InterruptedError
        ? []
        : [`The backups cannot be looked at: ${reasonOf(error)}`],
    ),
});

function messages(report: HookReport, now: Date): string[] {
  const { status, concerns, failure } = report;
  const { catalog: { backups }, losses, reference, faults } = status;
  return [
    ...missingDatabase(report),
    ...status.hasDatabase ? lossWarnings(losses, reference) : [],
    ...failure ? [`No backup could be made: ${reasonOf(failure)}`] : [],
    // Before the first backup there is nothing that could be old.
    ...(backups.length > 0 ? concerns : [])
      .filter(({ kind }) => kind !== "loss")
      .map((concern) => concernWords(concern, now)),
    // Another program may be about to finish with it.
    ...faults.filter((fault) =>
      !failure && !/has the database locked/.test(fault)
    ),
  ];
}

// The application's own start is about to make a new one, without any data.
function missingDatabase({ status }: HookReport): string[] {
  const [newest] = status.catalog.backups;
  if (status.hasDatabase || !newest) return [];
  return [
    "Your database is gone; to recreate it run " +
    `/backup import ${printable(newest.name)}`,
  ];
}

function answer(messages: string[]): Answer {
  const said = messages.map(sentence).join(" ");
  const line = JSON.stringify({
    hookSpecificOutput: {
      hookEventName: "SessionStart",
      additionalContext:
        `Backups of Software of You: ${said} Tell the person ` +
        "this first, in your own words, and offer to do it.",
    },
    systemMessage: `Backups: ${said}`,
  });
  return {
    exitCode: EXIT.done,
    json: { messages },
    lines: said ? [{ whole: line }] : [],
    warnings: [],
  };
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() +
    message.slice(1).replace(/\.?$/, ".");
}

function reasonOf(error: unknown): string {
  return printable(faultOf(error) ?? messageOf(error));
}
