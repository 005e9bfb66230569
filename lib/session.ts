/**
 * What a long piece of work needs from its caller.
 *
 * @module
 */
import { AT_LAST_STEP, InterruptedError } from "./errors.ts";

/** How long timers may have to wait, in milliseconds. */
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
 * A step of which nobody knows how far it is, such as one statement of SQLite's.
 *
 * @param doing What is being done, as in `Saving`.
 * @param total The bytes that there are to do; about.
 */
export function stepOf(doing: string, table = "", total = 0): Progress {
  return { doing, table, rows: 0, bytes: 0, total };
}

/**
 * Stops if that is asked for, and gives timers a turn; called now and then.
 *
 * @param progress How far the work has come, if that is known.
 * @throws {InterruptedError} if a signal asked to stop.
 */
export type Checkpoint = (progress?: Progress) => Promise<void>;

/** Where the keys to encrypted backups come from; each is asked for when it is needed. */
export interface Keys {
  /** The secret keys, as in `AGE-SECRET-KEY-1…`; none if none was given. */
  identities(): Promise<readonly string[]>;
  /** Asks for a passphrase; `undefined` without a terminal. */
  passphrase(): Promise<string | undefined>;
}

/** The surroundings of one run of a command. */
export interface Session extends Timeouts {
  /** The present moment. */
  now: () => Date;
  /** Tells what is being waited for, as in `the database`. */
  onWait: (what: string) => void;
  /** Reports progress and gives others a turn; throws to stop. */
  checkpoint: Checkpoint;
  /**
   * Called before the step that changes something for good: whoever ends the program
   * after that can't say that nothing was changed.
   */
  finishing: () => void;
  /** Where the keys to encrypted backups come from. */
  keys?: Keys | undefined;
}

/**
 * A session that stops when the signal says so.
 *
 * @param signal Aborted if the work is to stop.
 * @param onWait Tells what is being waited for.
 * @param onProgress Tells how far the work has come, if that is known; what it
 * returns is waited for.
 * @param timeouts How long to wait for locks, if not as long as by default.
 * @param finishing Is told that from here on something may have been changed.
 */
export function sessionOf(
  signal: { readonly aborted: boolean },
  onWait: Session["onWait"] = () => {},
  onProgress: (progress?: Progress) => Promise<void> | undefined = () =>
    undefined,
  timeouts: Partial<Timeouts> = {},
  finishing: Session["finishing"] = () => {},
): Session {
  let lastTurn = performance.now();
  let isFinishing = false;
  return {
    ...defaultTimeouts,
    ...timeouts,
    now: () => new Date(),
    onWait,
    finishing: () => {
      isFinishing = true;
      finishing();
    },
    checkpoint: async (progress) => {
      const wait = onProgress(progress);
      if (wait) await wait;
      // Timers, such as the one that syncs early, fire between turns only.
      if (performance.now() - lastTurn > turnEvery) {
        await turn();
        lastTurn = performance.now();
      }
      if (!signal.aborted) return;
      throw new InterruptedError(isFinishing ? AT_LAST_STEP : undefined);
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
