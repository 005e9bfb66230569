/**
 * The lines of a backup as its bytes come, and of these only such as may matter.
 *
 * @module
 */
import type { SchemaObject } from "../../database/schema.ts";
import { BackupError } from "../../errors.ts";
import { memberReaders } from "../../format/members.ts";
import { bytesOf, byteText } from "./needle.ts";

/** Looks at the lines of one moment. */
export interface LineTaker {
  /** What finds the rows of a table that matter; `undefined`: none do. */
  patternFor(table: string): RegExp | undefined;
  /** Takes the line of such a row, a character for each byte. */
  take(table: string, line: string): void;
  /** Called when all lines have come. */
  end(): void;
}

const newline = 0x0a;
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
export class LineScan {
  #carry: Uint8Array[] = [];
  /** What comes before the rows, as far as it has been seen; `undefined`: all of it. */
  #head: string | undefined = "";
  #taker: LineTaker | undefined;
  #table = "";
  #pattern: RegExp | undefined;

  /** @param enter Is told the definitions, and gives what looks at the rows. */
  constructor(readonly enter: (schema: SchemaObject[]) => LineTaker) {}

  /** Whether rows have come, so that there is something to look at. */
  get hasEntered(): boolean {
    return this.#taker !== undefined;
  }

  /** Says what would stand before the rows. */
  begin(schema: SchemaObject[]): void {
    this.#head = undefined;
    this.#taker = this.enter(schema);
  }

  /**
   * Says which table the next lines are of.
   *
   * @returns Whether they matter.
   */
  table(name: string): boolean {
    this.#flush();
    this.#table = name;
    this.#pattern = this.#taker?.patternFor(name);
    return this.#pattern !== undefined;
  }

  /** Takes the next bytes; they need not hold afterwards. */
  push(bytes: Uint8Array): void {
    let start = 0;
    if (this.#carry.length > 0) {
      start = bytes.indexOf(newline) + 1;
      if (start === 0) {
        this.#carry.push(bytes.slice());
        return;
      }
      this.#carry.push(bytes.subarray(0, start));
      const pieces = this.#carry.map(byteText);
      this.#carry = [];
      this.#block(pieces.join(""));
    }
    const end = bytes.lastIndexOf(newline) + 1;
    if (end > start) this.#block(byteText(bytes.subarray(start, end)));
    const rest = Math.max(start, end);
    if (rest < bytes.length) this.#carry.push(bytes.slice(rest));
  }

  /** Says that all bytes have come. */
  end(): void {
    this.#flush();
    this.#taker?.end();
  }

  #flush(): void {
    if (this.#carry.length === 0) return;
    const text = this.#carry.map(byteText).join("");
    this.#carry = [];
    this.#block(text + "\n");
  }

  /** Looks at whole lines. */
  #block(text: string): void {
    let at = 0;
    if (this.#head !== undefined) {
      at = this.#endOfHead(text);
      if (at < 0) return;
    }
    while (at < text.length) {
      if (text[at] === '"') at = this.#member(text, at);
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
      this.#table = name;
      this.#pattern = this.#taker!.patternFor(name);
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
      if (line.startsWith("{")) this.#taker!.take(this.#table, line);
      pattern.lastIndex = to;
    }
  }
}
