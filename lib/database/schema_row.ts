/**
 * A row of the schema's table as it lies in a page of the file
 * (https://sqlite.org/fileformat2.html#record_format).
 *
 * @module
 */
import { foldName } from "./sql.ts";

/** What it says of a table, an index or whatever else. */
export interface SchemaRow {
  type: string;
  /** The table that it is, or belongs to, in lower case. */
  table: string;
  /** The page with which its tree begins; 0 if it has none. */
  root: number;
  /** The definition; `""` if it has none, `undefined` if it goes on in other pages. */
  sql: string | undefined;
}

/** How many bytes a number takes, by its type; the last two are 0 and 1 themselves. */
const numberSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads a row.
 *
 * @param leaf The page.
 * @param at Where the row begins.
 * @param usable How much of a page is used, in bytes.
 * @throws {RangeError} if it is none, or its names go on in another page.
 */
export function readSchemaRow(
  leaf: DataView,
  at: number,
  usable: number,
): SchemaRow {
  const cell = new Cursor(leaf, at);
  const size = cell.varint();
  cell.varint(); // The rowid.
  const value = new Cursor(leaf, cell.at);
  const end = cell.at + localSize(size, usable);
  value.at += cell.varint();
  const [type, , table, root, sql] = Array.from(
    { length: 5 },
    () => value.column(cell.varint(), end),
  );
  if (table === undefined || root === undefined) {
    throw new RangeError("no names in the page");
  }
  return {
    type: String(type),
    table: foldName(String(table)),
    root: Number(root),
    sql: sql === undefined ? undefined : String(sql),
  };
}

/** How much of a row of that size is in its leaf. */
function localSize(size: number, usable: number): number {
  const most = usable - 35;
  if (size <= most) return size;
  const least = Math.floor((usable - 12) * 32 / 255) - 23;
  const wanted = least + (size - least) % (usable - 4);
  return wanted <= most ? wanted : least;
}

/** A place in a page. */
class Cursor {
  constructor(readonly page: DataView, public at: number) {}

  /** The number here, which takes one to nine bytes. */
  varint(): number {
    let value = 0;
    for (let i = 0; i < 8; i++) {
      const byte = this.page.getUint8(this.at++);
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    return value * 256 + this.page.getUint8(this.at++);
  }

  /** The value of that type here, NULL as `""`; `undefined` if it doesn't end by `end`. */
  column(type: number, end: number): string | number | undefined {
    const isNumber = type < 12;
    const length = isNumber ? numberSizes[type]! : (type - 12) >> 1;
    const from = this.at;
    this.at += length;
    if (this.at > end) return undefined;
    const { buffer } = this.page;
    const bytes = new Uint8Array(buffer as ArrayBuffer, from, length);
    if (!isNumber) return decoder.decode(bytes);
    if (type === 0) return "";
    return bytes.reduce(
      (value, byte) => value * 256 + byte,
      type === 9 ? 1 : 0,
    );
  }
}
