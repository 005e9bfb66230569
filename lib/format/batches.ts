/**
 * Many rows as JSON arrays without their brackets.
 *
 * @module
 */
import { free } from "../bytes.ts";
import { type ByteReader, ByteSource } from "./byte_source.ts";
import { JsonScanner } from "./json_scanner.ts";
import type { FileRow } from "./file_row.ts";
import { BYTE } from "./json_syntax.ts";
import { RowReader } from "./row_reader.ts";
import { ROW_SEPARATOR } from "./version1.ts";

/** How long a batch should be, in bytes. */
const aimedBytes = 1 << 19;

/**
 * The lines of an export in batches of some hundred; no row is looked at.
 *
 * @param reader The next `left` bytes of it are rows as an export writes them.
 * @returns JSON; its bytes hold until the next one is asked for.
 */
export function* lineBatches(
  reader: ByteReader,
  left: number,
): Generator<Uint8Array> {
  let bytes = new Uint8Array(aimedBytes);
  let end = 0;
  try {
    for (;;) {
      const room = bytes.subarray(end, end + left);
      const count = left > 0 ? reader.readSync(room) ?? 0 : 0;
      left -= count;
      end += count;
      if (end === 0) return;
      const cut = count > 0
        ? bytes.lastIndexOf(BYTE.newline, end - 1) + 1 - ROW_SEPARATOR.length
        : end;
      if (cut > 0) {
        yield bytes.subarray(0, cut);
        const rest = Math.min(end, cut + ROW_SEPARATOR.length);
        bytes.copyWithin(0, rest, end);
        end -= rest;
      } else if (end === bytes.length) bytes = grown(bytes);
    }
  } finally {
    free(bytes);
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}

/**
 * The rows of such JSON one by one. A row holds until the next one is asked for.
 *
 * @param pieces The bytes; a piece need not hold when the next one is asked for.
 */
export function* rowsIn(pieces: Iterable<Uint8Array>): Generator<FileRow> {
  const iterator = pieces[Symbol.iterator]();
  const source = new ByteSource(readerOf(iterator));
  const scanner = new JsonScanner(source);
  const reader = new RowReader(scanner);
  try {
    while (!scanner.atEnd()) {
      if (reader.count > 0) scanner.expect(BYTE.comma);
      const row = reader.read();
      yield row;
      row.free();
    }
  } finally {
    source.release();
    iterator.return?.();
  }
}

function readerOf(pieces: Iterator<Uint8Array>): ByteReader {
  let left: Uint8Array = new Uint8Array(0);
  return {
    readSync(into) {
      while (left.length === 0) {
        const next = pieces.next();
        if (next.done) return null;
        left = next.value;
      }
      const some = left.subarray(0, into.length);
      into.set(some);
      left = left.subarray(some.length);
      return some.length;
    },
  };
}
