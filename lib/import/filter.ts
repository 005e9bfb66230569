/**
 * Only some of a backup's tables.
 *
 * @module
 */
import { foldName } from "../database/sql.ts";
import { BackupError } from "../errors.ts";
import type { BackupFile } from "../format/backup_file.ts";
import { nearest, printable, quoted } from "../text.ts";

/** Which tables are asked for; all of them where nothing is said. */
export interface TableChoice {
  /** Only these. */
  only?: string[] | undefined;
  /** All but these. */
  except?: string[] | undefined;
}

/**
 * Makes a test of which tables are asked for.
 *
 * @throws {BackupError} where a name is not that of a table in the backup.
 */
export function tableFilter(
  backup: BackupFile,
  { only, except }: TableChoice,
): (table: string) => boolean {
  const names = backup.tables.map(({ name }) => name);
  for (const asked of [...only ?? [], ...except ?? []]) mustBeOne(asked, names);
  const wanted = only && new Set(only.map(foldName));
  const unwanted = new Set((except ?? []).map(foldName));
  return (table) => {
    const name = foldName(table);
    return (!wanted || wanted.has(name)) && !unwanted.has(name);
  };
}

function mustBeOne(asked: string, names: string[]): void {
  if (names.some((name) => foldName(name) === foldName(asked))) return;
  const near = nearest(asked, names);
  const hint = near.length > 0
    ? `did you mean ${near.map((name) => printable(name)).join(" or ")}?`
    : "see the tables that the backup has with verify --json";
  throw new BackupError(`it has no table ${quoted(asked)}; ${hint}`);
}
