/**
 * Reading pieces of open files. This loads nothing, so `status` and the hook can use it.
 *
 * @module
 */

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
