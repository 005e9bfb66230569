/**
 * Rows out of a backup: JSON objects into cells.
 *
 * @module
 */
import type { CellValue, Kind, Row } from "../database/cells.ts";
import type { JsonScanner } from "./json_scanner.ts";
import { BYTE, spaceEnd, wordEnd } from "./json_syntax.ts";
import { RowParser } from "./row_parser.ts";
import { RowShape, type SimpleKind } from "./row_shape.ts";
import { parseInteger, parseReal, unescaped } from "./values.ts";
import { ROW_SEPARATOR } from "./version1.ts";

/** The most rows stepped over at a time. */
const mostSkipped = 4096;
/**
 * After so many rows without the shape of the row before, a shape is learned only now
 * and then: if each row has another one, learning takes longer than it saves.
 */
const mostMisses = 16;
const learnEvery = 64;

/** Reads one row after another. */
export class RowReader {
  #parser: RowParser;
  #shape: RowShape | undefined;
  /** Rows since the last one that had the shape of the one before. */
  #misses = 0;
  /** Whether the rows of one shape stepped over are lines, as an export writes them. */
  areLines = true;

  constructor(readonly scanner: JsonScanner) {
    this.#parser = new RowParser(scanner);
  }

  /** Forgets the shape of the rows so far: those of another table follow. */
  forget(): void {
    this.#shape = undefined;
    this.#misses = 0;
  }

  /**
   * Steps over one row, which must come next.
   *
   * @returns The names of its columns if it has simple values and each column once.
   * @throws {BackupError} if the next value is not a JSON object.
   */
  skip(): string[] | undefined {
    const shape = this.#fast();
    if (!shape) this.scanner.value();
    this.areLines = shape?.isCompact ?? false;
    return shape?.names;
  }

  /**
   * Steps over the rows of the same shape that follow the last one, and over the
   * commas before them.
   *
   * @returns How many there were; a call steps over some thousands at most.
   */
  skipSameShape(): number {
    const shape = this.#shape;
    if (!shape) return 0;
    const { source } = this.scanner;
    for (let rows = 0; rows < mostSkipped; rows++) {
      let end = this.#nextEnd(shape);
      if (end < 0 && source.lookAhead()) end = this.#nextEnd(shape);
      if (end < 0) return rows;
      source.pos = end;
      this.#misses = 0;
    }
    return mostSkipped;
  }

  /**
   * Reads one row, which must come next. Its bytes are views that hold until
   * the next row is read.
   *
   * @throws {BackupError} if it is not an object, a column comes twice, or SQLite
   * cannot hold a value.
   */
  read(): Row {
    const shape = this.#fast();
    if (!shape) return this.#parser.read();
    return simpleRow(shape, this.scanner.source.bytes);
  }

  /**
   * Steps over one row, which must come next, if it has a shape.
   *
   * @returns Where its values are in the window; `undefined` if it has none, and has not
   * been stepped over.
   */
  #fast(): RowShape | undefined {
    const end = this.#simpleEnd();
    if (end < 0) return undefined;
    this.scanner.source.pos = end;
    return this.#shape;
  }

  /** Where the row after the next comma ends; negative if it has another shape. */
  #nextEnd(shape: RowShape): number {
    const { bytes, pos } = this.scanner.source;
    const comma = spaceEnd(bytes, pos);
    if (bytes[comma] !== BYTE.comma) return -1;
    const next = spaceEnd(bytes, comma + 1);
    const end = shape.match(bytes, next);
    const isLine = next === wordEnd(ROW_SEPARATOR, bytes, pos);
    if (end >= 0 && !isLine) this.areLines = false;
    return end;
  }

  /** Where the next row ends; negative if it has values that are not simple. */
  #simpleEnd(): number {
    const { source } = this.scanner;
    if (this.scanner.peek() !== BYTE.openBrace) {
      throw this.scanner.fault("a row that is no object");
    }
    let end = this.#shape?.match(source.bytes, source.pos) ?? -1;
    if (end < 0 && source.lookAhead()) {
      end = this.#shape?.match(source.bytes, source.pos) ?? -1;
    }
    if (end < 0) return this.#learn(source.bytes, source.pos);
    this.#misses = 0;
    return end;
  }

  #learn(bytes: Uint8Array, at: number): number {
    this.#misses++;
    if (this.#misses > mostMisses && this.#misses % learnEvery > 0) return -1;
    this.#shape = RowShape.of(bytes, at);
    return this.#shape?.match(bytes, at) ?? -1;
  }
}

function simpleRow(shape: RowShape, bytes: Uint8Array): Row {
  const columns = shape.names;
  const kinds: Kind[] = [];
  const values: CellValue[] = [];
  for (let i = 0; i < columns.length; i++) {
    const kind = shape.kinds[i]!;
    const inside = bytes.subarray(shape.starts[i], shape.ends[i]);
    kinds.push(kindOf(kind));
    values.push(cellOf(kind, inside));
  }
  return { columns, kinds, values };
}

function kindOf(kind: SimpleKind): Kind {
  if (kind === "e") return "t";
  return kind === "true" || kind === "false" ? "i" : kind;
}

function cellOf(kind: SimpleKind, bytes: Uint8Array): CellValue {
  if (kind === "t") return bytes;
  if (kind === "n") return null;
  if (kind === "i") return parseInteger(bytes)!;
  if (kind === "e") return unescaped(bytes);
  if (kind === "r") return parseReal(bytes);
  return kind === "true" ? 1 : 0;
}
