/**
 * What a backup file says of itself at its beginning and its end, without reading what
 * lies between, so that a folder of large backups is listed at once.
 *
 * @module
 */
import { readAt, sizeOfFile, statFile } from "../file.ts";
import { isDate, MEMBER } from "./members.ts";
import { CURRENT } from "./versions.ts";

/** What the ends of a file say. */
export interface FileSummary {
  /** The size in bytes. */
  size: number;
  /** The moment of the backup. */
  date: Date | undefined;
  /** The checksum at its end in hexadecimal digits, if it has one. */
  sha256: string | undefined;
  /** Whether it begins as a backup of this program, which has a checksum. */
  ours: boolean;
  /** Gives the number of rows by table, if it says so in our own layout. */
  counts: () => Map<string, bigint> | undefined;
  /** When it was last written, if it is a file of its own and that is known. */
  mtime?: Date | undefined;
}

/** How much is read at the beginning, in bytes. */
export const headSize = 4096;
/** How much is read at the end; the counts of fifty tables have room. */
const tailSize = 4096;
/** How much if that is not enough; those of a thousand tables have room. */
export const longTailSize = 1 << 16;

/**
 * Reads the ends of a file.
 *
 * @throws {BackupError} if it is not a file.
 * @throws {Error} if it cannot be read.
 */
export function readSummary(path: string): FileSummary {
  const { mtime } = statFile(path);
  using file = Deno.openSync(path, { read: true });
  const size = sizeOfFile(file);
  const head = textAt(file, 0, Math.min(headSize, size));
  const said = summarize(size, head, (length) => readEnd(file, size, length));
  return { ...said, mtime: mtime ?? undefined };
}

/**
 * What the ends of a backup say.
 *
 * @param size The size in bytes.
 * @param head The beginning; {@linkcode headSize} bytes will do.
 * @param tail Gives that many bytes of the end, or what there is; never more than
 * {@linkcode longTailSize}.
 */
export function summarize(
  size: number,
  head: string,
  tail: (length: number) => string,
): FileSummary {
  const ours = CURRENT.hasHead(head);
  let end = CURRENT.readTail(tail(tailSize));
  if (ours && end.counts === undefined) {
    end = CURRENT.readTail(tail(longTailSize));
  }
  const { sha256, counts } = end;
  return {
    size,
    date: dateIn(head),
    ours,
    sha256,
    // Of the newest file only they are asked for, and reading them takes time.
    counts: () => counts?.(),
  };
}

function readEnd(file: Deno.FsFile, size: number, length: number): string {
  const start = Math.max(0, size - length);
  return textAt(file, start, size - start);
}

function textAt(file: Deno.FsFile, offset: number, length: number): string {
  return new TextDecoder().decode(readAt(file, offset, length));
}

const dateMember = new RegExp(`"${MEMBER.date}"\\s*:\\s*"([^"\\\\]{1,40})"`);

function dateIn(head: string): Date | undefined {
  const text = dateMember.exec(head)?.[1];
  return isDate(text) ? new Date(text) : undefined;
}
