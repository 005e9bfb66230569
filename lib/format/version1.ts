/**
 * Version 1 of the backup file: every literal of its layout.
 *
 * A backup is one JSON object. Each member begins a line, and so does each row, so that
 * a person can read the file, `grep` it and diff it. The checksum and the closing brace
 * are the last two lines, so `head -n -2 FILE | sha256sum` proves a file.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { MEMBER, memberReaders, parseExact, type Preamble } from "./members.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

const version = 1;
const FILE_START = "{\n";
const FILE_END = "\n}\n";
const TABLES_START = "{";
const TABLES_END = "\n}";
const NEXT_LINE = ",\n";

/** Around the rows of a table, and between them. */
export const ROWS_START: Uint8Array = bytesOf("[\n");
export const ROW_SEPARATOR: Uint8Array = bytesOf(NEXT_LINE);
export const ROWS_END: Uint8Array = bytesOf("\n]");
/** The rows of an empty table. */
const NO_ROWS = bytesOf("[]");

/**
 * The members of a value that JSON has no form for, as sqlite-utils and Datasette write
 * and read it: a BLOB, and text that is not valid Unicode, which has a type, too.
 */
export const BASE64 = {
  marker: "$base64",
  data: "encoded",
  type: "type",
  text: "text",
} as const;

/** Infinity: a number beyond the range of doubles is valid JSON. */
export const INFINITY = "9.0e+999";

/** Writes and recognizes version 1. */
export const version1: Format = {
  version,
  rowsStart: ROWS_START,
  rowSeparator: ROW_SEPARATOR,
  rowsEnd: ROWS_END,
  noRows: NO_ROWS,
  memberReaders,
  head({ date, database, schema, sequences }: Preamble): string {
    const objects = schema.map((object) => JSON.stringify(object));
    const list = objects.length > 0 ? `[\n${objects.join(NEXT_LINE)}\n]` : "[]";
    const lines = [
      member(MEMBER.date, JSON.stringify(date)),
      member(MEMBER.version, String(version)),
      member(MEMBER.database, JSON.stringify(database)),
      member(MEMBER.schema, list),
      member(MEMBER.sequences, integersJson(sequences)),
      member(MEMBER.tables, TABLES_START),
    ];
    return FILE_START + lines.join(NEXT_LINE);
  },
  tableStart(name: string, isFirst: boolean): string {
    return (isFirst ? "\n" : NEXT_LINE) + member(name, "");
  },
  tail(counts: [string, number][]): string {
    const end = counts.length > 0 ? TABLES_END : "}";
    const line = member(MEMBER.counts, integersJson(counts));
    return end + NEXT_LINE + line + NEXT_LINE;
  },
  checksumLine(sha256: string): string {
    return member(MEMBER.checksum, JSON.stringify(sha256)) + FILE_END;
  },
  hasHead(text: string): boolean {
    return text.startsWith(FILE_START + member(MEMBER.date, "")) &&
      text.includes("\n" + member(MEMBER.version, ""));
  },
  readTail,
};

function member(name: string, json: string): string {
  return `${JSON.stringify(name)}: ${json}`;
}

// A name such as "__proto__" and a 64-bit integer both need care in an object.
function integersJson(entries: [string, number | bigint][]): string {
  return `{${entries.map(([name, n]) => member(name, String(n))).join(", ")}}`;
}

const checksumLine = new RegExp(`^"${MEMBER.checksum}": ?"([0-9a-f]{64})"$`);
const countsLine = new RegExp(`^"${MEMBER.counts}": (\\{.*\\})$`);

// Patterns are tried on the last lines alone: on the whole text they would take longer
// than everything else that `status` does.
function readTail(tail: string): ReturnType<Format["readTail"]> {
  const text = withoutEnd(tail.trimEnd(), "}");
  const last = lastLine(text);
  const sha256 = checksumLine.exec(last)?.[1];
  const body = sha256 ? text.slice(0, -last.length).trimEnd() : text;
  const json = countsLine.exec(withoutEnd(lastLine(body), ","))?.[1];
  return { sha256, counts: json ? () => countsIn(json) : undefined };
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length).trimEnd() : text;
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}

function countsIn(json: string): Map<string, bigint> | undefined {
  try {
    return memberReaders.counts(parseExact(json));
  } catch {
    return undefined;
  }
}
