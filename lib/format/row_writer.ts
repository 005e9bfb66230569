/**
 * Cells as JSON, for the rows that SQLite has no exact JSON for.
 *
 * @module
 */
import type { RawRow } from "../database/cell_reader.ts";
import { type CellValue, isText, type Kind } from "../database/cells.ts";
import { escaped } from "./strings.ts";

/** Bytes of a BLOB encoded at a time; base64 takes three together. */
const blobPiece = 3 << 18;

const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text);

/**
 * A row as a JSON object, piece by piece, so that huge values take little memory.
 *
 * @param keys The columns' names as JSON.
 * @param row The cells.
 * @param encoding The database's encoding, in which text comes.
 */
export function* rowJson(
  keys: readonly string[],
  row: RawRow,
  encoding: string,
): Generator<Uint8Array> {
  for (let i = 0; i < keys.length; i++) {
    yield bytes((i === 0 ? "{" : ",") + keys[i] + ":");
    yield* cellJson(row.kinds[i]!, row.values[i]!, encoding);
  }
  yield bytes("}");
}

function* cellJson(
  kind: Kind,
  value: CellValue,
  encoding: string,
): Generator<Uint8Array> {
  if (value === null) yield bytes("null");
  else if (kind === "i") yield bytes(String(value));
  else if (kind === "r") yield bytes(realJson(value as number));
  else if (kind === "b") yield* base64Json(value as Uint8Array, "");
  else yield* textJson(value as Uint8Array, encoding);
}

/** A double so that its type and every bit survive. */
function realJson(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? "-9.0e+999" : "9.0e+999";
  const digits = Object.is(value, -0) ? "-0.0" : String(value);
  return /[.e]/.test(digits) ? digits : digits + ".0";
}

function* textJson(
  value: Uint8Array,
  encoding: string,
): Generator<Uint8Array> {
  const text = asUtf8(value, encoding);
  if (!text) {
    yield* base64Json(value, `,"type":"text"`);
    return;
  }
  yield bytes('"');
  yield* escaped(text);
  yield bytes('"');
}

function asUtf8(value: Uint8Array, encoding: string): Uint8Array | undefined {
  if (encoding === "UTF-8") return isText(value) ? value : undefined;
  const options = { fatal: true, ignoreBOM: true };
  const decoder = new TextDecoder(encoding.toLowerCase(), options);
  try {
    return bytes(decoder.decode(value));
  } catch {
    return undefined;
  }
}

function* base64Json(
  value: Uint8Array,
  type: string,
): Generator<Uint8Array> {
  yield bytes(`{"$base64":true,"encoded":"`);
  for (let at = 0; at < value.length; at += blobPiece) {
    yield bytes(value.subarray(at, at + blobPiece).toBase64());
  }
  yield bytes(`"${type}}`);
}
