/**
 * Short values that stand for long ones, so that rows can be sorted without being
 * carried along whole.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { createHash } from "../bytes.ts";

/** How long a value may be to stand for itself, in characters or bytes. */
const longest = 1000;

const known = new WeakSet<Database>();

/**
 * SQL for a value that is equal for equal values of the same type only, and never long:
 * a long one is replaced by its SHA-256.
 *
 * @param db The database that the SQL is for.
 * @param cell SQL for the value.
 */
export function shortened(db: Database, cell: string): string {
  if (!known.has(db)) {
    db.function("soy_digest", digestOf, { deterministic: true });
    known.add(db);
  }
  const digest = `soy_digest(CAST(${cell} AS BLOB), typeof(${cell}))`;
  return `iif(length(${cell}) > ${longest}, ${digest}, ${cell})`;
}

// A digest of text is a BLOB and the other way round, so that no value of the same type
// looks like it.
function digestOf(bytes: Uint8Array, type: string): Uint8Array | string {
  const hash = createHash("sha256").update(bytes);
  return type === "text" ? new Uint8Array(hash.digest()) : hash.digest("hex");
}
