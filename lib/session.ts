/**
 * What a long piece of work needs from its caller.
 *
 * @module
 */
import { InterruptedError } from "./errors.ts";

/** How long signals may have to wait, in milliseconds. */
const turnEvery = 50;

/** How long to wait for other programs, in milliseconds. */
export interface Timeouts {
  /** For a locked database. */
  lockTimeout: number;
  /** For another run of this program that works in the same folder. */
  folderTimeout: number;
}

/** A large import may hold its folder for minutes; nobody holds a database that long. */
const defaultTimeouts: Timeouts = {
  lockTimeout: 5_000,
  folderTimeout: 600_000,
};

/** How far a long piece of work has come. */
export interface Progress {
  /** What is being done, as in `Backing up`. */
  doing: string;
  /** The table that is being worked on. */
  table: string;
  /** Rows of it that are done. */
  rows: number;
  /** Bytes that are done, in all. */
  bytes: number;
  /** Bytes that there are to do, in all; about. */
  total: number;
}

/**
 * Lets signals come in; called now and then.
 *
 * @param progress How far the work has come, if that is known.
 * @throws {InterruptedError} if a signal asked to stop.
 */
export type Checkpoint = (progress?: Progress) => Promise<void>;

/** The surroundings of one run of a command. */
export interface Session extends Timeouts {
  /** The present moment. */
  now: () => Date;
  /** Tells what is being waited for, as in `the database`. */
  onWait: (what: string) => void;
  /** Lets signals through and reports progress; throws to stop. */
  checkpoint: Checkpoint;
}

/**
 * A session that stops when the signal says so.
 *
 * @param signal Aborted by Ctrl-C.
 * @param onWait Tells what is being waited for.
 * @param onProgress Tells how far the work has come.
 * @param timeouts How long to wait for locks, if not as long as by default.
 */
export function sessionOf(
  signal: AbortSignal,
  onWait: Session["onWait"] = () => {},
  onProgress: (progress: Progress) => void = () => {},
  timeouts: Partial<Timeouts> = {},
): Session {
  let lastTurn = performance.now();
  return {
    ...defaultTimeouts,
    ...timeouts,
    now: () => new Date(),
    onWait,
    checkpoint: async (progress) => {
      if (progress) onProgress(progress);
      // Signals come in between turns of the event loop only.
      if (performance.now() - lastTurn > turnEvery) {
        await turn();
        lastTurn = performance.now();
      }
      if (signal.aborted) throw new InterruptedError();
    },
  };
}

/** Gives the event loop a turn; a timer would wait two milliseconds, even for 0. */
export function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
