/**
 * Which days a packed month has, here or in the second place.
 *
 * @module
 */
import {
  isPackName,
  type PackedBackup,
  readIndex,
} from "../store/pack_index.ts";
import type { Copy } from "./ledger.ts";

/** What the ledger has of the backups in a file, if it is a packed month. */
export function daysOf(name: string, path: string): Pick<Copy, "days"> {
  return isPackName(name)
    ? { days: backupsIn(path).map(({ name }) => name) }
    : {};
}

/** The backups in a packed month; none if its index can't be read. */
export function backupsIn(path: string): PackedBackup[] {
  try {
    return readIndex(path)?.backups ?? [];
  } catch {
    return [];
  }
}

/** Whether a month has all days of another one, and more. */
export function hasMore(month: PackedBackup[], other: PackedBackup[]): boolean {
  const known = new Map(month.map(({ name, sha256 }) => [name, sha256]));
  return month.length > other.length &&
    other.every(({ name, sha256 }) =>
      sha256 !== undefined && known.get(name) === sha256
    );
}
