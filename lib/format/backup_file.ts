/**
 * A backup file that has been checked, and its rows.
 *
 * The file is read twice, as a stream each time: so a damaged one is refused
 * before a database is touched, and tables can be had in any order. That both
 * readings see the same is up to `checked_file.ts`.
 *
 * @module
 */
import { basename } from "@std/path";
import { COPY_IT, withContext } from "../faults.ts";
import { openFile, sizeOfFile } from "../file.ts";
import { quoted } from "../text.ts";
import { ByteSource } from "./byte_source.ts";
import { lineBatches } from "./batches.ts";
import { CheckedFile } from "./checked_file.ts";
import { FileRow } from "./file_row.ts";
import { inspect, type InspectOptions } from "./inspect.ts";
import { rowPlace, type TableSpan } from "./contents.ts";
import { JsonScanner } from "./json_scanner.ts";
import { BYTE } from "./json_syntax.ts";
import type { Members } from "./members.ts";
import { type RowBatch, RowReader } from "./row_reader.ts";

/** A backup that can be restored. */
export class BackupFile {
  /** Its name without the folder. */
  readonly name: string;

  private constructor(
    /** Its path. */
    readonly path: string,
    /** The tables, in the file's order. */
    readonly tables: readonly TableSpan[],
    /** What it says beside the rows. */
    readonly members: Members,
    private readonly file: CheckedFile,
    /** Its size in bytes. */
    readonly size: number,
    /** Whether its checksum says that it is as an export wrote it. */
    readonly intact: boolean,
  ) {
    this.name = basename(path);
  }

  /**
   * Opens a backup and reads it through.
   *
   * @throws {BackupError} if it cannot be read, is no backup, is damaged, or
   * is newer than this program.
   */
  static async open(
    path: string,
    options: InspectOptions = {},
  ): Promise<BackupFile> {
    const doing = `Cannot read backup ${quoted(path)}`;
    const file = await withContext(doing, () => openFile(path), COPY_IT);
    return await BackupFile.of(file, path, options);
  }

  /**
   * Reads an open file through.
   *
   * @param file The file, which is closed with the backup, or if this fails.
   * @param path Where it comes from, for its name and for messages.
   * @throws {BackupError} as {@linkcode BackupFile.open} does.
   */
  static async of(
    file: Deno.FsFile,
    path: string,
    options: InspectOptions = {},
  ): Promise<BackupFile> {
    try {
      return await withContext(
        `Cannot read backup ${quoted(path)}`,
        async () => {
          const size = sizeOfFile(file);
          const checked = new CheckedFile(file);
          const { tables, members } = await inspect(checked, {
            ...options,
            size,
          });
          const intact = !options.force && members.sha256 !== undefined;
          return new BackupFile(path, tables, members, checked, size, intact);
        },
      );
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Whether it is of the form that was made by hand before this program. */
  get handMade(): boolean {
    return this.members.format_version === undefined;
  }

  /**
   * The rows of a table, in the file's order. A row holds until the next one is
   * asked for.
   *
   * @throws {BackupError} if a row has a value that SQLite cannot hold.
   */
  rows(table: TableSpan): Generator<FileRow> {
    return this.#read(table, (reader) => reader.read());
  }

  /**
   * The rows of a table, in the file's order: those of simple values in batches, any
   * others one by one. Their bytes hold until the next ones are asked for.
   *
   * @throws {BackupError} if a row has a value that SQLite cannot hold.
   */
  *batches(table: TableSpan): Generator<RowBatch | FileRow> {
    if (!table.uniform) {
      yield* this.#read(table, (reader) => reader.readSome());
      return;
    }
    const { columns, start, end } = table.uniform;
    this.file.seek(start);
    for (const json of lineBatches(this.file, end - start)) {
      yield { columns, json };
    }
  }

  *#read<T extends FileRow | RowBatch>(
    table: TableSpan,
    next: (reader: RowReader) => T,
  ): Generator<T> {
    const scanner = new JsonScanner(this.bytesFrom(table.offset));
    const reader = new RowReader(scanner);
    scanner.expect(BYTE.openBracket);
    scanner.where = () => rowPlace(table.name, reader.count || 1);
    try {
      while (reader.count < table.rows) {
        if (reader.count > 0) scanner.expect(BYTE.comma);
        const rows = next(reader);
        yield rows;
        if (rows instanceof FileRow) rows.free();
      }
    } finally {
      scanner.source.release();
    }
  }

  /** The file's bytes from an offset on, until something else is read. */
  bytesFrom(offset: number): ByteSource {
    this.file.seek(offset);
    return new ByteSource(this.file, offset);
  }

  /** Closes the file. */
  close(): void {
    this.file.close();
  }
}
