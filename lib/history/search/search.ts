/**
 * Records whose text says something, through all moments.
 *
 * @module
 */
import type { SchemaObject } from "../../database/schema.ts";
import { foldName } from "../../database/sql.ts";
import { plainText } from "../../record/key.ts";
import { printable } from "../../text.ts";
import type { Place } from "../moment.ts";
import { Archive } from "./archive.ts";
import { Definitions, OpenTexts, readLine } from "./line_row.ts";
import type { LineTaker } from "./line_scan.ts";
import { needlePattern, ownText } from "./needle.ts";
import type { Seen, Visitor } from "./visit.ts";

/** A record that was found. */
export interface FoundRecord {
  table: string;
  /** Its key as a person types it, if it has one to show. */
  key: string | undefined;
  label: string | undefined;
  /** Whether its label matches, and not only another text. */
  byLabel: boolean;
  /** The first and the last backup in which it matches; absent: in none. */
  first: Seen | undefined;
  last: Seen | undefined;
  /** Whether the database has it, and it matches there. */
  here: boolean;
}

/** What a search came to. */
export interface SearchResult {
  /** The records: those that are called so first, then by time, the latest first. */
  records: FoundRecord[];
  /** Whether there are more than were counted. */
  more: boolean;
  /** What could not be looked at, each a line. */
  leftOut: string[];
}

/** How many records are kept in mind. */
const mostRecords = 10_000;
/** How many lines are remembered, and how long one may be, in bytes. */
const mostLines = 20_000;
const longestLine = 2_000;

/** Finds records whose label or another text has some words in it, in either case. */
export async function searchText(
  place: Place,
  text: string,
): Promise<SearchResult> {
  const archive = new Archive(place);
  const search = new TextSearch(text);
  try {
    await archive.show(search);
  } finally {
    search.close();
  }
  return {
    records: search.records(),
    more: search.more,
    leftOut: [...archive.leftOut],
  };
}

/** What a line says that has been taken apart. */
interface KnownLine {
  id: string;
  table: string;
  key: string | undefined;
  label: string | undefined;
  byLabel: boolean;
}

class TextSearch implements Visitor<KnownLine> {
  more = false;
  #pattern: RegExp;
  #sought: string;
  #definitions = new Definitions();
  #openTexts = new OpenTexts();
  #found = new Map<string, FoundRecord>();
  /** Most lines are the same from day to day; `null`: it doesn't match. */
  #lines = new Map<string, KnownLine | null>();

  constructor(text: string) {
    this.#pattern = needlePattern(text);
    this.#sought = plainText(text);
  }

  isDone(): boolean {
    return false;
  }

  enter(seen: Seen, schema: SchemaObject[]): LineTaker<KnownLine> {
    return {
      patternFor: () => this.#pattern,
      take: (table, line) => {
        const known = this.#known(schema, table, line) ?? undefined;
        if (known) this.#note(seen, known);
        return known;
      },
      again: (known) => this.#note(seen, known),
      end: () => {},
    };
  }

  close(): void {
    this.#definitions.close();
  }

  /** What was found: what is called so first, then by time, the latest first. */
  records(): FoundRecord[] {
    const time = ({ here, last }: FoundRecord) =>
      here ? Infinity : last?.date?.getTime() ?? 0;
    return [...this.#found.values()].sort((a, b) => {
      const [one, other] = [this.#rank(a), this.#rank(b)];
      if (one !== other) return one - other;
      const [early, late] = [time(a), time(b)];
      return early === late ? 0 : early < late ? 1 : -1;
    });
  }

  /** 0 for a record of just that name, 1 if its name has the words in it. */
  #rank({ label, byLabel }: FoundRecord): number {
    if (!byLabel) return 2;
    return label !== undefined && plainText(label) === this.#sought ? 0 : 1;
  }

  #known(
    schema: SchemaObject[],
    table: string,
    line: string,
  ): KnownLine | null {
    if (line.length > longestLine) return this.#read(schema, table, line);
    const name = `${table} ${line}`;
    const found = this.#lines.get(name);
    if (found !== undefined) return found;
    const known = this.#read(schema, table, line);
    if (this.#lines.size >= mostLines) this.#lines.clear();
    this.#lines.set(`${table} ${ownText(line)}`, known);
    return known;
  }

  #read(
    schema: SchemaObject[],
    table: string,
    line: string,
  ): KnownLine | null {
    const known = this.#definitions.of(schema, table);
    const row = readLine(line, known);
    const { key, label } = row;
    const texts = this.#openTexts.of(table, row);
    const has = (text: string | undefined) =>
      text !== undefined && plainText(text).includes(this.#sought);
    if (!texts.some(has)) return null;
    const id = `${foldName(table)} ${key ?? ownText(line)}`;
    return { id, table, key, label, byLabel: has(label) };
  }

  #note(seen: Seen, known: KnownLine): void {
    const { id, table, key, label, byLabel } = known;
    let found = this.#found.get(id);
    if (!found) {
      if (this.#found.size >= mostRecords) {
        this.more = true;
        return;
      }
      const none = { first: undefined, last: undefined, here: false };
      found = { table: printable(table), key, label, byLabel, ...none };
      this.#found.set(id, found);
    }
    if (seen.date === undefined) {
      found.here = true;
      return;
    }
    if (isBefore(seen, found.first)) found.first = seen;
    if (!found.last || isBefore(found.last, seen)) {
      found.last = seen;
      if (!found.here) Object.assign(found, { label, byLabel });
    }
  }
}

function isBefore(seen: Seen, other: Seen | undefined): boolean {
  return !other || seen.date!.getTime() < other.date!.getTime();
}
