/**
 * Syncing a file while it is being written.
 *
 * @module
 */

/** Time between two rounds, in milliseconds. */
const interval = 200;

/**
 * Does a step that writes a file, and makes sure that all of it is on the disk: the
 * disk gets its work while the step goes on, and not all at the end.
 *
 * @param file The file.
 * @param step Writes it, by whatever way.
 * @returns What the step gives.
 * @throws {Error} where the disk cannot take it.
 */
export async function syncedEarly<T>(
  file: Deno.FsFile,
  step: () => Promise<T>,
): Promise<T> {
  const syncer = new Syncer(file);
  const timer = setInterval(() => syncer.round(), interval);
  let done: T;
  try {
    done = await step();
  } finally {
    clearInterval(timer);
    await syncer.running;
  }
  syncer.finish();
  return done;
}

class Syncer {
  running: Promise<void> | undefined;
  // The system reports a fault only once, to the next sync; so it is kept.
  #faults: unknown[] = [];

  constructor(readonly file: Deno.FsFile) {}

  round(): void {
    this.running ??= this.file.syncData()
      .catch((error) => void this.#faults.push(error))
      .finally(() => this.running = undefined);
  }

  finish(): void {
    this.file.syncSync();
    if (this.#faults.length > 0) throw this.#faults[0];
  }
}
