/**
 * How many rows the tables in a database's file have, counted in its pages without SQLite,
 * and so without a lock.
 *
 * @module
 */
import { Pages } from "./pages.ts";
import { readSchemaRow, type SchemaRow } from "./schema_row.ts";

/** The rows of the tables in a file, each table counted when it is asked for. */
export class RowCounts implements Disposable {
  #pages: Pages;
  /** Where the trees begin that have an entry for each row, by table. */
  #roots: Map<string, number[]>;

  /**
   * @param path The file.
   * @throws {Error} if it can't be read, or is none that is known here.
   */
  constructor(path: string) {
    this.#pages = new Pages(path);
    try {
      this.#roots = rootsIn(readSchema(this.#pages));
    } catch (error) {
      this.#pages[Symbol.dispose]();
      throw error;
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#pages[Symbol.dispose]();
  }

  /**
   * Counts the rows of a table.
   *
   * @param table Its name in lower case.
   * @returns 0 without such a table.
   * @throws {Error} if that can't be done: a virtual table has no tree, and the pages of a
   * damaged file, or of one that is being written to, may not make one.
   */
  of(table: string): number {
    const roots = this.#roots.get(table);
    if (!roots) return 0;
    let rows = 0;
    this.#pages.visit(this.#smallest(roots), (page) => {
      // In an index trunks have entries, too.
      if (page.isLeaf || page.isIndex) rows += page.entries;
    });
    return rows;
  }

  #smallest(roots: number[]): number {
    const [own] = roots;
    if (roots.length === 1 || this.#pages.page(own!, 0).isLeaf) return own!;
    const sizes = roots.map((root) => this.#sizeOf(root));
    return roots[sizes.indexOf(Math.min(...sizes))]!;
  }

  /** About how many leaves a tree has, from what its first pages have below them. */
  #sizeOf(root: number): number {
    let size = 1;
    for (let number = root, level = 0;; level++) {
      const page = this.#pages.page(number, level);
      if (page.isLeaf) return size;
      const children = page.children();
      size *= children.length;
      number = children[0]!;
    }
  }
}

function readSchema(pages: Pages): SchemaRow[] {
  const rows: SchemaRow[] = [];
  pages.visit(1, (page) => {
    if (!page.isLeaf) return;
    const read = (at: number) => readSchemaRow(page.view, at, pages.usable);
    rows.push(...page.offsets().map(read));
  });
  return rows;
}

function rootsIn(schema: SchemaRow[]): Map<string, number[]> {
  const tables = schema.filter(({ type }) => type === "table");
  const roots = new Map(tables.map(({ table, root }) => [table, [root]]));
  const indexes = schema.filter(({ type }) => type === "index");
  for (const { table, root } of indexes.filter(hasEachRow)) {
    roots.get(table)?.push(root);
  }
  return roots;
}

// A partial index lacks rows. If the word is part of a name only, nothing is lost.
function hasEachRow({ sql }: SchemaRow): boolean {
  return sql !== undefined && !/where/i.test(sql);
}
