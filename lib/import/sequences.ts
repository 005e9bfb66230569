/**
 * The counters of AUTOINCREMENT, so that no id is handed out twice.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { hasTable } from "../database/connection.ts";
import { foldName } from "../database/sql.ts";
import type { BackupFile } from "../format/backup_file.ts";
import type { Plan } from "./plan.ts";

/** Raises each restored table's counter to the backup's where that is higher. */
export function raiseSequences(
  db: Database,
  backup: BackupFile,
  plan: Plan,
): void {
  // A database without AUTOINCREMENT has no counters.
  if (!hasTable(db, "sqlite_sequence")) return;
  const wanted = new Map(
    [...backup.members.sequences ?? []]
      .map(([name, n]) => [foldName(name), n]),
  );
  for (const { table } of plan.tables) {
    const n = wanted.get(foldName(table.name));
    if (n === undefined || !/\bautoincrement\b/i.test(table.sql)) continue;
    db.exec(
      "UPDATE main.sqlite_sequence SET seq = ? WHERE name = ? AND seq < ?",
      n,
      table.name,
      n,
    );
    db.exec(
      "INSERT INTO main.sqlite_sequence (name, seq) SELECT ?, ? WHERE NOT " +
        "EXISTS (SELECT 1 FROM main.sqlite_sequence WHERE name = ?)",
      table.name,
      n,
      table.name,
    );
  }
}
