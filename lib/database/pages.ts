/**
 * The file of a database read page by page, without SQLite and so without a lock
 * (https://sqlite.org/fileformat2.html). SQLite could do so itself if it were told that
 * the file is immutable, but Deno 2.9.6 takes the name that says so for one that scoped
 * permissions don't cover.
 *
 * @module
 */
import { readInto, sizeOfFile } from "../file.ts";

const magic = "SQLite format 3\0";

/** Where the header has the size of pages, what is kept free of each, the encoding. */
const [pageSizeAt, reservedAt, encodingAt, headerSize] = [16, 20, 56, 100];

const utf8 = 1;

/** The kinds of pages, by their first byte. */
const [indexTrunk, tableTrunk, indexLeaf, tableLeaf] = [2, 5, 10, 13];

/** No tree has more levels. */
const deepest = 20;

/** A page of a tree: a leaf, or a trunk with pages below it. */
export class Page {
  readonly isLeaf: boolean;
  /** Whether it belongs to an index, or to a table without rowids. */
  readonly isIndex: boolean;
  /** How many entries it has. */
  readonly entries: number;
  /** All of it; the next page on its level takes the place. */
  readonly view: DataView;
  readonly #start: number;

  /**
   * @param bytes Its bytes.
   * @param start Where it begins, which is behind the header on the first page.
   * @throws {Error} if it is no page of a tree.
   */
  constructor(bytes: Uint8Array, start: number) {
    const view = new DataView(bytes.buffer);
    const kind = view.getUint8(start);
    if (![indexTrunk, tableTrunk, indexLeaf, tableLeaf].includes(kind)) odd();
    this.isLeaf = kind === indexLeaf || kind === tableLeaf;
    this.isIndex = kind === indexTrunk || kind === indexLeaf;
    this.entries = view.getUint16(start + 3);
    this.view = view;
    this.#start = start;
  }

  /** Where its entries begin. */
  offsets(): number[] {
    const list = this.#start + (this.isLeaf ? 8 : 12);
    const at = (_: unknown, i: number) => this.view.getUint16(list + 2 * i);
    return Array.from({ length: this.entries }, at);
  }

  /** The numbers of the pages below a trunk. */
  children(): number[] {
    const numbers = this.offsets().map((at) => this.view.getUint32(at));
    return [...numbers, this.view.getUint32(this.#start + 8)];
  }
}

/**
 * The pages of a database. Other programs may write to them meanwhile: whether they did is
 * for the caller to find out.
 */
export class Pages implements Disposable {
  /** How much of a page is used, in bytes. */
  readonly usable: number;
  #file: Deno.FsFile;
  #size: number;
  #count: number;
  /** The bytes of a page for each level of a tree. */
  #levels: Uint8Array[] = [];

  /**
   * @param path The file.
   * @throws {Error} if it can't be read, or its header is none that is known here.
   */
  constructor(path: string) {
    this.#file = Deno.openSync(path);
    try {
      const bytes = this.#read(0, new Uint8Array(headerSize));
      const header = new DataView(bytes.buffer);
      const begin = bytes.subarray(0, magic.length);
      if (new TextDecoder().decode(begin) !== magic) odd();
      if (header.getUint32(encodingAt) !== utf8) odd();
      // 65,536 doesn't fit into two bytes, and is written as 1.
      const size = header.getUint16(pageSizeAt);
      this.#size = size === 1 ? 65_536 : size;
      if (this.#size < 512) odd();
      this.usable = this.#size - header.getUint8(reservedAt);
      this.#count = Math.floor(sizeOfFile(this.#file) / this.#size);
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  /**
   * Reads a page.
   *
   * @param number Its number, from 1 on.
   * @param level On which level of a tree it is, from 0 on.
   * @throws {Error} if there is no such page, or it is none of a tree.
   */
  page(number: number, level: number): Page {
    if (number < 1 || number > this.#count || level >= deepest) odd();
    const bytes = this.#levels[level] ??= new Uint8Array(this.#size);
    this.#read((number - 1) * this.#size, bytes);
    return new Page(bytes, number === 1 ? headerSize : 0);
  }

  /**
   * Looks at all pages of a tree.
   *
   * @param root The page that it begins with.
   * @throws {Error} if they don't make a tree.
   */
  visit(root: number, onPage: (page: Page) => void): void {
    const { isIndex } = this.page(root, 0);
    let left = this.#count;
    const visit = (number: number, level: number) => {
      const page = this.page(number, level);
      if (page.isIndex !== isIndex || left-- === 0) odd();
      onPage(page);
      if (page.isLeaf) return;
      // Disks like the order of the file best.
      const children = page.children().sort((a, b) => a - b);
      for (const child of children) visit(child, level + 1);
    };
    visit(root, 0);
  }

  #read(offset: number, into: Uint8Array): Uint8Array {
    const count = readInto(into, this.#file, offset);
    return count === into.length ? into : odd();
  }
}

function odd(): never {
  throw new Error("not the pages of a database, or not of this moment");
}
