/**
 * JSON syntax (RFC 8259) over a byte source: finds where tokens begin and end
 * and refuses what is no JSON. It makes no values.
 *
 * @module
 */
import { BackupError } from "../errors.ts";
import { quoted } from "../text.ts";
import type { ByteSource } from "./byte_source.ts";
import {
  BYTE,
  codeUnit,
  digitsEnd,
  endsRun,
  isEscape,
  isHexDigit,
  isPair,
  isSurrogate,
} from "./json_syntax.ts";

/** How deep a value may nest; SQLite's own JSON functions stop there too. */
const maxDepth = 1000;

const tooShort = "the file ends too early";
const notJson = "something that is no JSON value";
// RFC 8259, section 8.2: what becomes of it is not predictable. UTF-8 has no form for it.
const halfPair = "half of a surrogate pair, which is no character,";
const mending = "write \\ufffd for it in a copy and import that with --force";

const literals = new Map([
  [0x74, "true"],
  [0x66, "false"],
  [0x6e, "null"],
]);

/** An object or array that has begun. */
interface Open {
  /** The byte that ends it. */
  close: number;
  /** The names of an object's members so far, if none may come twice. */
  names: Set<string> | undefined;
}

/** Steps over JSON, token by token. */
export class JsonScanner {
  /**
   * @param source The bytes.
   * @param where Says where the scanner stands, for messages.
   */
  constructor(
    readonly source: ByteSource,
    public where: string | (() => string) = "the file",
  ) {}

  /**
   * The error to throw at the current position.
   *
   * @param what The state of things, as in `a malformed number`.
   */
  fault(what: string): BackupError {
    const { where, source } = this;
    const place = typeof where === "string" ? where : where();
    return new BackupError(`${what} in ${place}, byte ${source.offset}`);
  }

  /**
   * The next byte that is no white space, without stepping over it.
   *
   * @throws {BackupError} if the file ends.
   */
  peek(): number {
    if (this.atEnd()) throw this.fault(tooShort);
    return this.source.bytes[this.source.pos]!;
  }

  /** Steps over white space; says whether nothing is left after it. */
  atEnd(): boolean {
    const source = this.source;
    for (;;) {
      while (source.pos < source.end) {
        const byte = source.bytes[source.pos]!;
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
          return false;
        }
        source.pos++;
      }
      if (!source.fill()) return true;
    }
  }

  /** Steps over `byte` if it comes next. */
  take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.source.pos++;
    return true;
  }

  /** Steps over `byte`, which must come next. */
  expect(byte: number): void {
    if (!this.take(byte)) {
      throw this.fault(`no "${String.fromCharCode(byte)}" where one is due`);
    }
  }

  /**
   * Steps over the separator after a member or an element.
   *
   * @param close What ends the list.
   * @returns Whether another one follows.
   */
  more(close: number): boolean {
    if (this.take(BYTE.comma)) return true;
    this.expect(close);
    return false;
  }

  /** Steps over a string, which must come next. */
  string(): void {
    this.expect(BYTE.quote);
    const source = this.source;
    for (;;) {
      const bytes = source.bytes;
      let pos = source.pos;
      while (pos < source.end && endsRun[bytes[pos]!] === 0) pos++;
      source.pos = pos;
      if (pos === source.end) {
        if (!source.fill()) throw this.fault(tooShort);
        continue;
      }
      source.pos++;
      if (bytes[pos] === BYTE.quote) return;
      if (bytes[pos] !== BYTE.backslash) {
        throw this.fault("a raw control character");
      }
      this.#escape();
    }
  }

  /**
   * Steps over a value of any kind.
   *
   * @param eachOnce Whether to refuse a name that comes twice in an object; the source
   * must keep the value then.
   */
  value(eachOnce = false): void {
    const open: Open[] = [];
    do {
      const byte = this.peek();
      if (byte === BYTE.openBrace || byte === BYTE.openBracket) {
        this.source.pos++;
        const close = byte + 2;
        if (!this.take(close)) {
          open.push({ close, names: eachOnce ? new Set() : undefined });
          if (open.length > maxDepth) {
            throw this.fault(`nesting deeper than ${maxDepth} levels`);
          }
          if (close === BYTE.closeBrace) this.#key(open);
          continue;
        }
      } else this.#scalar(byte);
      while (open.length > 0 && !this.more(open.at(-1)!.close)) open.pop();
      if (open.at(-1)?.close === BYTE.closeBrace) this.#key(open);
    } while (open.length > 0);
  }

  #scalar(byte: number): void {
    if (byte === BYTE.quote) this.string();
    else if (byte === BYTE.minus || (byte >= 0x30 && byte <= 0x39)) {
      this.#number();
    } else this.#literal();
  }

  #number(): void {
    if (this.#byte() === BYTE.minus) this.source.pos++;
    if (this.#byte() === BYTE.zero) this.source.pos++;
    else this.#digits();
    if (this.#byte() === BYTE.point) {
      this.source.pos++;
      this.#digits();
    }
    if ((this.#byte() | 0x20) !== BYTE.e) return;
    this.source.pos++;
    const sign = this.#byte();
    if (sign === BYTE.plus || sign === BYTE.minus) this.source.pos++;
    this.#digits();
  }

  #literal(): void {
    const word = literals.get(this.peek());
    if (!word) throw this.fault(notJson);
    for (let i = 0; i < word.length; i++) {
      if (this.#byte() !== word.charCodeAt(i)) {
        throw this.fault(notJson);
      }
      this.source.pos++;
    }
  }

  #key(open: Open[]): void {
    const { source } = this;
    const names = open.at(-1)?.names;
    this.peek();
    const start = source.pos - source.keep;
    this.string();
    if (names) {
      const bytes = source.bytes.subarray(source.keep + start, source.pos);
      const name = JSON.parse(new TextDecoder().decode(bytes));
      if (names.has(name)) throw this.fault(`a second ${quoted(name)}`);
      names.add(name);
    }
    this.expect(BYTE.colon);
  }

  /** The next byte whatever it is; 0 at the end of the file. */
  #byte(): number {
    const source = this.source;
    if (source.pos === source.end && !source.fill()) return 0;
    return source.bytes[source.pos]!;
  }

  #digits(): void {
    const { source } = this;
    const byte = this.#byte();
    if (byte < 0x30 || byte > 0x39) throw this.fault("a malformed number");
    do source.pos = digitsEnd(source.bytes, source.pos); while (
      source.pos === source.end && source.fill()
    );
  }

  #escape(): void {
    const byte = this.#byte();
    if (!isEscape(byte)) throw this.fault("a malformed escape");
    this.source.pos++;
    if (byte !== BYTE.u) return;
    const unit = this.#codeUnit();
    if (isSurrogate(unit) && !isPair(unit, this.#otherHalf())) {
      throw new BackupError(`${this.fault(halfPair).message}; ${mending}`);
    }
  }

  #codeUnit(): number {
    const digits = new Uint8Array(4);
    for (let i = 0; i < 4; i++) {
      digits[i] = this.#byte();
      if (!isHexDigit(digits[i]!)) throw this.fault("a malformed escape");
      this.source.pos++;
    }
    return codeUnit(digits, 0);
  }

  /** The code unit that comes next, as an escape; negative if there is none. */
  #otherHalf(): number {
    for (const byte of [BYTE.backslash, BYTE.u]) {
      if (this.#byte() !== byte) return -1;
      this.source.pos++;
    }
    return this.#codeUnit();
  }
}
