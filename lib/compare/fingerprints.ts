/**
 * Rows compared without regard to their order, in flat memory: by a checksum of
 * each, kept in a temporary table.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { release } from "../database/bind.ts";
import type { RawRow } from "../database/cells.ts";
import type { ComparedRow, Difference } from "./rows.ts";
import { createHash } from "../bytes.ts";

/**
 * Whether the same rows are in both, each as many times.
 *
 * @param db A database for the temporary table.
 * @param expected Makes the rows that should be there, anew at each call.
 * @param found Makes the rows that are there, anew at each call.
 * @returns The first row that should be there and is not.
 */
export function compareUnordered(
  db: Database,
  expected: () => Iterable<ComparedRow>,
  found: () => Iterable<RawRow>,
): Difference | undefined {
  const masks = new Set<string | undefined>();
  for (const { mask } of expected()) masks.add(mask);
  for (const mask of masks) {
    const missing = firstMissing(db, expected, found, mask);
    if (missing) {
      return { row: missing, what: "it came back with other values" };
    }
  }
}

function firstMissing(
  db: Database,
  expected: () => Iterable<ComparedRow>,
  found: () => Iterable<RawRow>,
  mask: string | undefined,
): number | undefined {
  db.exec(
    "CREATE TEMP TABLE soy_prints (print BLOB PRIMARY KEY, n INTEGER) " +
      "WITHOUT ROWID",
  );
  const add = db.prepare(
    "INSERT INTO temp.soy_prints VALUES (?, 1) " +
      "ON CONFLICT (print) DO UPDATE SET n = n + 1",
  );
  const take = db.prepare(
    "UPDATE temp.soy_prints SET n = n - 1 WHERE print = ? AND n > 0 RETURNING n",
  );
  try {
    for (const row of found()) add.run(fingerprint(row, mask));
    let number = 0;
    for (const row of expected()) {
      number++;
      if (row.mask !== mask) continue;
      if (!take.value(fingerprint(row, mask))) return number;
    }
  } finally {
    release(add);
    release(take);
    db.exec("DROP TABLE temp.soy_prints");
  }
}

/** A checksum of the types and values of a row's cells. */
function fingerprint(
  { kinds, values }: RawRow,
  mask: string | undefined,
): Uint8Array {
  const hash = createHash("sha256");
  values.forEach((value, i) => {
    if (mask?.[i] === "0") return;
    const bytes = value instanceof Uint8Array ? value : undefined;
    const kind = kinds[i] === "x" ? "t" : kinds[i]!;
    const head = bytes ? `${kind}${bytes.length} ` : `${kind}${value} `;
    hash.update(head);
    if (bytes) hash.update(bytes);
  });
  return new Uint8Array(hash.digest());
}
