/**
 * Errors and their exit codes.
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
  /** Done, and what was looked at needs attention: `status` with limits of age. */
  unsafe: 4,
  /** Stopped by Ctrl-C or a signal. */
  interrupted: 130,
} as const;

/**
 * An error that a person can act on. Its message says in one line what failed,
 * where, and what to do; it is shown without a stack trace.
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

/**
 * What is encrypted can't be opened with the key that was given, or without one. That
 * says nothing about the file.
 */
export class KeyError extends BackupError {
  /** The name of the class. */
  override name = "KeyError";
}

/** Whether an error says no more than that no key opens a file. */
export function isLocked(error: unknown): boolean {
  return error instanceof KeyError ||
    error instanceof Error && error.cause instanceof KeyError;
}

/** What is said if the last step is stopped, which may change something for good. */
export const AT_LAST_STEP =
  "Interrupted at the last step: all of it was done, or nothing";

/** Thrown to stop after Ctrl-C or another signal. */
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

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
