/**
 * Choosing on which thread bytes are taken.
 *
 * @module
 */
import { type ByteScribe, NoThread, RemoteScribe } from "./remote_scribe.ts";

/** From how many bytes on a thread is worth its start. */
export const WORTH_THREAD = 16 << 20;

/** A file to write. */
export interface ScribeFile {
  path: string;
  /** The same, open. */
  file: Deno.FsFile;
}

/**
 * Does a step with a scribe, for many bytes with one on another thread. Where there
 * is no thread to be had the step is done once more, from its beginning. (Where the
 * system has no file descriptors left for one, Deno itself gives up.)
 *
 * @param bytes How many bytes there will be, about.
 * @param into The file into which the scribe writes; without one nowhere.
 * @param step What to do; it may run twice.
 * @returns What the step gives.
 */
export async function withScribe<T>(
  bytes: number,
  into: ScribeFile | undefined,
  step: (scribe: ByteScribe) => Promise<T>,
): Promise<T> {
  if (bytes >= WORTH_THREAD) {
    let scribe: RemoteScribe | undefined;
    try {
      scribe = new RemoteScribe(into?.path);
      return await step(scribe);
    } catch (error) {
      if (!(error instanceof NoThread)) throw error;
    } finally {
      scribe?.close();
    }
  }
  // Hashing takes long to load, so this thread does it only where it has to.
  const { Scribe } = await import("./scribe.js");
  const scribe = new Scribe(into?.file);
  scribe.restart();
  return await step(scribe);
}
