/**
 * Rows in batches of some hundred, as JSON that SQLite can read itself.
 *
 * @module
 */
import { free } from "../bytes.ts";
import type { Row } from "../database/cells.ts";
import { type ByteReader, ByteSource } from "./byte_source.ts";
import { JsonScanner } from "./json_scanner.ts";
import { BYTE } from "./json_syntax.ts";
import { RowReader } from "./row_reader.ts";
import { ROW_SEPARATOR } from "./version1.ts";

/** How long a batch should be, in bytes. */
const aimedBytes = 1 << 19;

/**
 * Rows as JSON arrays of some hundred.
 *
 * @param reader The next `left` bytes of it are rows as an export writes them, without
 * the brackets around.
 * @returns JSON arrays; their bytes hold until the next one is asked for.
 */
export function* rowBatches(
  reader: ByteReader,
  left: number,
): Generator<Uint8Array> {
  let bytes = new Uint8Array(aimedBytes);
  bytes[0] = BYTE.openBracket;
  let end = 1;
  try {
    for (;;) {
      // A byte stays free for the closing bracket.
      const room = bytes.subarray(end, Math.min(end + left, bytes.length - 1));
      const count = left > 0 ? reader.readSync(room) ?? 0 : 0;
      left -= count;
      end += count;
      if (end === 1) return;
      const cut = count > 0
        ? bytes.lastIndexOf(BYTE.newline, end - 1) + 1 - ROW_SEPARATOR.length
        : end;
      if (cut > 0) {
        const rest = bytes.slice(cut + ROW_SEPARATOR.length, end);
        bytes[cut] = BYTE.closeBracket;
        yield bytes.subarray(0, cut + 1);
        bytes.set(rest, 1);
        end = 1 + rest.length;
      } else if (end === bytes.length - 1) bytes = grown(bytes);
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

/** The rows of a batch one by one. */
export function* batchRows(batch: Uint8Array): Generator<Row> {
  let left = batch;
  const source = new ByteSource({
    readSync(into) {
      const some = left.subarray(0, into.length);
      into.set(some);
      left = left.subarray(some.length);
      return some.length || null;
    },
  });
  const scanner = new JsonScanner(source);
  const reader = new RowReader(scanner);
  scanner.expect(BYTE.openBracket);
  do yield reader.read(); while (scanner.more(BYTE.closeBracket));
}
