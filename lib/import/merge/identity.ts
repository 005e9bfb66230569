/**
 * Local rows that have the number of another record in the backup.
 *
 * Numbers are handed out anew in every database. After a fresh start, or on a second
 * machine, contact 1 is another person than contact 1 of the backup, and must not be
 * overwritten unasked.
 *
 * @module
 */
import { RowBinder } from "../../database/bind.ts";
import { rowsOf, scalar } from "../../database/connection.ts";
import { type Key, keysOf } from "../../database/keys.ts";
import { type Column, rowidColumn, type Table } from "../../database/schema.ts";
import { balanced, foldName, identifier } from "../../database/sql.ts";
import {
  cut,
  LABEL_LENGTH,
  labelIndex,
  titleIndex,
} from "../../record/label.ts";
import { onDisk, TEMPORARY } from "../../faults.ts";
import { printable } from "../../text.ts";
import type { MappedRow } from "../load/columns.ts";
import { type LoadContext, loadRows } from "../load/loader.ts";
import type { RowTarget } from "../load/target.ts";
import type { PlannedTable } from "../plan.ts";
import type { Conflict } from "../report.ts";
import { conflictsTable, IDENTITIES } from "./temporary.ts";

/** The conflicts of one table. */
export interface TableConflicts {
  table: Table;
  /** How many there are. */
  count: number;
  /** A few of them, by number. */
  examples: Conflict[];
  /** The temporary table that holds all of them, their numbers as `k`. */
  rows: string;
  /** The highest number that the backup has in this table. */
  highest: number | bigint;
}

/** How many conflicts are named. */
const few = 5;

/** What tells the records of a table apart, as indexes of its columns. */
interface Identity {
  key: number;
  created: number;
  title: number;
  /** Keys besides the primary key. */
  unique: number[][];
}

/**
 * Finds the local rows that are evidently another record than the backup's row with
 * the same number: they were created at another moment, they have another title or
 * another natural key, and the backup does not have them under another number.
 *
 * @param number Tells the tables of one import apart.
 * @returns `undefined` if there are none.
 */
export async function findConflicts(
  context: LoadContext,
  planned: PlannedTable,
  number: number,
): Promise<TableConflicts | undefined> {
  const { db } = context;
  const { table } = planned;
  const identity = identityOf(table, keysOf(db, table).slice(1));
  if (!identity) return undefined;
  const identities = new Identities(context, table, identity);
  try {
    return await onDisk(TEMPORARY, async () => {
      await loadRows(context, planned, identities);
      return identities.conflicts(number);
    });
  } finally {
    identities.drop();
  }
}

function identityOf(table: Table, keys: Key[]): Identity | undefined {
  const key = rowidColumn(table);
  const names = table.columns.map(({ name }) => foldName(name));
  const created = names.indexOf("created_at");
  if (!key || created < 0) return undefined;
  const title = labelIndex(table);
  const unique = keys.map(({ columns }) =>
    columns.map((name) => names.indexOf(foldName(name)))
  );
  if (title < 0 && unique.length === 0) return undefined;
  return { key: table.columns.indexOf(key), created, title, unique };
}

/** What the backup's rows are known by, in a temporary table. */
class Identities implements RowTarget {
  #columns: number[];
  #binder: RowBinder;

