/**
 * Rows of a table that are not the same in two databases, side by side in temporary
 * tables, where SQLite finds out which became which.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { sameBytes } from "../bytes.ts";
import { RowBinder } from "../database/bind.ts";
import { type RawRow, readCells } from "../database/cells.ts";
import { scalar } from "../database/connection.ts";
import type { Key } from "../database/keys.ts";
import type { Table } from "../database/schema.ts";
import { balanced, foldName } from "../database/sql.ts";
import { nameSql, type RecordRow, shownName } from "../record/row.ts";
import { SecretCells } from "../record/secret.ts";
import { type Cell, cellText } from "./values.ts";

/** What became of a row. */
export type RowState = "new" | "changed" | "gone";

/** A row that is not the same. */
export interface RowChange extends Pick<RecordRow, "key" | "label"> {
  state: RowState;
  /** The columns of a changed row that have other values. */
  columns: ColumnChange[];
}

/** A column of a changed row. */
export interface ColumnChange {
  name: string;
  before: Cell;
  after: Cell;
  /** Whether its value may be a secret. */
  secret: boolean;
}

/** How many rows there are of each state. */
export type RowCounts = Record<RowState, number>;

/** Collations that every engine has. */
const collations = ["BINARY", "NOCASE", "RTRIM"];

/** The rows of one table. */
export class Leftovers {
  #tables: { before: string; after: string; pairs: string; same: string };
  #binders: Record<"before" | "after", RowBinder>;
  #columns: string[];

  /**
   * @param work A database for temporary tables.
   * @param table The table as it became, with the columns that it has in both.
   * @param number Tells the tables of one comparison apart.
   */
  constructor(readonly work: Database, readonly table: Table, number: number) {
    const name = (what: string) => `temp.soy_${what}_${number}`;
    this.#tables = {
      before: name("before"),
      after: name("after"),
      pairs: name("pairs"),
      same: name("same"),
    };
    // Without a type, a column keeps every value as it is.
    this.#columns = table.columns.map((_, i) => `c${i}`);
    const { before, after, pairs } = this.#tables;
    const columns = ["n INTEGER PRIMARY KEY", ...this.#columns].join(", ");
    work.exec(
      `CREATE TABLE ${before} (${columns}); CREATE TABLE ${after} (${columns});` +
        `CREATE TABLE ${pairs} (before INTEGER PRIMARY KEY, after INTEGER UNIQUE)`,
    );
    const binder = (into: string) =>
      new RowBinder(
        work,
        "UTF-8",
        (cells) =>
          `INSERT INTO ${into} (${this.#columns.join(", ")}) ` +
          `VALUES (${cells.join(", ")})`,
      );
    this.#binders = { before: binder(before), after: binder(after) };
  }

  /** Takes a row, with its text in UTF-8. */
  add(side: "before" | "after", { kinds, values }: RawRow): void {
    this.#binders[side].run(kinds, values);
  }

  /**
   * Finds out which rows became which: those with the same values are the same, as
   * many times as both have them; the others are matched by key.
   *
   * @param keys The keys, the first one first.
   */
  match(keys: readonly Key[]): RowCounts {
    for (const binder of Object.values(this.#binders)) binder.finalize();
    this.#dropSame();
    for (const key of keys) this.#pairBy(key);
    const { before, after, pairs } = this.#tables;
    const [gone, added, changed] = [before, after, pairs].map((table) =>
      scalar(this.work, `SELECT count(*) FROM ${table}`) as number
    ) as [number, number, number];
    return { new: added - changed, changed, gone: gone - changed };
  }

  /** The rows: changed ones first, then new ones, then those that are gone. */
  *changes(): Generator<RowChange> {
    yield* this.#changed();
    yield* this.#unpaired("new");
    yield* this.#unpaired("gone");
  }

  #dropSame(): void {
    const { before, after, same } = this.#tables;
    const cells = this.#columns.map((cell) => `${cell} COLLATE BINARY`);
    const types = this.#columns.map((cell) => `substr(typeof(${cell}), 1, 1)`);
    const values = ["types", ...cells].join(", ");
    const rows = (side: number, table: string) =>
      `SELECT ${side} AS side, n, ${balanced(types, "||")} AS types, ` +
      `${this.#columns.join(", ")} FROM ${table}`;
    this.work.exec(
      `CREATE TABLE ${same} AS SELECT side, n FROM (SELECT side, n, ` +
        `row_number() OVER (PARTITION BY side, ${values} ORDER BY n) AS k, ` +
        `count(*) FILTER (WHERE side = 0) OVER (PARTITION BY ${values}) AS b, ` +
        `count(*) FILTER (WHERE side = 1) OVER (PARTITION BY ${values}) AS a ` +
        `FROM (${rows(0, before)} UNION ALL ${rows(1, after)})) ` +
        `WHERE k <= min(a, b);` +
        `DELETE FROM ${before} WHERE n IN (SELECT n FROM ${same} WHERE side = 0);` +
        `DELETE FROM ${after} WHERE n IN (SELECT n FROM ${same} WHERE side = 1);` +
        `DROP TABLE ${same}`,
    );
  }

  // NULL is no key: it is equal to nothing.
  #pairBy({ columns, collations: given }: Key): void {
    const names = this.table.columns.map(({ name }) => foldName(name));
    const cells = columns.map((name) => names.indexOf(foldName(name)));
    if (cells.includes(-1)) return;
    const key = cells.map((i, part) => {
      const known = collations.includes(given[part]!) ? given[part]! : "BINARY";
      return `c${i} COLLATE ${known}`;
    });
    const { before, after, pairs } = this.#tables;
    const index = `${after}_key`;
    const indexed = after.replace("temp.", "");
    const equal = key.map((cell) => `a.${cell} = b.${cell}`);
    this.work.exec(
      `CREATE INDEX ${index} ON ${indexed} (${key.join(", ")});` +
        `INSERT OR IGNORE INTO ${pairs} SELECT b.n, a.n FROM ${before} AS b ` +
        `JOIN ${after} AS a ON ${balanced(equal, "AND")} ` +
        `WHERE b.n NOT IN (SELECT before FROM ${pairs}) ` +
        `AND a.n NOT IN (SELECT after FROM ${pairs});` +
        `DROP INDEX ${index}`,
    );
  }

