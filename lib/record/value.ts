/**
 * Single values in words, for messages.
 *
 * @module
 */
import type { CellValue, Kind } from "../database/cells.ts";
import { printable } from "../text.ts";

/** How long text is shown, in characters. */
const short = 60;
/** More bytes than that many characters can have. */
const enough = 4 * (short + 1);

/**
 * A value as SQL would have it, on one line and not long. Whether it may be shown at
 * all is for the caller to know: see `secret.ts`.
 *
 * @param value The value; text is in UTF-8.
 */
export function shownValue(kind: Kind, value: CellValue): string {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) {
    if (kind === "b") return `a BLOB of ${value.length} bytes`;
    const text = new TextDecoder().decode(value.subarray(0, enough));
    return `"${printable(text, short)}"`;
  }
  const digits = String(value);
  return kind === "r" && /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}
