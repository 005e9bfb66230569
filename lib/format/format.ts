/**
 * What a version of the format has to tell.
 *
 * @module
 */
import type { MemberReaders, Preamble } from "./members.ts";

/** What differs between versions: the layout around the rows. */
export interface Format {
  version: number;
  /** All that comes before the tables. */
  head(preamble: Preamble): string;
  /** What comes before the rows of a table. */
  tableStart(name: string, isFirst: boolean): string;
  /** Around the rows of a table, between them, and in their stead if there are none. */
  rowsStart: Uint8Array;
  rowSeparator: Uint8Array;
  rowsEnd: Uint8Array;
  noRows: Uint8Array;
  /** What comes after the tables, up to the checksum. */
  tail(counts: [string, number][]): string;
  /** The rest of the file. */
  checksumLine(sha256: string): string;
  /** Reads the values of members other than the tables. */
  memberReaders: MemberReaders;
  /** Whether a file begins as this program writes it. */
  hasHead(text: string): boolean;
  /** What the end of a file says, without reading the rest. */
  readTail(text: string): {
    /** Its checksum in hexadecimal digits, if it has one. */
    sha256: string | undefined;
    /** Reads the numbers of rows by table; absent if there are none. */
    counts: (() => Map<string, bigint> | undefined) | undefined;
  };
}
