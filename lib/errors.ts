/**
 * What can go wrong, and the exit code that tells it.
 *
 * @module
 */

/** Exit codes of the command, as `--help` and docs/commands.md list them. */
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
 * A fault that a person can act on: its message is one line that says what,
 * where and the way out, and is shown without a stack trace.
 */
export class BackupError extends Error {
  /** The name of the class. */
  override name = "BackupError";
  /** What the process exits with. */
  readonly exitCode: number = EXIT.failed;
}

/** The command line is wrong. */
export class UsageError extends BackupError {
  /** The name of the class. */
  override name = "UsageError";
  /** What the process exits with. */
  override readonly exitCode: number = EXIT.usage;
}

/** A signal asked to stop. */
export class InterruptedError extends BackupError {
  /** The name of the class. */
  override name = "InterruptedError";
  /** What the process exits with. */
  override readonly exitCode: number = EXIT.interrupted;

  /**
   * An interruption.
   *
   * @param message One line: what was interrupted, and what that means.
   */
  constructor(message = "Interrupted: nothing was changed") {
    super(message);
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
