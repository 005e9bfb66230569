/**
 * What a backup holds, and whether that agrees with what it says of itself.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { counted, grouped, quoted } from "../text.ts";
import type { Members } from "./members.ts";

/** Where a table's rows are in the file. */
export interface TableSpan {
  /** The table's name in the backup. */
  name: string;
  /** The offset of the list's first byte. */
  offset: number;
  /** How many rows there are. */
  rows: number;
  /** Where its rows are, if they can be loaded in batches. */
  uniform?: UniformRows;
}

/** Rows of the same columns and of simple values, a line each as an export writes. */
export interface UniformRows {
  /** The names of the columns. */
  columns: readonly string[];
  /** The offsets of the first row's first byte, and of what follows the last. */
  start: number;
  end: number;
}

/** What a backup holds beside the rows, and where these are. */
export interface Contents {
  /** The tables, in the file's order. */
  tables: TableSpan[];
  /** The other members. */
  members: Members;
}

/** What a file says of itself, and what it holds. */
export interface Claims {
  members: Members;
  /** The tables by their folded names. */
  tables: Map<string, TableSpan>;
  /** Names of members that the format does not know. */
  unknown: string[];
  /** The checksum of what comes before the line that tells it. */
  sum: string | undefined;
  /** What the checksum doesn't count though it seems to, with the place. */
  uncounted: string | undefined;
}

/**
 * Compares what a file says of itself with what it holds.
 *
 * @returns What does not match, if anything.
 */
export function findMismatch(
  { members, tables, unknown, sum, uncounted }: Claims,
): string | undefined {
  // The old form may have members of its own, but it has none of these.
  const { backup_date: _, ...ours } = members;
  if (Object.keys(ours).length > 0 && unknown.length > 0) {
    return `it has a member ${quoted(unknown[0]!)} that the format does not ` +
      "know, so it was damaged or edited";
  }
  const fault = members.counts && miscounted(members.counts, tables);
  if (fault) return fault;
  if (uncounted) return `it has ${uncounted}, so it was damaged or edited`;
  if (members.sha256 !== undefined && members.sha256 !== sum) {
    return "its checksum doesn't match, so it was damaged or edited";
  }
}

/** Says where a row is, for messages. */
export function rowPlace(table: string, row: number): string {
  return `table ${quoted(table)}, row ${grouped(row)}`;
}

function miscounted(
  counts: Map<string, bigint>,
  tables: Map<string, TableSpan>,
): string | undefined {
  const seen = new Set<string>();
  for (const [name, count] of counts) {
    if (seen.has(foldName(name))) {
      return `its member "counts" has table ${quoted(name)} twice`;
    }
    seen.add(foldName(name));
    const rows = tables.get(foldName(name))?.rows ?? 0;
    if (BigInt(rows) === count) continue;
    return `its member "counts" says ${counted(Number(count), "row")} for ` +
      `table ${quoted(name)}, which holds ${grouped(rows)}`;
  }
  for (const { name } of tables.values()) {
    if (counts.has(name)) continue;
    return `its member "counts" says nothing of table ${quoted(name)}`;
  }
}
