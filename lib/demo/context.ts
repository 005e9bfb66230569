import { Random } from "./random.ts";

/** What a column takes. */
export type Value = string | number | null;

/** A row: values by column name, every row of a table with the same columns. */
export type Row = Record<string, Value>;

/** Makes the rows of one table one by one, from random numbers of its own. */
export type RowMaker = (
  context: SampleContext,
  random: Random,
) => Iterable<Row>;

/** The makers of rows, by table. */
export type RowMakers = Record<string, RowMaker>;

/** A table that grows with use. */
export type GrowingTable = keyof typeof VOLUMES;

/** Rows of the tables that grow with use, at scale 1. */
export const VOLUMES = {
  notes: 160,
  activity_log: 800,
  contact_interactions: 300,
  emails: 1250,
  calendar_events: 240,
  transcripts: 12.5,
  slack_messages: 2500,
  signals: 60,
};

/** How far back the history goes, in days. */
const HISTORY = 540;
const DAY = 24 * 60 * 60 * 1000;

/** What every maker of rows needs to know: how many, and what time it is. */
export class SampleContext {
  readonly #seed: number;
  readonly #scale: number;
  readonly #now: number;

  /** Takes the seed, the factor for volumes and the present. */
  constructor(seed: number, scale: number, now: Date) {
    this.#seed = seed;
    this.#scale = scale;
    this.#now = now.getTime();
  }

  /** The random numbers of a stream: for the same name the same again. */
  random(stream: string): Random {
    return new Random(this.#seed, stream);
  }

  /** How many rows a table that grows with use gets: one at least. */
  count(table: GrowingTable): number {
    return Math.max(1, Math.round(VOLUMES[table] * this.#scale));
  }

  /**
   * The age in days of row `index` (from 0) of `count` rows that are spread
   * over the history, oldest first.
   */
  age(index: number, count: number, random: Random): number {
    return HISTORY * (1 - (index + random.next()) / count);
  }

  /** Seconds since 1970, so many days ago. */
  seconds(daysAgo: number): number {
    return Math.floor((this.#now - daysAgo * DAY) / 1000);
  }

  /** `2026-03-01T09:00:00Z`, so many days ago; the future has negative days. */
  iso(daysAgo: number): string {
    const date = new Date(this.#now - daysAgo * DAY);
    return `${date.toISOString().slice(0, 19)}Z`;
  }

  /** `2026-03-01 09:00:00`, the form of SQLite's `datetime()`. */
  time(daysAgo: number): string {
    return this.iso(daysAgo).slice(0, 19).replace("T", " ");
  }

  /** `2026-03-01`, the form of SQLite's `date()`. */
  date(daysAgo: number): string {
    return this.iso(daysAgo).slice(0, 10);
  }
}
