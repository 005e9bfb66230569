/**
 * What the database's file says of itself without SQLite: its header, and a stamp that
 * tells whether anybody has written since.
 *
 * @module
 */
import type { Installation } from "../store/installation.ts";

/** What changes if anybody writes: the file, its counter of changes, its time. */
export function stampOf({ database }: Installation): string | undefined {
  try {
    const { ino, size, mtime } = Deno.statSync(database);
    const counter = headerOf(database).slice(24, 28);
    return `${ino} ${size} ${counter} ${mtime?.getTime()}`;
  } catch (error) {
    // The application moves it to another folder when it starts for the first time.
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The header of the database's file. */
export function headerOf(path: string): Uint8Array {
  using file = Deno.openSync(path);
  const header = new Uint8Array(100);
  file.readSync(header);
  return header;
}
