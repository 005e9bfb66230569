/**
 * The first reading of a backup: checks the syntax of every byte, the checksum
 * and the counts, and notes where each table lies.
 *
 * @module
 */
import { createHash, Utf8Check } from "../bytes.ts";
import { foldName } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import type { Checkpoint } from "../session.ts";
import { quoted } from "../text.ts";
import { type ByteReader, ByteSource } from "./byte_source.ts";
import {
  type Contents,
  findMismatch,
  rowPlace,
  type TableSpan,
  type UniformRows,
} from "./contents.ts";
import { JsonScanner } from "./json_scanner.ts";
import { BYTE } from "./json_syntax.ts";
import type { Format } from "./format.ts";
import { isMember, MEMBER, type Members, parseExact } from "./members.ts";
import { RowReader } from "./row_reader.ts";
import { CURRENT, formatOf } from "./versions.ts";

/** How to read a file. */
export interface InspectOptions {
  /** Take a file that was edited by hand: checksum and counts need not hold. */
  force?: boolean | undefined;
  /** The size of the file in bytes, to tell how far the reading is. */
  size?: number;
  /** Called now and then; throws to stop. */
  checkpoint?: Checkpoint;
}

/** Rows between two calls of the checkpoint, if their values are not simple. */
const checkEvery = 4096;
/** A member beside the rows is never this long, in bytes. */
const longestMember = 1 << 28;
/** All that the line of the checksum holds before the value. */
const checksumLine = new RegExp(`^[ \\t]*"${MEMBER.checksum}"[ \\t]*:$`);
const byteOrderMark = [0xef, 0xbb, 0xbf];
const wayOut = "restore from another backup, or use --force to import an " +
  "edited file as it is";

/**
 * Reads a backup through.
 *
 * @param reader The file.
 * @throws {BackupError} if it is no backup, is damaged, or is newer than this
 * program.
 */
export async function inspect(
  reader: ByteReader,
  options: InspectOptions = {},
): Promise<Contents> {
  return await new Inspector(reader, options).run();
}

class Inspector {
  #scanner: JsonScanner;
  #tables = new Map<string, TableSpan>();
  #members: Members = {};
  #format: Format = CURRENT;
  #unknown: string[] = [];
  #table = "";
  #hash = createHash("sha256");
  #utf8 = new Utf8Check();
  /** The checksum of what comes before the member of that name. */
  #sum: string | undefined;
  /** Why the checksum proves less than it seems to, if so. */
  #uncounted: string | undefined;

  constructor(
    reader: ByteReader,
    readonly options: InspectOptions,
  ) {
    const source = new ByteSource(reader, 0, (bytes) => this.#take(bytes));
    this.#scanner = new JsonScanner(source);
  }

  async run(): Promise<Contents> {
    const scanner = this.#scanner;
    this.#begin();
    const seen = new Set<string>();
    await this.#each(async (name) => {
      if (seen.has(name)) throw scanner.fault(`a second ${quoted(name)}`);
      seen.add(name);
      scanner.where = `member ${quoted(name)}`;
      if (this.#sum !== undefined) this.#uncounted ??= this.#uncountedPlace();
      if (name === MEMBER.tables) await this.#readTables();
      else this.#readMember(name);
      scanner.where = "the file";
    });
    if (!scanner.atEnd()) throw scanner.fault("more after the closing brace");
    if (!seen.has(MEMBER.tables)) {
      throw new BackupError(`it has no member "tables", so it is no backup`);
    }
    this.#checkClaims();
    return { tables: [...this.#tables.values()], members: this.#members };
  }

  #begin(): void {
    const source = this.#scanner.source;
    if (!source.fill()) throw new BackupError("the file is empty");
    for (const byte of byteOrderMark) {
      if (!source.fill() || source.bytes[source.pos] !== byte) break;
      source.pos++;
    }
    if (this.#scanner.atEnd() || this.#scanner.peek() !== BYTE.openBrace) {
      throw new BackupError("it is no JSON object, so it is no backup");
    }
  }

  /** Steps over an object; `member` steps over each value. */
  async #each(member: (name: string) => Promise<void>): Promise<void> {
    this.#scanner.expect(BYTE.openBrace);
    if (this.#scanner.take(BYTE.closeBrace)) return;
    do {
      this.#scanner.peek();
      const name = parseExact(this.#span(() => this.#scanner.string()));
      this.#scanner.expect(BYTE.colon);
      await member(name as string);
    } while (this.#scanner.more(BYTE.closeBrace));
  }

  #readMember(name: string): void {
    if (name === MEMBER.checksum) this.#takeSum();
    this.#scanner.peek();
    const text = this.#span(() => this.#scanner.value(isMember(name)));
    if (!isMember(name)) this.#unknown.push(name);
    else this.#setMember(name, parseExact(text));
  }

  // What counts is every byte before the line that holds the checksum.
  #takeSum(): void {
    const { source } = this.#scanner;
    const isComplete = source.passLine();
    this.#sum = isComplete ? this.#hash.copy().digest("hex") : "";
    const line = new TextDecoder().decode(source.bytes.subarray(0, source.pos));
    if (isComplete && !checksumLine.test(line)) {
      this.#uncounted = this.#uncountedPlace();
    }
  }

  #uncountedPlace(): string {
    return this.#scanner.fault("content that the checksum doesn't count,")
      .message;
  }

