/**
 * Keeping a statement from making longer values than there is room for.
 *
 * @module
 */
import type { Database } from "@db/sqlite";

/** A connection that can be limited; upstream's package has no such property. */
type LimitedDatabase = Database & { lengthLimit?: number | undefined };

/** Whether the engine can be told how long a value may be. */
export function hasLengthLimit(db: LimitedDatabase): boolean {
  return db.lengthLimit !== undefined;
}

/**
 * Does a step in which no value may be longer, whether it is read or made; without
 * the engine's help values may be of any length.
 *
 * @param db The database.
 * @param bytes The most that a value may have.
 * @param step What to do.
 * @returns What the step gives.
 * @throws {Error} `string or blob too big`, and whatever the step throws.
 */
export function withinLength<T>(
  db: LimitedDatabase,
  bytes: number,
  step: () => T,
): T {
  const usual = db.lengthLimit;
  if (usual === undefined) return step();
  db.lengthLimit = bytes;
  try {
    return step();
  } finally {
    db.lengthLimit = usual;
  }
}
