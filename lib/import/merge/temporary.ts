/**
 * The temporary tables of an import, apart from those in `displaced.ts`.
 *
 * @module
 */

/**
 * The backup's rows. `rowid` is a row's number in the backup; `c0`, `c1`, … are the
 * table's columns with their affinities, so that a value meets the stored one as it
 * would be stored; `mask` says which columns the row has.
 */
export const STAGE = "temp.soy_stage";
/** What to apply: the number of a row, `n`, and its `state`. */
export const CHANGES = "temp.soy_changes";
/** Rowids, `r`, of local rows without a key that match a row of the backup. */
export const CLAIMED = "temp.soy_claimed";
/** Numbers, `n`, of staged rows without a key that match a local one. */
export const MATCHED = "temp.soy_matched";
/** Staged rows that the table refused, as in the stage. */
export const REFUSED = "temp.soy_refused";
/**
 * What changed rows were before: the number in the backup, `n`, the rowid that no
 * column shows, `r`, and the table's columns as `k0`, `k1`, ….
 */
export const KEPT = "temp.soy_kept";

/** What the backup's rows are known by: the columns that tell, as in the stage. */
export const IDENTITIES = "temp.soy_identities";

/**
 * The table of the local rows whose number another record has in the backup: `k` the
 * number, `local` and `backup` what the two are called.
 *
 * @param number Tells the tables of one import apart.
 */
export function conflictsTable(number: number): string {
  return `temp.soy_conflicts_${number}`;
}

/** The table of the numbers that local rows had and get, `old` and `new`. */
export function numbersTable(number: number): string {
  return `temp.soy_numbers_${number}`;
}
