/**
 * Writing a backup: its members in order, a row a line, with a checksum at the end.
 *
 * @module
 */
import { createHash } from "../bytes.ts";
import { writeAll } from "../file.ts";
import type { Checkpoint } from "../session.ts";
import type { Preamble } from "./members.ts";
import type { RowPieces } from "./table_rows.ts";
import { CURRENT } from "./versions.ts";

/** Small pieces are gathered up to this, in bytes. */
const bufferSize = 1 << 18;

/** Gathers small pieces, counts all bytes into the checksum and writes them. */
export class FileSink {
  #hash = createHash("sha256");
  #encoder = new TextEncoder();
  #buffer = new Uint8Array(bufferSize);
  #held = 0;
  /** How many bytes have been taken, in all. */
  bytes = 0;

  /** @param file Where the bytes go. */
  constructor(readonly file: Deno.FsFile) {}

  /** Takes text. */
  text(text: string): void {
    this.write(this.#encoder.encode(text));
  }

  /**
   * Takes bytes.
   *
   * @throws {Error} if the disk is full or the file too large.
   */
  write(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.#held + bytes.length > bufferSize) this.flush();
    if (bytes.length >= bufferSize) this.#put(bytes);
    else {
      this.#buffer.set(bytes, this.#held);
      this.#held += bytes.length;
    }
  }

  /** The SHA-256 of all bytes so far, in hexadecimal; more may follow. */
  checksum(): string {
    this.flush();
    return this.#hash.copy().digest("hex");
  }

  /** Writes what is held back. */
  flush(): void {
    this.#put(this.#buffer.subarray(0, this.#held));
    this.#held = 0;
  }

  #put(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    writeAll(this.file, bytes);
  }
}

/** Writes one backup, member by member. */
export class BackupWriter {
  #counts: [string, number][] = [];

  /**
   * @param sink Where it goes.
   * @param expected About how many bytes it will be, to tell how far it is.
   */
  constructor(readonly sink: FileSink, readonly expected = 0) {}

  /** Writes all that comes before the rows. */
  begin(preamble: Preamble): void {
    this.sink.text(CURRENT.head(preamble));
  }

  /**
   * Writes a table.
   *
   * @param name Its name.
   * @param rows Its rows.
   * @param checkpoint Called before the rows and after some of them; throws to stop.
   * @returns The number of rows.
   */
  async table(
    name: string,
    rows: Iterable<RowPieces>,
    checkpoint: Checkpoint,
  ): Promise<number> {
    this.sink.text(CURRENT.tableStart(name, this.#counts.length === 0));
    let count = 0;
    const report = () =>
      checkpoint({
        doing: "Backing up",
        table: name,
        rows: count,
        bytes: this.sink.bytes,
        total: this.expected,
      });
    await report();
    for (const some of rows) {
      this.sink.write(count === 0 ? CURRENT.rowsStart : CURRENT.rowSeparator);
      for (const piece of some.pieces) this.sink.write(piece);
      count += some.rows;
      await report();
    }
    this.sink.write(count > 0 ? CURRENT.rowsEnd : CURRENT.noRows);
    this.#counts.push([name, count]);
    return count;
  }

  /** Writes all that comes after the rows. */
  end(): void {
    this.sink.text(CURRENT.tail(this.#counts));
    this.sink.text(CURRENT.checksumLine(this.sink.checksum()));
    this.sink.flush();
  }
}
