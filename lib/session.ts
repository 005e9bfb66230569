/**
 * What a long piece of work needs from whoever started it.
 *
 * @module
 */
import { InterruptedError } from "./errors.ts";

/** How long signals may have to wait, in milliseconds. */
const turnEvery = 50;

/** The surroundings of one run of a command. */
export interface Session {
  /** The present moment. */
  now: () => Date;
  /** Tells what is being waited for, as in `the database`. */
  onWait: (what: string) => void;
  /**
   * Lets signals come in; called now and then.
   *
   * @throws {InterruptedError} where one asked to stop.
   */
  checkpoint: () => Promise<void>;
}

/**
 * A session that stops when the signal says so.
 *
 * @param signal Aborted by Ctrl-C.
 * @param onWait Tells what is being waited for.
 */
export function sessionOf(
  signal: AbortSignal,
  onWait: Session["onWait"] = () => {},
): Session {
  let lastTurn = performance.now();
  return {
    now: () => new Date(),
    onWait,
    checkpoint: async () => {
      // Signals come in between turns of the event loop only, and a turn costs
      // about as much as writing a megabyte.
      if (performance.now() - lastTurn > turnEvery) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        lastTurn = performance.now();
      }
      if (signal.aborted) throw new InterruptedError();
    },
  };
}
