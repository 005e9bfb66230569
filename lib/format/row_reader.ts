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
import { spaceEnd } from "./plain_syntax.ts";
import type { PlainKind } from "./plain_value.ts";
import { RowForm } from "./row_form.ts";
import { unescaped } from "./strings.ts";

/** The most rows stepped over at a time. */
const mostSkipped = 4096;
/** So many forms are learned for a row alone; from then on few rows are tried. */
const mostLonely = 16;
const tryEvery = 64;

/** Reads one row after another. */
export class RowReader {
  #loose: LooseRowReader;
  #form: RowForm | undefined;
  /** Rows since the last one that had the form of the one before. */
  #lonely = 0;
  /** Whether the rows stepped over alike are lines, as an export writes them. */
  areLines = true;

  constructor(readonly scanner: JsonScanner) {
    this.#loose = new LooseRowReader(scanner);
  }

  /** Forgets the form of the rows so far: those of another table follow. */
  forget(): void {
    this.#form = undefined;
    this.#lonely = 0;
  }

  /**
   * Steps over one row, which must come next.
   *
   * @returns The names of its columns where it is plain: each column once, no value
   * nested or larger than 64 bits.
   * @throws {BackupError} where the next value is no JSON object.
   */
  skip(): string[] | undefined {
    const form = this.plain();
    if (!form) this.scanner.value();
    this.areLines = form?.isTight ?? false;
    return form?.names;
  }

  /**
   * Steps over one row, which must come next, if it is plain.
   *
   * @returns Where its values are in the window; `undefined` where it is not plain,
   * and has not been stepped over.
   * @throws {BackupError} where the next value is no JSON object.
   */
  plain(): RowForm | undefined {
    const end = this.#plainEnd();
    if (end < 0) return undefined;
    this.scanner.source.pos = end;
    return this.#form;
  }

  /**
   * Steps over the rows of the same form that follow the last one, and over the
   * commas before them.
   *
   * @returns How many there were; a call steps over some thousands at most.
   */
  skipAlike(): number {
    const form = this.#form;
    if (!form) return 0;
    const { source } = this.scanner;
    for (let rows = 0; rows < mostSkipped; rows++) {
      let end = this.#nextEnd(form);
      if (end < 0 && source.lookAhead()) end = this.#nextEnd(form);
      if (end < 0) return rows;
      source.pos = end;
      this.#lonely = 0;
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
    const form = this.plain();
    if (!form) return this.#loose.read();
    return plainRow(form, this.scanner.source.bytes);
  }

  /** Where the row after the next comma ends; negative where it has not this form. */
  #nextEnd(form: RowForm): number {
    const { bytes, pos } = this.scanner.source;
    const comma = spaceEnd(bytes, pos);
    if (bytes[comma] !== BYTE.comma) return -1;
    const next = spaceEnd(bytes, comma + 1);
    const end = form.match(bytes, next);
    const isLine = next === pos + 2 && bytes[pos + 1] === BYTE.newline;
    if (end >= 0 && !isLine) this.areLines = false;
    return end;
  }

  /** Where the next row ends; negative where it is not plain. */
  #plainEnd(): number {
    const { source } = this.scanner;
    if (this.scanner.peek() !== BYTE.openBrace) {
      throw this.scanner.fault("a row that is no object");
    }
    let end = this.#form?.match(source.bytes, source.pos) ?? -1;
    if (end < 0 && source.lookAhead()) {
      end = this.#form?.match(source.bytes, source.pos) ?? -1;
    }
    if (end < 0) return this.#learn(source.bytes, source.pos);
    this.#lonely = 0;
    return end;
  }

  // Where each row has another form, learning takes longer than it saves.
  #learn(bytes: Uint8Array, at: number): number {
    this.#lonely++;
    if (this.#lonely > mostLonely && this.#lonely % tryEvery > 0) return -1;
    this.#form = RowForm.of(bytes, at);
    return this.#form?.match(bytes, at) ?? -1;
  }
}

function plainRow(form: RowForm, bytes: Uint8Array): Row {
  const columns = form.names;
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
