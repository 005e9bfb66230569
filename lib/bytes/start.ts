/**
 * Choosing on which thread bytes are taken.
 *
 * @module
 */
import { type ByteScribe, RemoteScribe } from "./remote_scribe.ts";

/** From how many bytes on a thread is worth its start. */
const worthThread = 8 << 20;

/**
 * A scribe for about so many bytes.
 *
 * @param bytes How many there will be.
 * @param into The file into which it writes; without one nowhere.
 */
export async function startScribe(
  bytes: number,
  into?: { path: string; file: Deno.FsFile },
): Promise<ByteScribe> {
  const remote = bytes < worthThread
    ? undefined
    : await RemoteScribe.start(into?.path);
  if (remote) return remote;
  // Hashing takes long to load, so this thread does it only where it has to.
  const { Scribe } = await import("./scribe.js");
  return new Scribe(into?.file);
}
