/**
 * The slow path of reading rows: any row, token by token, with BLOBs and nested values.
 *
 * @module
 */
import type { CellValue, Kind, Row } from "../database/cells.ts";
import type { JsonScanner } from "./json_scanner.ts";
import { BYTE, wordEnd } from "./json_syntax.ts";
import {
  decodeBase64,
  minified,
  parseInteger,
  parseReal,
  unescaped,
} from "./values.ts";
import { BASE64 } from "./version1.ts";

/** What a span of the file holds; `j` is nested JSON, kept as its text. */
type SpanKind = Kind | "j" | "true" | "false";

/** Where a value lies, counted from the row's first byte. */
interface Span {
  kind: SpanKind;
  start: number;
  end: number;
  escaped: boolean;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Parses any row. */
export class RowParser {
  #names: string[] = [];
  #nameBytes: Uint8Array[] = [];

  constructor(readonly scanner: JsonScanner) {}

  /**
   * Reads one row, whose brace must come next. Its bytes are views that hold
   * until the next row is read.
   *
   * @throws {BackupError} if a column comes twice, or SQLite cannot hold a
   * value.
   */
  read(): Row {
    const source = this.scanner.source;
    source.keep = source.pos;
    const keys: Span[] = [];
    const spans: Span[] = [];
    source.pos++;
    if (!this.scanner.take(BYTE.closeBrace)) {
      do {
        this.scanner.peek();
        keys.push(this.#string());
        this.scanner.expect(BYTE.colon);
        spans.push(this.#value());
      } while (this.scanner.more(BYTE.closeBrace));
    }
    const row = source.bytes.subarray(source.keep, source.pos);
    source.keep = -1;
    return this.#row(row, keys, spans);
  }

  #row(row: Uint8Array, keys: Span[], spans: Span[]): Row {
    const columns = keys.map((key, i) => this.#name(row, key, i));
    if (new Set(columns).size < columns.length) {
      throw this.scanner.fault("a column that comes twice");
    }
    const kinds: Kind[] = [];
    const values: CellValue[] = [];
    for (const span of spans) {
      const value = this.#cell(row, span);
      kinds.push(kindOf(span));
      values.push(value);
    }
    return { columns, kinds, values };
  }

  // Rows of a table have the same columns, nearly always.
  #name(row: Uint8Array, key: Span, i: number): string {
    const known = this.#nameBytes[i];
    if (known && wordEnd(known, row, key.start) === key.end) {
      return this.#names[i]!;
    }
    const bytes = row.subarray(key.start, key.end);
    const name = decoder.decode(key.escaped ? unescaped(bytes) : bytes);
    this.#names[i] = name;
    this.#nameBytes[i] = bytes.slice();
    return name;
  }

  #position(): number {
    return this.scanner.source.pos - this.scanner.source.keep;
  }

  #string(): Span {
    const start = this.#position() + 1;
    const escaped = this.scanner.string();
    return { kind: "t", start, end: this.#position() - 1, escaped };
  }

  #value(): Span {
    const byte = this.scanner.peek();
    if (byte === BYTE.quote) return this.#string();
    if (byte === BYTE.openBrace) return this.#object();
    const start = this.#position();
    let kind: SpanKind;
    if (byte === BYTE.minus || (byte >= 0x30 && byte <= 0x39)) {
      kind = this.scanner.number() ? "r" : "i";
    } else if (byte === BYTE.openBracket) {
      this.scanner.value();
      kind = "j";
    } else {
      const word = this.scanner.literal();
      kind = word === "null" ? "n" : word as SpanKind;
    }
    return { kind, start, end: this.#position(), escaped: false };
  }

  // The form of a BLOB that sqlite-utils writes, or a nested object.
  #object(): Span {
    const start = this.#position();
    this.scanner.expect(BYTE.openBrace);
    const members = new Map<string, Span>();
    let isOnce = true;
    if (!this.scanner.take(BYTE.closeBrace)) {
      do {
        this.scanner.peek();
        const name = this.#text(this.#string());
        this.scanner.expect(BYTE.colon);
        if (members.has(name)) isOnce = false;
        members.set(name, this.#member());
      } while (this.scanner.more(BYTE.closeBrace));
    }
    return (isOnce ? this.#base64(members) : undefined) ??
      { kind: "j", start, end: this.#position(), escaped: false };
  }

  #member(): Span {
    if (this.scanner.peek() === BYTE.quote) return this.#string();
    const start = this.#position();
    this.scanner.value();
    return { kind: "j", start, end: this.#position(), escaped: false };
  }

  #base64(members: Map<string, Span>): Span | undefined {
    const marker = members.get(BASE64.marker);
    const encoded = members.get(BASE64.data);
    const type = members.get(BASE64.type);
    if (marker?.kind !== "j" || this.#text(marker) !== "true") return;
    if (encoded?.kind !== "t" || members.size !== (type ? 3 : 2)) return;
    if (type && (type.kind !== "t" || this.#text(type) !== BASE64.text)) return;
    return { ...encoded, kind: type ? "x" : "b" };
  }

  #text(span: Span): string {
    const { bytes, keep } = this.scanner.source;
    const text = bytes.subarray(keep + span.start, keep + span.end);
    return decoder.decode(span.escaped ? unescaped(text) : text);
  }

  #cell(row: Uint8Array, span: Span): CellValue {
    if (span.kind === "n") return null;
    if (span.kind === "true") return 1;
    if (span.kind === "false") return 0;
    const bytes = row.subarray(span.start, span.end);
    if (span.kind === "i" || span.kind === "r") {
      return this.#number(bytes, span);
    }
    if (span.kind === "j") return minified(bytes);
    const text = span.escaped ? unescaped(bytes) : bytes;
    if (span.kind === "t") return text;
    const decoded = decodeBase64(text);
    if (!decoded) throw this.scanner.fault("malformed base64");
    return decoded;
  }

  #number(bytes: Uint8Array, span: Span): number | bigint {
    if (span.kind === "r") return parseReal(bytes);
    const integer = parseInteger(bytes);
    if (integer !== undefined) return integer;
    // Writers that know doubles only put a large REAL without an exponent.
    const real = parseReal(bytes);
    const digits = BigInt(decoder.decode(bytes));
    if (Number.isFinite(real) && BigInt(real) === digits) {
      span.kind = "r";
      return real;
    }
    throw this.scanner.fault("an integer that 64 bits do not hold");
  }
}

function kindOf(span: Span): Kind {
  if (span.kind === "j") return "t";
  return span.kind === "true" || span.kind === "false" ? "i" : span.kind;
}