  constructor(
    { db, encoding }: LoadContext,
    readonly table: Table,
    readonly identity: Identity,
  ) {
    const { key, created, title, unique } = identity;
    const all = [key, created, title, ...unique.flat()];
    this.#columns = [...new Set(all)].filter((i) => i >= 0);
    const columns = this.#columns
      .map((i) => `${this.#name(i)} AS c${i}`).join(", ");
    db.exec(
      `CREATE TABLE ${IDENTITIES} AS SELECT ${columns} ` +
        `FROM main.${identifier(table.name)} WHERE 0`,
    );
    const names = this.#columns.map((i) => `c${i}`).join(", ");
    const into = `INSERT INTO ${IDENTITIES} (${names})`;
    this.#binder = new RowBinder(
      db,
      encoding,
      (cells) => `${into} VALUES (${cells.join(", ")})`,
    );
  }

  add(_n: number, { kinds, values }: MappedRow): void {
    this.#binder.run(
      this.#columns.map((i) => kinds[i]!),
      this.#columns.map((i) => values[i]!),
    );
  }

  batchSql(cells: string[], _mask: string, from: string): string {
    const names = this.#columns.map((i) => `c${i}`).join(", ");
    const given = this.#columns.map((i) => cells[i]).join(", ");
    return `INSERT INTO ${IDENTITIES} (${names}) SELECT ${given} FROM ${from}`;
  }

  conflicts(number: number): TableConflicts | undefined {
    const { table, identity: { key, title, unique } } = this;
    const { db } = this.#binder;
    // Each row in question is searched for under other numbers.
    for (const [i, columns] of unique.entries()) {
      const cells = columns.map((column) => `c${column}`).join(", ");
      db.exec(
        `CREATE INDEX ${IDENTITIES}_${i} ON soy_identities (${cells})`,
      );
    }
    const rows = conflictsTable(number);
    // Content tells records apart, but is no name to show.
    const isNamed = title >= 0 && title === titleIndex(table);
    const name = (cell: string) => isNamed ? cut(cell) : "NULL";
    db.exec(
      `CREATE TABLE ${rows} AS SELECT t.${this.#name(key)} AS k, ` +
        `${name(this.#local(title))} AS local, ${
          name(`s.c${title}`)
        } AS backup ` +
        `FROM ${IDENTITIES} AS s JOIN main.${identifier(table.name)} AS t ` +
        `ON t.${this.#name(key)} = s.c${key} WHERE ${this.#isOther()}`,
    );
    const count = scalar(db, `SELECT count(*) FROM ${rows}`) as number;
    if (count === 0) {
      db.exec(`DROP TABLE ${rows}`);
      return undefined;
    }
    const highest = scalar(db, `SELECT max(c${key}) FROM ${IDENTITIES}`);
    return {
      table,
      count,
      examples: this.#examples(rows),
      rows,
      highest: highest as number | bigint,
    };
  }

  drop(): void {
    this.#binder.finalize();
    this.#binder.db.exec(`DROP TABLE IF EXISTS ${IDENTITIES}`);
  }

  #name(i: number): string {
    return identifier((this.table.columns[i] as Column).name);
  }

  #local(i: number): string {
    return i < 0 ? "NULL" : `t.${this.#name(i)}`;
  }

  #examples(rows: string): Conflict[] {
    const first =
      `SELECT k, local, backup FROM ${rows} ORDER BY k LIMIT ${few}`;
    const shown = (name: unknown) =>
      typeof name === "string" ? printable(name, LABEL_LENGTH) : undefined;
    return rowsOf<[number, unknown, unknown]>(this.#binder.db, first)
      .map(([key, local, backup]) => ({
        key,
        local: shown(local),
        backup: shown(backup),
      }));
  }

  #isOther(): string {
    const { created, title, unique } = this.identity;
    const moments = [`s.c${created}`, this.#local(created)]
      .map((cell) => `ifnull(datetime(${cell}), ${cell})`);
    const differences = [
      ...(title < 0 ? [] : [this.#differs([title])]),
      ...unique.map((columns) => this.#differs(columns)),
    ];
    return balanced([
      `${moments[0]} <> ${moments[1]}`,
      balanced(differences, "OR"),
      ...unique.map((columns) => `NOT ${this.#isElsewhere(columns)}`),
    ], "AND");
  }

  // NULL is no key, and a column that the backup lacks tells nothing.
  #differs(columns: number[]): string {
    const known = columns.flatMap((i) => [
      `s.c${i} IS NOT NULL`,
      `${this.#local(i)} IS NOT NULL`,
    ]);
    const other = columns.map((i) => `s.c${i} <> ${this.#local(i)}`);
    return balanced([...known, balanced(other, "OR")], "AND");
  }

  #isElsewhere(columns: number[]): string {
    const { key } = this.identity;
    const same = columns.map((i) => `o.c${i} = ${this.#local(i)}`);
    return `EXISTS (SELECT 1 FROM ${IDENTITIES} AS o WHERE ` +
      `${balanced(same, "AND")} AND o.c${key} <> ${this.#local(key)})`;
  }
}
