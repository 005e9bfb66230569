/**
 * What a backup file says of itself at its beginning and its end, without
 * reading what lies between: a folder of large backups is looked through at once.
 *
 * @module
 */
import { isDate, memberReaders, parseExact } from "./members.ts";

/** What a look at the ends of a file finds. */
export interface Peek {
  /** The size in bytes. */
  size: number;
  /** The moment of the backup. */
  date: Date | undefined;
  /** Whether it has a checksum at its end. */
  checksum: boolean;
  /** Whether it begins as a backup of this program, which has a checksum. */
  ours: boolean;
  /** Gives the number of rows by table, where it says so in our own layout. */
  counts: () => Map<string, bigint> | undefined;
}

/** How much is read at the beginning, in bytes. */
const headSize = 4096;
/** How much is read at the end; the counts of fifty tables have room. */
const tailSize = 4096;
/** How much where that is not enough; those of a thousand tables have room. */
const longTailSize = 1 << 16;

/**
 * Looks at the ends of a file.
 *
 * @throws {Error} where it cannot be read.
 */
export function peekFile(path: string): Peek {
  // Opening what is no file, such as a pipe, could wait forever.
  const { size, isDirectory, isFile } = Deno.statSync(path);
  if (isDirectory) throw new Deno.errors.IsADirectory("Is a directory");
  if (!isFile) throw new Error("it is no file");
  const file = Deno.openSync(path, { read: true });
  try {
    const head = readAt(file, 0, Math.min(headSize, size));
    const ours = head.startsWith('{\n"backup_date": ') &&
      head.includes('\n"format_version": ');
    let end = endOf(readEnd(file, size, tailSize));
    if (ours && end.counts === undefined) {
      end = endOf(readEnd(file, size, longTailSize));
    }
    const { checksum, counts } = end;
    return {
      size,
      date: dateIn(head),
      ours,
      checksum,
      // Of the newest file only they are asked for, and reading them takes time.
      counts: () => counts ? countsIn(counts) : undefined,
    };
  } finally {
    file.close();
  }
}

function readEnd(file: Deno.FsFile, size: number, length: number): string {
  const start = Math.max(0, size - length);
  return readAt(file, start, size - start);
}

function readAt(file: Deno.FsFile, offset: number, length: number): string {
  const bytes = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  let read = 0;
  while (read < length) {
    const count = file.readSync(bytes.subarray(read));
    if (!count) break;
    read += count;
  }
  return new TextDecoder().decode(bytes.subarray(0, read));
}

function dateIn(head: string): Date | undefined {
  const text = /"backup_date"\s*:\s*"([^"\\]{1,40})"/.exec(head)?.[1];
  return isDate(text) ? new Date(text) : undefined;
}

// Patterns are tried on the last line and on no more: on all of it they would take
// longer than everything else here.
function endOf(
  tail: string,
): { checksum: boolean; counts: string | undefined } {
  const text = withoutEnd(tail.trimEnd(), "}");
  const last = lastLine(text);
  const checksum = /^"sha256": ?"[0-9a-f]{64}"$/.test(last);
  const body = checksum ? text.slice(0, -last.length).trimEnd() : text;
  const line = withoutEnd(lastLine(body), ",");
  const counts = /^"counts": (\{.*\})$/.exec(line)?.[1];
  return { checksum, counts };
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length).trimEnd() : text;
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}

function countsIn(json: string): Map<string, bigint> | undefined {
  try {
    return memberReaders.counts(parseExact(json));
  } catch {
    return undefined;
  }
}
