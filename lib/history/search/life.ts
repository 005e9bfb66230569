/**
 * The life of a record: when it was first seen, each change, and when it was last seen.
 *
 * @module
 */
import type { SchemaObject } from "../../database/schema.ts";
import { foldName } from "../../database/sql.ts";
import { type TypedName } from "../../record/key.ts";
import { SecretCells } from "../../record/secret.ts";
import type { ColumnChange } from "../leftovers.ts";
import type { Place } from "../moment.ts";
import { type Cell, cellText } from "../values.ts";
import { Archive } from "./archive.ts";
import {
  Definitions,
  type LineRow,
  type LineTable,
  readLine,
} from "./line_row.ts";
import type { LineTaker } from "./line_scan.ts";
import { ownText } from "./needle.ts";
import { findTarget, keyPattern, type Target } from "./target.ts";
import type { Seen, Visitor } from "./visit.ts";

/** What happened to a record from one moment to the next. */
export interface LifeEvent {
  kind: "first" | "changed" | "gone" | "back";
  /** The moment in which it shows. */
  seen: Seen;
  columns: ColumnChange[];
}

/** The life of a record. */
export interface Life extends Target {
  label: string | undefined;
  events: LifeEvent[];
  /** The last backup that has it; `undefined`: only the database has. */
  last: Seen | undefined;
  /** How many backups have it. */
  backups: number;
  /** Whether the database has it. */
  here: boolean;
  /** What could not be looked at, each a line. */
  leftOut: string[];
}

/**
 * Follows a record through all moments.
 *
 * @returns `undefined` if it is not a record that was named, but a text.
 * @throws {BackupError} if no moment has it, or several are called so.
 */
export async function lifeOf(
  place: Place,
  { table, key }: TypedName,
): Promise<Life | undefined> {
  if (key === undefined || table === "") return undefined;
  const archive = new Archive(place);
  const definitions = new Definitions();
  try {
    const target = await findTarget(archive, definitions, { table, key });
    if (!target) return undefined;
    const follower = new Follower(definitions, target);
    await archive.show(follower);
    return { ...follower.life(), leftOut: [...archive.leftOut] };
  } finally {
    definitions.close();
  }
}

/** A row as some moments have it. */
interface Version {
  line: string;
  known: LineTable;
}

/** What a moment has. */
interface State {
  seen: Seen;
  version: Version | undefined;
}

class Follower implements Visitor<Version> {
  #states: State[] = [];
  /** Most moments have the same row. */
  #versions = new Map<string, Version>();

  constructor(readonly definitions: Definitions, readonly target: Target) {}

  isDone(): boolean {
    return false;
  }

  enter(seen: Seen, schema: SchemaObject[]): LineTaker<Version> {
    const name = foldName(this.target.table);
    const known = this.definitions.of(schema, name);
    const state: State = { seen, version: undefined };
    return {
      patternFor: (table) =>
        known && foldName(table) === name
          ? keyPattern(known, this.target.key)
          : undefined,
      take: (_table, line) => {
        if (readLine(line, known).key !== this.target.key) return undefined;
        return state.version = this.#version(line, known!);
      },
      again: (version) => state.version = version,
      // What broke off says nothing of a record that did not come.
      end: () => this.#states.push(state),
    };
  }

  life(): Omit<Life, "leftOut"> {
    const states = this.#states.sort((a, b) => timeOf(a) - timeOf(b));
    const having = states.filter(({ version }) => version);
    const backups = having.filter(({ seen }) => seen.date !== undefined);
    const { version } = having.at(-1)!;
    return {
      ...this.target,
      label: readLine(version!.line, version!.known).label,
      events: eventsOf(states),
      last: backups.at(-1)?.seen,
      backups: backups.length,
      here: having.length > backups.length,
    };
  }

  #version(line: string, known: LineTable): Version {
    let version = this.#versions.get(line);
    if (!version) {
      const own = ownText(line);
      version = { line: own, known };
      this.#versions.set(own, version);
    }
    return version;
  }
}

function timeOf({ seen }: State): number {
  return seen.date?.getTime() ?? Infinity;
}

function eventsOf(states: readonly State[]): LifeEvent[] {
  const events: LifeEvent[] = [];
  let [last, isThere]: [Version | undefined, boolean] = [undefined, false];
  for (const { seen, version } of states) {
    if (version) {
      const columns = last && last !== version ? changes(last, version) : [];
      if (!last) events.push({ kind: "first", seen, columns });
      else if (!isThere) events.push({ kind: "back", seen, columns });
      else if (columns.length > 0) {
        events.push({ kind: "changed", seen, columns });
      }
      last = version;
    } else if (isThere) events.push({ kind: "gone", seen, columns: [] });
    isThere = version !== undefined;
  }
  return events;
}

const nothing: Cell = { kind: "n", value: null };

function changes(before: Version, after: Version): ColumnChange[] {
  const { name } = after.known.table;
  const [a, b] = [before, after].map(({ line, known }) =>
    readLine(line, known)
  ) as [LineRow, LineRow];
  const columns = [...new Set([...a.columns, ...b.columns])];
  return columns.flatMap((column) => {
    const [old, now] = [cellOf(a, column), cellOf(b, column)];
    if (isSame(old, now)) return [];
    const secret = isSecret(name, a, column) || isSecret(name, b, column);
    return [{ name: column, before: old, after: now, secret }];
  });
}

function cellOf({ columns, cells }: LineRow, column: string): Cell {
  return cells[columns.indexOf(column)] ?? nothing;
}

function isSame(a: Cell, b: Cell): boolean {
  if (a.kind !== b.kind) return false;
  return a.value instanceof Uint8Array
    ? a.value.toBase64() === (b.value as Uint8Array).toBase64()
    : Object.is(a.value, b.value);
}

function isSecret(
  table: string,
  { columns, cells }: LineRow,
  column: string,
): boolean {
  const i = columns.indexOf(column);
  const textOf = (i: number) => cellText(cells[i]!);
  return i >= 0 && new SecretCells(table, columns).has(i, textOf);
}
