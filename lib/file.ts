/**
 * Reading and writing files. This loads nothing, so `status` and the hook can use it.
 *
 * @module
 */
import { BackupError } from "./errors.ts";

/**
 * What the system knows of a path, which may be that of a link.
 *
 * @returns `undefined` if nothing is there.
 * @throws {Error} if that can't be found out.
 */
export function entryAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * What the system knows of a file, through links. Opening what is no file, such as a
 * pipe, could wait forever.
 *
 * @throws {BackupError} if it is not a file.
 * @throws {Error} if there is none, or that can't be found out.
 */
export function statFile(path: string): Deno.FileInfo {
  const info = Deno.statSync(path);
  if (info.isDirectory) throw new BackupError("it is a folder");
  if (!info.isFile) throw new BackupError("it is no file");
  return info;
}

/**
 * Opens a file to read from.
 *
 * @throws {BackupError} if it is not a file.
 * @throws {Error} if it can't be opened.
 */
export function openFile(path: string): Deno.FsFile {
  statFile(path);
  return Deno.openSync(path, { read: true });
}

/**
 * Reads a small text file.
 *
 * @throws {BackupError} if it is not a file.
 * @throws {Error} if it can't be read.
 */
export function readText(path: string): string {
  statFile(path);
  return Deno.readTextFileSync(path);
}

/**
 * Writes all of some bytes: the system may take a part at a time.
 *
 * @throws {Error} if it takes no more, as on a full disk.
 */
export function writeAll(
  to: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
}

/**
 * The size of an open file in bytes; the next byte is read from its beginning.
 * `FsFile.stat()` would ask for permission to the real path, which a link may hide.
 */
export function sizeOfFile(file: Deno.FsFile): number {
  const size = file.seekSync(0, Deno.SeekMode.End);
  file.seekSync(0, Deno.SeekMode.Start);
  return size;
}

/**
 * Reads some bytes of a file; fewer if it ends before.
 *
 * @param offset Where the first one is.
 */
export function readAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readInto(bytes, file, offset));
}

/**
 * Fills some memory with bytes of a file.
 *
 * @param offset Where the first one is.
 * @returns How many there are; fewer than there is room for if the file ends before.
 */
export function readInto(
  memory: Uint8Array,
  file: Deno.FsFile,
  offset: number,
): number {
  file.seekSync(offset, Deno.SeekMode.Start);
  let read = 0;
  while (read < memory.length) {
    const count = file.readSync(memory.subarray(read));
    if (!count) break;
    read += count;
  }
  return read;
}