  #setMember<K extends keyof Members>(name: K, value: unknown): void {
    const read = this.#format.memberReaders[name] as (
      value: unknown,
    ) => Members[K];
    const member = read(value);
    if (member === undefined) {
      const what = name === MEMBER.date ? "an invalid date" : "a wrong value";
      throw this.#scanner.fault(what);
    }
    this.#members[name] = member;
    // Members before this one are read as the present version has them.
    const version = this.#members.format_version;
    if (version !== undefined) this.#format = formatOf(version);
  }

  async #readTables(): Promise<void> {
    await this.#each(async (name) => {
      const key = foldName(name);
      if (this.#tables.has(key)) {
        throw this.#scanner.fault(`a second table ${quoted(name)}`);
      }
      this.#scanner.where = `table ${quoted(name)}`;
      this.#table = name;
      await this.#checkpoint(0);
      this.#scanner.peek();
      const offset = this.#scanner.source.offset;
      this.#tables.set(key, { name, offset, ...await this.#readRows(name) });
      this.#scanner.where = `member "tables"`;
    });
  }

  async #readRows(
    table: string,
  ): Promise<{ rows: number; uniform?: UniformRows }> {
    const scanner = this.#scanner;
    scanner.expect(BYTE.openBracket);
    if (scanner.take(BYTE.closeBracket)) return { rows: 0 };
    const reader = new RowReader(scanner);
    scanner.where = () => rowPlace(table, reader.count || 1);
    scanner.peek();
    const start = scanner.source.offset;
    let end;
    do {
      reader.skip();
      while (reader.skipSimple()) await this.#checkpoint(reader.count);
      if (reader.count % checkEvery === 0) await this.#checkpoint(reader.count);
      end = scanner.source.offset;
    } while (scanner.more(BYTE.closeBracket));
    const { count: rows, uniform: columns } = reader;
    return columns ? { rows, uniform: { columns, start, end } } : { rows };
  }

  async #checkpoint(rows: number): Promise<void> {
    await this.options.checkpoint?.({
      doing: "Checking",
      table: this.#table,
      rows,
      bytes: this.#scanner.source.offset,
      total: this.options.size ?? 0,
    });
  }

  /** The text of what `step` steps over. */
  #span(step: () => void): string {
    const source = this.#scanner.source;
    source.keep = source.pos;
    step();
    const bytes = source.bytes.subarray(source.keep, source.pos);
    source.keep = -1;
    if (bytes.length > longestMember) {
      throw this.#scanner.fault("too long a member");
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  #take(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#utf8.update(bytes);
  }

  #checkClaims(): void {
    const source = this.#scanner.source;
    this.#take(source.bytes.subarray(0, source.end));
    if (!this.#utf8.valid) {
      throw new BackupError("it is not valid UTF-8; save it as UTF-8");
    }
    const fault = this.options.force ? undefined : findMismatch({
      members: this.#members,
      tables: this.#tables,
      unknown: this.#unknown,
      sum: this.#sum,
      uncounted: this.#uncounted,
    });
    if (fault) throw new BackupError(`${fault}; ${wayOut}`);
  }
}
