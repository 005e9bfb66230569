/**
 * The lines and the JSON of `find`.
 *
 * @module
 */
import type { Seen } from "../history/search/visit.ts";
import type { Life, LifeEvent } from "../history/search/life.ts";
import type { FoundRecord, SearchResult } from "../history/search/search.ts";
import { localMinutes } from "../store/names.ts";
import { counted, grouped, printable, quoted } from "../text.ts";
import { columnJson, columnWords } from "./diff_report.ts";
import type { Line } from "./layout.ts";

type Named = Pick<FoundRecord, "table" | "key" | "label">;

/** The lines of a search. */
export function searchLines(
  text: string,
  { records, more }: SearchResult,
  limit: number,
): Line[] {
  if (records.length === 0) return [`No record has ${quoted(text)} in it.`];
  const shown = records.slice(0, limit);
  const rest = records.length - shown.length;
  const count = `${more ? "More than " : ""}${
    counted(records.length, "record")
  }`;
  return [
    `${count} ${records.length === 1 ? "has" : "have"} ${quoted(text)} in ${
      records.length === 1 ? "it" : "them"
    }:`,
    ...shown.flatMap(recordLines),
    ...(rest > 0
      ? ["", `And ${grouped(rest)} more; --limit shows more of them.`]
      : []),
  ];
}

function recordLines(record: FoundRecord): Line[] {
  const { first, last, here } = record;
  const command = bringBack(record, last);
  const where = here
    ? `${last ? `since ${dayOf(first!)}, and ` : ""}in the database now`
    : `from ${dayOf(first!)} to ${dayOf(last!)}, not in the database now`;
  return [
    "",
    `${nameOf(record)}: ${where}`,
    ...(command ? [{ whole: `  ${command}` }] : []),
  ];
}

function nameOf({ table, key, label }: Named): string {
  const typed = key === undefined ? table : `${printable(table)}:${key}`;
  return label === undefined ? typed : `${label} (${typed})`;
}

function dayOf({ date }: Seen): string {
  return localMinutes(date!);
}

/** The command that brings a record back; `undefined`: there is none. */
function bringBack(
  { table, key }: Omit<Named, "label">,
  last: Seen | undefined,
): string | undefined {
  if (key === undefined || !last) return undefined;
  const words = [last.name, "--only", `${table}:${key}`];
  return `import ${words.map(shellWord).join(" ")}`;
}

function shellWord(word: string): string {
  return /^[\w.:@%+,-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The records of a search for `--json`. */
export function recordsJson(records: FoundRecord[]): unknown[] {
  return records.map((record) => ({
    table: record.table,
    key: record.key ?? null,
    label: record.label ?? null,
    first: seenJson(record.first),
    last: seenJson(record.last),
    here: record.here,
    bring_back: bringBack(record, record.last) ?? null,
  }));
}

function seenJson(seen: Seen | undefined): unknown {
  if (!seen) return null;
  return { source: seen.name, date: seen.date?.toISOString() ?? null };
}

/** The lines of a record's life. */
export function lifeLines(life: Life, limit: number): Line[] {
  const { events, last, here, backups } = life;
  const shown = events.slice(-limit);
  const before = events.length - shown.length;
  const command = bringBack(life, last);
  const now = here ? "It is in the database now" : "It is not in the database";
  const counts = `it was seen in ${counted(backups, "backup")}`;
  return [
    `${nameOf(life)}:`,
    ...(before > 0
      ? [`  ${counted(before, "earlier event")}; --limit shows more`]
      : []),
    ...shown.flatMap(eventLines),
    `${now}; ${counts}${last ? `, last in ${printable(last.name)}` : ""}.`,
    ...(command
      ? ["To bring it back as it was then:", { whole: `  ${command}` }]
      : []),
  ];
}

const words: Record<LifeEvent["kind"], string> = {
  first: "first seen",
  changed: "changed",
  gone: "gone",
  back: "back",
};

function eventLines({ kind, seen, columns }: LifeEvent): string[] {
  const where = seen.date === undefined
    ? "now, in the database"
    : `${localMinutes(seen.date)}, ${printable(seen.name)}`;
  return [
    `  ${words[kind]}: ${where}`,
    ...columns.map((column) => `    ${columnWords(column)}`),
  ];
}

/** A record's life for `--json`. */
export function lifeJson(life: Life): unknown {
  const { table, key, label, events, last, here, backups } = life;
  return {
    table,
    key,
    label: label ?? null,
    here,
    backups,
    last: seenJson(last),
    events: events.map(({ kind, seen, columns }) => ({
      kind,
      ...seenJson(seen) as Record<string, unknown>,
      columns: columns.map(columnJson),
    })),
    bring_back: bringBack(life, last) ?? null,
  };
}
