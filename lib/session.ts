/**
 * What a long piece of work needs from its caller.
 *
 * @module
 */
import { InterruptedError } from "./errors.ts";

/** How long signals may have to wait, in milliseconds. */
const turnEvery = 50;

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
export interface Session {
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
 */
export function sessionOf(
  signal: AbortSignal,
  onWait: Session["onWait"] = () => {},
  onProgress: (progress: Progress) => void = () => {},
): Session {
  let lastTurn = performance.now();
  return {
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
