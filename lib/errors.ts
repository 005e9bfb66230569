/**
 * Errors and their exit codes.
 *
 * @module
 */

/** Exit codes of the program, as `--help` and the documents list them. */
export const EXIT = {
  /** Done, all of it. */
  done: 0,
  /** Failed; nothing was changed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Done, but something was left out and named. */
  incomplete: 3,
  /** Stopped by Ctrl-C or a signal. */
  interrupted: 130,
} as const;

/**
 * An error that a person can act on. Its message says in one line what failed,
 * where, and what to do; it is shown without a stack trace.
 */
export class BackupError extends Error {
  override name = "BackupError";
  /** What the process exits with. */
  readonly exitCode: number = EXIT.failed;
}

/** The command line is wrong. */
export class UsageError extends BackupError {
  override name = "UsageError";
  override readonly exitCode = EXIT.usage;
}

/** Thrown to stop after Ctrl-C or another signal. */
export class InterruptedError extends BackupError {
  override name = "InterruptedError";
  override readonly exitCode = EXIT.interrupted;

  constructor(message = "Interrupted: nothing was changed") {
    super(message);
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
