/**
 * Rows out of a backup: JSON objects into cells.
 *
 * @module
 */
import type { CellValue, Kind, Row } from "../database/cells.ts";
import type { JsonScanner } from "./json_scanner.ts";
import { BYTE } from "./json_syntax.ts";
import { LooseRowReader } from "./loose_row.ts";
import { parseInteger, parseReal } from "./numbers.ts";
import { type PlainKind, RowForm } from "./row_form.ts";
import { unescaped } from "./strings.ts";

/** The most rows stepped over at a time. */
const mostSkipped = 4096;

/** Reads one row after another. */
export class RowReader {
  #loose: LooseRowReader;
  #form: RowForm | undefined;
  #names: string[] = [];

  constructor(readonly scanner: JsonScanner) {
    this.#loose = new LooseRowReader(scanner);
  }

  /**
   * Steps over one row, which must come next.
   *
   * @returns The names of its columns where it is plain: written without white
   * space, each column once, no value nested or larger than 64 bits.
   * @throws {BackupError} where the next value is no JSON object.
   */
  skip(): string[] | undefined {
    const end = this.#plainEnd();
    if (end >= 0) {
      this.scanner.source.pos = end;
      return this.#names;
    }
    this.scanner.value();
    return undefined;
  }

  /**
   * Steps over the rows of the same columns that follow the last one, as long as
   * each is plain and begins a line; and over the commas before them.
   *
   * @returns How many there were; a call steps over some thousands at most.
   */
  skipAlike(): number {
    const form = this.#form;
    if (!form) return 0;
    const { source } = this.scanner;
    for (let rows = 0; rows < mostSkipped; rows++) {
      let end = nextEnd(form, source.bytes, source.pos);
      if (end < 0 && source.completeLine(2)) {
        end = nextEnd(form, source.bytes, source.pos);
      }
      if (end < 0) return rows;
      source.pos = end;
    }
    return mostSkipped;
  }

  /**
   * Reads one row, which must come next. Its bytes are views that hold until
   * the next row is read.
   *
   * @throws {BackupError} where it is no object, a column comes twice, or a value
   * has no place in SQLite.
   */
  read(): Row {
    const end = this.#plainEnd();
    if (end < 0) return this.#loose.read();
    const { source } = this.scanner;
    source.pos = end;
    return plainRow(this.#form!, this.#names, source.bytes);
  }

  /** Where the next row ends; negative where it is not plain. */
  #plainEnd(): number {
    const { source } = this.scanner;
    if (this.scanner.peek() !== BYTE.openBrace) {
      throw this.scanner.fault("a row that is no object");
    }
    let end = this.#form?.match(source.bytes, source.pos) ?? -1;
    if (end >= 0) return end;
    source.completeLine(0);
    end = this.#form?.match(source.bytes, source.pos) ?? -1;
    return end >= 0 ? end : this.#learn(source.bytes, source.pos);
  }

  #learn(bytes: Uint8Array, at: number): number {
    this.#form = RowForm.of(bytes, at);
    this.#names = this.#form?.names() ?? [];
    return this.#form?.match(bytes, at) ?? -1;
  }
}

function nextEnd(form: RowForm, bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BYTE.comma || bytes[at + 1] !== BYTE.newline) return -1;
  return form.match(bytes, at + 2);
}

function plainRow(form: RowForm, columns: string[], bytes: Uint8Array): Row {
  const kinds: Kind[] = [];
  const values: CellValue[] = [];
  for (let i = 0; i < columns.length; i++) {
    const kind = form.kinds[i]!;
    const inside = bytes.subarray(form.starts[i], form.ends[i]);
    kinds.push(kindOf(kind));
    values.push(cellOf(kind, inside));
  }
  return { columns, kinds, values };
}

function kindOf(kind: PlainKind): Kind {
  if (kind === "e") return "t";
  return kind === "true" || kind === "false" ? "i" : kind;
}

function cellOf(kind: PlainKind, bytes: Uint8Array): CellValue {
  if (kind === "t") return bytes;
  if (kind === "n") return null;
  if (kind === "i") return parseInteger(bytes)!;
  if (kind === "e") return unescaped(bytes);
  if (kind === "r") return parseReal(bytes);
  return kind === "true" ? 1 : 0;
}
