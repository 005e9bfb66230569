/**
 * The plugin's `hooks/hooks.json`, and the program's own entry in it
 * (https://docs.claude.com/en/docs/claude-code/hooks).
 *
 * @module
 */
import { BackupError, messageOf } from "../errors.ts";
import { printable } from "../text.ts";

/** An object of the file, with whatever is in it. */
type Json = Record<string, unknown>;

const event = "SessionStart";

/** The entry, with a timeout in seconds: the hook itself takes five at most. */
const own: Json = {
  type: "command",
  command: 'sh "${CLAUDE_PLUGIN_ROOT}/soy-backup.sh" hook',
  timeout: 10,
};

/**
 * The file with the entry in it, which is there once.
 *
 * @param text The file as it is; `undefined` if there is none.
 * @returns The same text if nothing has to change.
 * @throws {BackupError} if the text does not have the form of such a file.
 */
export function withHook(text: string | undefined): string {
  const { file, hooks, groups } = parse(text ?? "{}");
  const found = groups.flatMap(entriesOf).filter(isOwn);
  if (
    text !== undefined && found.length === 1 &&
    found[0]!["command"] === own["command"]
  ) {
    return text;
  }
  const others = withoutOwn(groups);
  // What a person has changed, as the timeout, stays.
  const entry = { ...own, ...found[0], command: own["command"] };
  const all = { ...hooks, [event]: [...others, { hooks: [entry] }] };
  return write({ ...file, hooks: all }, text);
}

/**
 * The file without the entry.
 *
 * @returns The same text if it has no such entry; `undefined` if nothing else is in
 * the file.
 * @throws {BackupError} if the text does not have the form of such a file.
 */
export function withoutHook(text: string): string | undefined {
  const { file, hooks, groups } = parse(text);
  if (!groups.flatMap(entriesOf).some(isOwn)) return text;
  const { [event]: _, ...otherEvents } = hooks;
  const others = withoutOwn(groups);
  const left = others.length > 0 ? { ...hooks, [event]: others } : otherEvents;
  const isEmpty = Object.keys(file).length === 1 &&
    Object.keys(left).length === 0;
  return isEmpty ? undefined : write({ ...file, hooks: left }, text);
}

function withoutOwn(groups: Json[]): Json[] {
  return groups.flatMap((group) => {
    const entries = entriesOf(group);
    const others = entries.filter((entry) => !isOwn(entry));
    if (others.length === entries.length) return [group];
    return others.length > 0 ? [{ ...group, hooks: others }] : [];
  });
}

function isOwn({ command }: Json): boolean {
  return typeof command === "string" &&
    /soy-backup\.sh["']? hook\b/.test(command);
}

function entriesOf(group: Json): Json[] {
  return group["hooks"] as Json[];
}

function parse(text: string): { file: Json; hooks: Json; groups: Json[] } {
  let file: unknown;
  try {
    file = JSON.parse(text, keepNumber);
  } catch (error) {
    throw unfit(`it is not JSON (${printable(messageOf(error), 80)})`);
  }
  if (!isObject(file)) throw unfit("it is no JSON object");
  const hooks = file["hooks"] ?? {};
  if (!isObject(hooks)) throw unfit('its "hooks" is no object');
  const groups = hooks[event] ?? [];
  const isList = Array.isArray(groups) &&
    groups.every((group) =>
      isObject(group) && Array.isArray(group["hooks"]) &&
      group["hooks"].every(isObject)
    );
  if (!isList) throw unfit(`its "${event}" is no list of hooks`);
  return { file, hooks, groups };
}

// The types of TypeScript do not know of it yet.
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON: (text: string) => unknown;
  isRawJSON: (value: unknown) => boolean;
};

/** Keeps a number as it is written, so that no digit is lost. */
function keepNumber(
  _key: string,
  value: unknown,
  { source }: { source?: string } = {},
): unknown {
  return typeof value === "number" ? rawJSON(source!) : value;
}

function unfit(why: string): BackupError {
  return new BackupError(
    `Cannot understand hooks/hooks.json: ${why}; mend or remove it, and try again`,
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null &&
    !Array.isArray(value) && !isRawJSON(value);
}

/** The file in the layout that it had. */
function write(file: Json, before = ""): string {
  const [, indent = "  "] = /^\{\r?\n([ \t]+)"/.exec(before) ?? [];
  const text = JSON.stringify(file, null, indent) + "\n";
  return before.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}
