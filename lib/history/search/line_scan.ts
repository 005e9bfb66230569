/**
 * The lines of a backup as its bytes come, and of these only such as may matter.
 *
 * @module
 */
import type { SchemaObject } from "../../database/schema.ts";
import { BackupError } from "../../errors.ts";
import { BYTE } from "../../format/json_syntax.ts";
import { memberReaders } from "../../format/members.ts";
import { bytesOf, byteText, concat } from "./needle.ts";
import type { Listener, Yesterday } from "./yesterday.ts";

/** Looks at the lines of one moment. */
export interface LineTaker<T> {
  /** What finds the rows of a table that matter; `undefined`: none do. */
  patternFor(table: string): RegExp | undefined;
  /**
   * Takes the line of such a row, a character for each byte.
   *
   * @returns What it is known as; `undefined` if it doesn't matter after all.
   */
  take(table: string, line: string): T | undefined;
  /** Takes a line again that another moment had, too. */
  again(known: T): void;
  /** Called when all lines have come. */
  end(): void;
}

const tablesLine = '"tables": {\n';
const decoder = new TextDecoder();

function schemaIn(json: string): SchemaObject[] {
  try {
    const { schema } = JSON.parse(decoder.decode(bytesOf(json)));
    const objects = memberReaders.schema(schema);
    if (objects) return objects;
  } catch {
    // Said below.
  }
  throw new BackupError("it is damaged: its definitions can't be read");
}

/** Scans the bytes of a backup in its own layout, or lines of one table after another. */
export class LineScan<T> {
  #carry: Uint8Array[] = [];
  /** What comes before the rows, as far as it has been seen; `undefined`: all of it. */
  #head: string | undefined = "";
  #taker: LineTaker<T> | undefined;
  #table = "";
  #pattern: RegExp | undefined;
  #yesterday: Yesterday<T> | undefined;

  /**
   * @param enter Is told the definitions, and gives what looks at the rows.
   * @param yesterday What is known of the backup before, if this is one in its own
   * layout.
   * @param size How long it is, in bytes.
   */
  constructor(
    readonly enter: (schema: SchemaObject[]) => LineTaker<T>,
    yesterday?: Yesterday<T>,
    readonly size = 0,
  ) {
    this.#yesterday = yesterday;
  }

  /** Whether rows have come, so that there is something to look at. */
  get hasEntered(): boolean {
    return this.#taker !== undefined;
  }

  /** Says what would stand before the rows. */
  begin(schema: SchemaObject[]): void {
    this.#head = undefined;
    this.#taker = this.enter(schema);
    this.#yesterday?.begin(JSON.stringify(schema), this.size);
  }

  /**
   * Says which table the next lines are of.
   *
   * @returns Whether they matter.
   */
  table(name: string): boolean {
    this.#flush();
    this.#turnTo(name);
    return this.#pattern !== undefined;
  }

  /** Takes the next bytes; they need not hold afterwards. */
  push(piece: Uint8Array): void {
    // What Node.js calls a Buffer searches in JavaScript, and its slices are no copies.
    const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.length);
    let start = 0;
    if (this.#carry.length > 0) {
      start = bytes.indexOf(BYTE.newline) + 1;
      if (start === 0) {
        this.#carry.push(bytes.slice());
        return;
      }
      this.#carry.push(bytes.subarray(0, start));
      this.#block(this.#carried());
    }
    const end = bytes.lastIndexOf(BYTE.newline) + 1;
    if (end > start) this.#block(bytes.subarray(start, end));
    const rest = Math.max(start, end);
    if (rest < bytes.length) this.#carry.push(bytes.slice(rest));
  }

  /** Says that all bytes have come. */
  end(): void {
    this.#flush();
    this.#taker?.end();
    this.#yesterday?.end();
  }

  #flush(): void {
    if (this.#carry.length === 0) return;
    this.#carry.push(new Uint8Array([BYTE.newline]));
    this.#block(this.#carried());
  }

  #carried(): Uint8Array {
    const bytes = concat(this.#carry);
    this.#carry = [];
    return bytes;
  }

  /** Looks at whole lines. */
  #block(bytes: Uint8Array): void {
    let at = 0;
    if (this.#head !== undefined) {
      at = this.#endOfHead(byteText(bytes));
      if (at < 0) return;
    }
    const yesterday = this.#yesterday;
    while (at < bytes.length) {
      const same = yesterday?.skip(bytes, at, this.#table, this.#listener) ?? 0;
      at += same;
      if (same > 0) continue;
      const end = yesterday?.searchTo(bytes, at) ?? bytes.length;
      const lines = bytes.subarray(at, end);
      this.#look(byteText(lines));
      yesterday?.keep(lines);
      at = end;
    }
  }

  readonly #listener: Listener<T> = {
    table: (name) => this.#turnTo(name),
    again: (known) => this.#taker!.again(known),
  };

  #turnTo(table: string): void {
    this.#table = table;
    this.#pattern = this.#taker?.patternFor(table);
  }

  #look(text: string): void {
    for (let at = 0; at < text.length;) {
      while (text[at] === '"') at = this.#member(text, at);
      const next = text.indexOf('\n"', at);
      const end = next < 0 ? text.length : next + 1;
      this.#search(text, at, end);
      at = end;
    }
  }

  /** Where the rows begin; negative: not yet. */
  #endOfHead(text: string): number {
    const before = this.#head!.length;
    const head = this.#head + text;
    this.#head = head;
    const found = head.indexOf("\n" + tablesLine) + 1;
    if (found === 0) return -1;
    const json = head.slice(0, found).replace(/,\s*$/, "") + "}";
    this.begin(schemaIn(json));
    return found + tablesLine.length - before;
  }

  // Only a table's name comes before a list.
  #member(text: string, at: number): number {
    const end = text.indexOf("\n", at) + 1;
    const found = /^("(?:[^"\\]|\\.)*"): \[/.exec(text.slice(at, end));
    this.#pattern = undefined;
    if (found) {
      const name = JSON.parse(decoder.decode(bytesOf(found[1]!)));
      this.#turnTo(name);
      this.#yesterday?.noteTable(name, at);
    }
    return end;
  }

  #search(text: string, start: number, end: number): void {
    const pattern = this.#pattern;
    if (!pattern || start >= end) return;
    pattern.lastIndex = start;
    for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
      if (found.index >= end) return;
      const from = text.lastIndexOf("\n", found.index) + 1;
      const to = text.indexOf("\n", found.index);
      const line = text.slice(from, text[to - 1] === "," ? to - 1 : to);
      if (line.startsWith("{")) this.#take(line, from);
      pattern.lastIndex = to;
    }
  }

  #take(line: string, at: number): void {
    const known = this.#taker!.take(this.#table, line);
    if (known !== undefined) this.#yesterday?.note(known, at);
  }
}
