/**
 * Values of SQLite outside of SQLite, exact: what a backup holds and what a
 * statement binds.
 *
 * @module
 */

import { BackupError } from "../errors.ts";

/**
 * What a cell holds: `n` NULL, `i` INTEGER, `r` REAL, `t` TEXT as UTF-8, `x` TEXT
 * that is not valid UTF-8 as the database's own bytes, `b` BLOB.
 */
export type Kind = "n" | "i" | "r" | "t" | "x" | "b";

/** An INTEGER is a number where a double holds it, else a bigint. */
export type CellValue = null | number | bigint | Uint8Array;

/** One row, column by column. */
export interface Row {
  /** Names of the columns. */
  columns: readonly string[];
  /** What each cell holds. */
  kinds: readonly Kind[];
  /** The cells. */
  values: readonly CellValue[];
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes looked at at a time: strings have a limit, values less so. */
const pieceSize = 1 << 20;

/**
 * Whether bytes are text of valid UTF-8. For single values: what `bytes.ts` has is
 * faster, but takes longer to load than all values of a usual export.
 */
export function isText(bytes: Uint8Array): boolean {
  const decoder = bytes.length > pieceSize
    ? new TextDecoder("utf-8", { fatal: true })
    : utf8;
  try {
    for (let at = 0; at < bytes.length; at += pieceSize) {
      const piece = bytes.subarray(at, at + pieceSize);
      decoder.decode(piece, { stream: at + pieceSize < bytes.length });
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * The text of valid UTF-8 bytes; a byte order mark is part of the text.
 *
 * @throws {BackupError} where the bytes are not valid UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BackupError("it has text that is not valid Unicode");
  }
}
