/**
 * Small backups, made by hand after the format's own description.
 *
 * @module
 */
import { sha256 } from "./reader.ts";

const DATABASE = '{"user_version":2,"application_id":0,"encoding":"UTF-8",' +
  '"sqlite_version":"3.40.1"}';

const CREATE = "CREATE TABLE t (id INTEGER PRIMARY KEY, x)";

/** All of a small backup's members but the checksum, as text. */
export const MEMBERS: Readonly<Record<string, string>> = {
  backup_date: '"2026-02-19T15:30:00Z"',
  format_version: "1",
  database: DATABASE,
  schema: `[\n{"type":"table","name":"t","table":"t","sql":"${CREATE}"}\n]`,
  sequences: "{}",
  tables: '{\n"t": [\n{"id":1,"x":"é 👋"},\n{"id":2,"x":3.0}\n],\n"u": []\n}',
  counts: '{"t": 2, "u": 0}',
};

/** Members in the format's layout, without a checksum. */
export function layout(members: Record<string, string>): string {
  const lines = Object.entries(members).map(([name, value]) =>
    `${JSON.stringify(name)}: ${value}`
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** A backup of these members, with a checksum that holds. */
export async function whole(
  members: Record<string, string> = MEMBERS,
): Promise<string> {
  const before = layout(members).slice(0, -3) + ",\n";
  return `${before}"sha256": "${await sha256(before)}"\n}\n`;
}
