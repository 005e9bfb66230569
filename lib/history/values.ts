/**
 * Values as a person reads them, and as JSON.
 *
 * @module
 */
import {
  type CellValue,
  decodeText,
  type Kind,
  KIND_NAMES,
} from "../database/cells.ts";
import { realJson } from "../format/row_json.ts";
import { fileSize, printable } from "../text.ts";

// TypeScript's library does not know it yet.
const { rawJSON: rawJson } = JSON as unknown as {
  rawJSON(text: string): unknown;
};

/** A cell of a row. */
export interface Cell {
  kind: Kind;
  value: CellValue;
}

/** Stands for a value that may be a secret. */
export const HIDDEN = "(not shown)";

/** How long a shown value may be, in characters. */
const long = 72;
/** How much of a long text is shown before the place of a change. */
const before = 16;

/** The text of a cell, all of it; a BLOB and what is no Unicode by size. */
export function cellText({ kind, value }: Cell): string {
  if (kind === "n") return "";
  if (kind === "i") return String(value);
  if (kind === "r") return realJson(value as number);
  const bytes = value as Uint8Array;
  const text = kind === "t" ? tryText(bytes) : undefined;
  if (text !== undefined) return text;
  const what = kind === "b" ? "BLOB" : "text that is not Unicode";
  return `${what}, ${fileSize(bytes.length)}`;
}

/** The text of a cell as its bytes, a BLOB in base64. */
export function exactText(cell: Cell): string {
  const { kind, value } = cell;
  const isBytes = value instanceof Uint8Array &&
    (kind === "b" || tryText(value) === undefined);
  return isBytes ? value.toBase64() : cellText(cell);
}

/** A cell as JSON has it in a backup. */
export function cellJson({ kind, value }: Cell): unknown {
  if (kind === "n") return null;
  if (kind === "i") return rawJson(String(value));
  if (kind === "r") return rawJson(realJson(value as number));
  const bytes = value as Uint8Array;
  const text = kind === "b" ? undefined : tryText(bytes);
  if (text !== undefined) return text;
  const type = kind === "b" ? {} : { type: "text" };
  return { $base64: true, encoded: bytes.toBase64(), ...type };
}

function tryText(bytes: Uint8Array): string | undefined {
  try {
    return decodeText(bytes);
  } catch {
    return undefined;
  }
}

/** A value on one line, safe for a terminal. */
export function shownValue(cell: Cell, limit = long): string {
  return printable(cellText(cell), limit);
}

/**
 * What became of a value, as in `Acme → Umbrella`; of long texts only the place where
 * they part.
 */
export function shownChange(old: Cell, now: Cell): string {
  const texts = [cellText(old), cellText(now)] as const;
  // Values of two types, or BLOBs of one size, may read the same.
  const hasNull = old.kind === "n" || now.kind === "n";
  if (texts[0] === texts[1] && !hasNull) {
    return old.kind === now.kind
      ? `${shownValue(old)} → other bytes`
      : `${typed(old)} → ${typed(now)}`;
  }
  const start = partingStart(...texts);
  const [a, b] = [old, now].map((cell, i) =>
    cell.kind === "n" ? "nothing" : excerpt(texts[i]!, start)
  );
  return `${a} → ${b}`;
}

function typed(cell: Cell): string {
  return `${shownValue(cell)} (${KIND_NAMES[cell.kind]})`;
}

/** Where two texts begin to differ, less what is shown before that. */
function partingStart(a: string, b: string): number {
  if (Math.max(a.length, b.length) <= long) return 0;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same <= before ? 0 : same - before;
}

function excerpt(text: string, start: number): string {
  if (text === "") return '""';
  // Half a character is not shown.
  const rest = text.slice(start).replace(/^[\udc00-\udfff]/, "");
  return printable((start > 0 ? "…" : "") + rest, long);
}