  *#changed(): Generator<RowChange> {
    const { pairs } = this.#tables;
    // Two rows follow each other: as many columns as a table has, a row can give.
    const side = (number: number, table: "before" | "after") =>
      `SELECT p.before AS pair, ${number} AS side, ${this.#named("r")} ` +
      `FROM ${pairs} AS p JOIN ${this.#tables[table]} AS r ON r.n = p.${table}`;
    const from = `(${side(0, "before")} UNION ALL ${side(1, "after")} ` +
      "ORDER BY pair, side)";
    const secrets = this.#secrets();
    let old: RawRow | undefined;
    for (const row of this.#read(from)) {
      if (!old) {
        old = { kinds: [...row.kinds], values: row.values.map(kept) };
        continue;
      }
      const columns = this.#differences(old, row, secrets);
      old = undefined;
      yield { state: "changed", ...shownNameOf(row), columns };
    }
  }

  *#unpaired(state: "new" | "gone"): Generator<RowChange> {
    const side = state === "new" ? "after" : "before";
    const { pairs } = this.#tables;
    const from =
      `(SELECT ${this.#named("r")} FROM ${this.#tables[side]} AS r ` +
      `WHERE r.n NOT IN (SELECT ${side} FROM ${pairs}) ORDER BY r.n)`;
    for (const row of readCells(this.work, ["k", "l"], from)) {
      yield { state, ...shownNameOf(row), columns: [] };
    }
  }

  #read(from: string): Generator<RawRow> {
    return readCells(this.work, ["k", "l", ...this.#columns], from);
  }

  #named(row: string): string {
    const [key, label] = nameSql(this.table, (i) => `${row}.c${i}`);
    const cells = this.#columns.map((cell) => `${row}.${cell} AS ${cell}`);
    return `${key} AS k, ${label} AS l, ${cells.join(", ")}`;
  }

  #secrets(): SecretCells {
    const { name, columns } = this.table;
    return new SecretCells(name, columns.map(({ name }) => name));
  }

  #differences(
    old: RawRow,
    row: RawRow,
    secrets: SecretCells,
  ): ColumnChange[] {
    const cellOf = (row: RawRow, i: number): Cell => ({
      kind: row.kinds[i + 2]!,
      value: kept(row.values[i + 2]!),
    });
    return this.table.columns.flatMap(({ name }, i) => {
      const [before, after] = [cellOf(old, i), cellOf(row, i)];
      if (sameCell(before, after)) return [];
      const textOf = (i: number) => cellText(cellOf(row, i));
      return [{ name, before, after, secret: secrets.has(i, textOf) }];
    });
  }
}

function shownNameOf({ values: [key, label] }: RawRow) {
  const textOf = (value: unknown) =>
    value instanceof Uint8Array ? cellText({ kind: "t", value }) : null;
  return shownName(textOf(key), textOf(label));
}

// The bytes of a row are gone when the next one is read.
function kept<T>(value: T | Uint8Array): T | Uint8Array {
  return value instanceof Uint8Array ? value.slice() : value;
}

function sameCell(a: Cell, b: Cell): boolean {
  if (a.kind !== b.kind) return false;
  return a.value instanceof Uint8Array && b.value instanceof Uint8Array
    ? sameBytes(a.value, b.value)
    : a.value === b.value;
}
