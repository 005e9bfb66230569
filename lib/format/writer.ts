/**
 * The layout of a backup: its members in order, one row a line.
 *
 * @module
 */
import {
  type DatabaseFacts,
  FORMAT_VERSION,
  type SchemaObject,
} from "./members.ts";
import type { FileSink } from "./sink.ts";
import type { RowPieces } from "./table_rows.ts";
import type { Checkpoint } from "../session.ts";

/** What a backup says before its rows. */
export interface Preamble {
  /** The moment of the backup, in UTC with seconds. */
  date: string;
  database: DatabaseFacts;
  schema: SchemaObject[];
  /** Table and number, in the order of `sqlite_sequence`. */
  sequences: [string, number | bigint][];
}

/** What separates one row from the next. */
export const betweenRows = new TextEncoder().encode(",\n");

/** Writes one backup, member by member. */
export class BackupWriter {
  #counts: [string, number][] = [];

  /**
   * @param sink Where it goes.
   * @param expected About how many bytes it will be, to tell how far it is.
   */
  constructor(readonly sink: FileSink, readonly expected = 0) {}

  /** Writes all that comes before the rows. */
  begin({ date, database, schema, sequences }: Preamble): void {
    const lines = schema.map((object) => JSON.stringify(object));
    this.sink.text(
      `{\n"backup_date": ${JSON.stringify(date)},\n` +
        `"format_version": ${FORMAT_VERSION},\n` +
        `"database": ${JSON.stringify(database)},\n` +
        `"schema": [${lines.length > 0 ? `\n${lines.join(",\n")}\n` : ""}],\n` +
        `"sequences": ${integersJson(sequences)},\n` +
        `"tables": {`,
    );
  }

  /**
   * Writes a table.
   *
   * @param name Its name.
   * @param rows Its rows.
   * @param checkpoint Called between some rows and the next; throws to stop.
   * @returns The number of rows.
   */
  async table(
    name: string,
    rows: Iterable<RowPieces>,
    checkpoint: Checkpoint,
  ): Promise<number> {
    const comma = this.#counts.length > 0 ? "," : "";
    this.sink.text(`${comma}\n${JSON.stringify(name)}: [`);
    let count = 0;
    for (const some of rows) {
      if (count === 0) this.sink.text("\n");
      else this.sink.write(betweenRows);
      for (const piece of some.pieces) this.sink.write(piece);
      count += some.rows;
      await checkpoint({
        doing: "Backing up",
        table: name,
        rows: count,
        bytes: this.sink.bytes,
        total: this.expected,
      });
    }
    this.sink.text(count > 0 ? "\n]" : "]");
    this.#counts.push([name, count]);
    return count;
  }

  /** Writes all that comes after the rows. */
  end(): void {
    const close = this.#counts.length > 0 ? "\n}" : "}";
    this.sink.text(`${close},\n"counts": ${integersJson(this.#counts)},\n`);
    this.sink.text(`"sha256": "${this.sink.checksum()}"\n}\n`);
    this.sink.flush();
  }
}

// A name such as "__proto__" and a 64-bit integer both need care in an object.
function integersJson(entries: [string, number | bigint][]): string {
  const members = entries.map(([name, n]) => `${JSON.stringify(name)}: ${n}`);
  return `{${members.join(", ")}}`;
}
