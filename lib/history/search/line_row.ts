/**
 * Rows out of lines: what they are called, and what is in them.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import type { CellValue, Kind } from "../../database/cells.ts";
import { openForWriting } from "../../database/connection.ts";
import { createObject } from "../../database/definitions.ts";
import { keysOf } from "../../database/keys.ts";
import {
  describeTable,
  type SchemaObject,
  type Table,
} from "../../database/schema.ts";
import { foldName } from "../../database/sql.ts";
import { BackupError } from "../../errors.ts";
import { rowsIn } from "../../format/batches.ts";
import { labelOf } from "../../record/label.ts";
import { primaryKey } from "../../record/row.ts";
import { isSecretColumn, SecretCells } from "../../record/secret.ts";
import { printable } from "../../text.ts";
import { type Cell, cellText } from "../values.ts";
import { bytesOf } from "./needle.ts";

/** A table of a moment. */
export interface LineTable {
  table: Table;
  /** The columns of the primary key. */
  key: string[];
  /** Columns that are unique by themselves. */
  unique: string[];
}

/** A row of a line. */
export interface LineRow {
  columns: readonly string[];
  cells: Cell[];
  /** Its key as a person types it, if it has one to show. */
  key: string | undefined;
  label: string | undefined;
}

/** What the tables of all moments are. */
export class Definitions {
  #db: Database | undefined;
  #known = new Map<string, LineTable | undefined>();

  /** Closes what was needed to find out. */
  close(): void {
    this.#db?.close();
  }

  /**
   * Finds a table of a moment; `undefined` if it is none that SQLite understands.
   *
   * @param schema The definitions of that moment.
   */
  of(schema: readonly SchemaObject[], name: string): LineTable | undefined {
    const entry = schema.find((entry) =>
      entry.type === "table" && foldName(entry.name) === foldName(name)
    );
    if (!entry) return undefined;
    if (!this.#known.has(entry.sql)) {
      this.#known.set(entry.sql, this.#describe(entry));
    }
    return this.#known.get(entry.sql);
  }

  #describe(entry: SchemaObject): LineTable | undefined {
    const db = this.#db ??= openForWriting(":memory:", { create: true });
    db.exec("SAVEPOINT soy_table");
    try {
      // What a backup's schema says can't be trusted: it may be any statement.
      if (createObject(db, entry) !== undefined) return undefined;
      const table = describeTable(db, entry);
      const unique = keysOf(db, table).map(({ columns }) => columns)
        .filter(({ length }) => length === 1).flat();
      return { table, key: primaryKey(table), unique };
    } catch {
      // Without its functions or modules there is no telling; its rows are shown by
      // what is in them.
      return undefined;
    } finally {
      db.exec("ROLLBACK TO soy_table; RELEASE soy_table");
    }
  }
}

/** Takes a line apart. */
export function readLine(
  line: string,
  known: LineTable | undefined,
): LineRow {
  // A row holds only as long as it is being looked at.
  for (const { columns, kinds, values } of rowsIn([bytesOf(line)])) {
    const cells = kinds.map((kind, i) => ownCell(kind, values[i]!));
    return { columns, cells, ...namesOf(columns, cells, known) };
  }
  throw new BackupError("it has a line that is no row");
}

function ownCell(kind: Kind, value: CellValue): Cell {
  return { kind, value: value instanceof Uint8Array ? value.slice() : value };
}

function namesOf(
  columns: readonly string[],
  cells: Cell[],
  known: LineTable | undefined,
): Pick<LineRow, "key" | "label"> {
  if (!known) return { key: undefined, label: undefined };
  const { table, key } = known;
  const cellOf = (name: string) => cells[columnIndex(columns, name)];
  const parts = key.map((name) => cellOf(name))
    .filter((cell) => cell && cell.kind !== "n" && cell.kind !== "b");
  const isShown = key.length > 0 && parts.length === key.length &&
    !key.some((name) => isSecretColumn(table.name, name));
  const label = labelOf(table, (name) => {
    const cell = cellOf(name);
    return cell?.kind === "t" ? cellText(cell) : undefined;
  });
  const typed = parts.map((cell) => cellText(cell!)).join(",");
  return { key: isShown ? printable(typed) : undefined, label };
}

/** The index of a column by its name in either case; negative: there is none. */
export function columnIndex(columns: readonly string[], name: string): number {
  return columns.findIndex((column) => foldName(column) === foldName(name));
}

/** The texts of rows that may be shown. */
export class OpenTexts {
  #last: { of: string; secrets: SecretCells } | undefined;

  /** The texts of a row, those of its columns in their order. */
  of(table: string, { columns, cells }: LineRow): (string | undefined)[] {
    const secrets = this.#secretsOf(table, columns);
    const textOf = (i: number) => cellText(cells[i]!);
    return cells.map(({ kind }, i) =>
      kind === "n" || kind === "b" || secrets.has(i, textOf)
        ? undefined
        : textOf(i)
    );
  }

  // Rows of a table come one after the other.
  #secretsOf(table: string, columns: readonly string[]): SecretCells {
    const of = JSON.stringify([table, columns]);
    if (this.#last?.of !== of) {
      this.#last = { of, secrets: new SecretCells(table, columns) };
    }
    return this.#last.secrets;
  }
}
