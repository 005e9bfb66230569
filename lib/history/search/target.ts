/**
 * Which record is meant, by its key or its label, in any of the moments.
 *
 * @module
 */
import type { SchemaObject } from "../../database/schema.ts";
import { BackupError } from "../../errors.ts";
import {
  findTableName,
  noTable,
  plainText,
  type TypedName,
} from "../../record/key.ts";
import { counted, nearest, printable, quoted } from "../../text.ts";
import { cellText } from "../values.ts";
import type { Archive } from "./archive.ts";
import {
  columnIndex,
  type Definitions,
  type LineRow,
  type LineTable,
  readLine,
} from "./line_row.ts";
import type { LineTaker } from "./line_scan.ts";
import { needlePattern, numberPattern } from "./needle.ts";
import type { Seen, Visitor } from "./visit.ts";

/** A record by its table and key. */
export interface Target {
  table: string;
  key: string;
}

const isNumber = /^-?\d+$/;
/** How many candidates are named. */
const named = 10;

/** What finds the rows with a key. */
export function keyPattern({ key: columns }: LineTable, key: string): RegExp {
  const [column] = columns;
  if (columns.length === 1 && isNumber.test(key)) {
    return numberPattern(key, column);
  }
  return typedPattern(key, columns.length);
}

// A key of several columns is typed with commas between.
function typedPattern(typed: string, columns: number): RegExp {
  if (isNumber.test(typed)) return numberPattern(typed);
  const parts = columns > 1 ? typed.split(",") : [typed];
  const [longest] = parts.sort((a, b) => b.length - a.length);
  return needlePattern(longest!.trim());
}

/**
 * Finds the record that is meant: by the primary key, or else a unique value, or else
 * the label, in the newest moment that has one.
 *
 * @returns `undefined` if there is no such table and no name is similar: then it is a
 * text with a colon.
 * @throws {BackupError} if no moment has it, or several are called so.
 */
export async function findTarget(
  archive: Archive,
  definitions: Definitions,
  typed: Required<TypedName> & { key: string },
): Promise<Target | undefined> {
  const search = new TargetSearch(definitions, typed);
  await archive.show(search);
  const { found, tables } = search;
  if (search.table === undefined) {
    const names = [...tables];
    const isTable = /^\w+$/.test(typed.table) &&
      nearest(typed.table, names).length > 0;
    if (!isTable) return undefined;
    throw noTable(names, typed.table, "the history has no", "show lists them");
  }
  const [first] = found.values();
  if (!first) throw noRecord(search.table, typed.key);
  if (found.size > 1) throw several(found, typed.key);
  return { table: first.table, key: first.key };
}

function noRecord(table: string, key: string): BackupError {
  return new BackupError(
    `neither the database nor a backup has ${quoted(`${table}:${key}`)}; ` +
      `find ${quoted(key)} looks for it in all texts`,
  );
}

function several(found: Map<string, Target>, key: string): BackupError {
  const names = [...found.values()].slice(0, named)
    .map(({ table, key }) => `${printable(table)}:${key}`);
  const more = found.size - names.length;
  return new BackupError(
    `${counted(found.size, "record")} are called ${quoted(key)}: ${
      names.join(", ")
    }${more > 0 ? ` and ${more} more` : ""}; name one by its key`,
  );
}

class TargetSearch implements Visitor<never> {
  /** The table that is meant, if a moment has had it. */
  table: string | undefined;
  /** The names of all tables so far. */
  readonly tables = new Set<string>();
  /** The records that match best. */
  found = new Map<string, Target>();
  #rank = 3;

  constructor(
    readonly definitions: Definitions,
    readonly typed: { table: string; key: string },
  ) {}

  isDone(): boolean {
    return this.found.size > 0;
  }

  enter(_seen: Seen, schema: SchemaObject[]): LineTaker<never> {
    const names = schema.filter(({ type }) => type === "table")
      .map(({ name }) => name);
    for (const name of names) this.tables.add(name);
    const meant = findTableName(names, this.typed.table);
    if (meant !== undefined) this.table ??= meant;
    const known = meant && this.definitions.of(schema, meant);
    return {
      patternFor: (table) =>
        known && table === meant
          ? typedPattern(this.typed.key, known.key.length)
          : undefined,
      take: (table, line) => this.#take(table, line, known as LineTable),
      again: () => {},
      end: () => {},
    };
  }

  // It is done when the first moment has one: no line is asked for again.
  #take(table: string, line: string, known: LineTable): undefined {
    const row = readLine(line, known);
    const rank = this.#rankOf(row, known);
    if (row.key === undefined || rank > this.#rank || rank > 2) return;
    if (rank < this.#rank) this.found.clear();
    this.#rank = rank;
    this.found.set(row.key, { table, key: row.key });
  }

  /** How well a row matches: 0 is best, 3 not at all. */
  #rankOf(row: LineRow, { unique }: LineTable): number {
    const sought = plainText(this.typed.key);
    const isSame = (text: string | undefined) =>
      text !== undefined && plainText(text) === sought;
    if (isSame(row.key)) return 0;
    const values = unique.map((name) =>
      row.cells[columnIndex(row.columns, name)]
    );
    if (values.some((cell) => cell && isSame(cellText(cell)))) return 1;
    return isSame(row.label) ? 2 : 3;
  }
}
