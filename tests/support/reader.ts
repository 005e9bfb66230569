/**
 * Bytes in memory as a file, which may give few of them at a time.
 *
 * @module
 */
import { type ByteReader, ByteSource } from "../../lib/format/byte_source.ts";
import { inspect, type InspectOptions } from "../../lib/format/inspect.ts";
import type { Contents } from "../../lib/format/contents.ts";
import { JsonScanner } from "../../lib/format/json_scanner.ts";

/** Bytes a read gives: small ones put the ends of reads into every token. */
export const READ_SIZES: readonly number[] = [1, 2, 3, 7, 1 << 20];

/** The bytes of text as UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8 bytes. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Pieces of bytes as one. */
export function joined(pieces: Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A file that gives `size` bytes at a time. */
export class Trickle implements ByteReader {
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(content: string | Uint8Array, readonly size = 1 << 20) {
    this.#bytes = typeof content === "string" ? bytesOf(content) : content;
  }

  readSync(into: Uint8Array): number | null {
    const end = this.#at + Math.min(this.size, into.length);
    const some = this.#bytes.subarray(this.#at, end);
    into.set(some);
    this.#at += some.length;
    return some.length > 0 ? some.length : null;
  }
}

/** What `inspect()` finds. */
export function inspected(
  reader: ByteReader,
  options?: InspectOptions,
): Promise<Contents> {
  return inspect(reader, options);
}

/** A scanner at the start of the text. */
export function scannerOf(
  content: string | Uint8Array,
  size?: number,
): JsonScanner {
  return new JsonScanner(new ByteSource(new Trickle(content, size)));
}

/** The lower case hexadecimal SHA-256 of bytes, by another implementation. */
export async function sha256(content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === "string" ? bytesOf(content) : content;
  const digest = await crypto.subtle.digest("SHA-256", bytes.slice());
  return new Uint8Array(digest).toHex();
}
