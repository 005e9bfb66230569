/**
 * Which tables go into a backup, and in which order.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import {
  describeTable,
  type SchemaObject,
  type Table,
} from "../database/schema.ts";
import { reasonAgainst } from "../database/definitions.ts";
import { contentOf, isFullText, moduleOf } from "../database/virtual.ts";
import { foldName, identifier } from "../database/sql.ts";
import { messageOf } from "../errors.ts";
import { inListedOrder } from "../soy/tables.ts";
import { printable } from "../text.ts";

/** Something that the backup does not carry. */
export interface Omission {
  table: string;
  /** Why not. */
  reason: string;
}

/** What goes into a backup. */
export interface Selection {
  tables: Table[];
  omitted: Omission[];
}

/**
 * Selects the tables: those that the slash command listed first, in its order,
 * then every other one in creation order.
 */
export function selectTables(
  db: Database,
  entries: SchemaObject[],
): Selection {
  const selection: Selection = { tables: [], omitted: [] };
  for (const entry of inListedOrder(entries)) {
    if (entry.type !== "table") continue;
    const fate = moduleOf(entry.sql) === undefined
      ? "carried"
      : virtualFate(db, entry, entries);
    if (fate === "carried") {
      selection.tables.push(describeTable(db, entry));
    } else if (fate !== "derived") {
      selection.omitted.push({ table: entry.name, reason: fate.reason });
    }
  }
  return selection;
}

// A full-text index over another table's text is made again from that text.
function virtualFate(
  db: Database,
  entry: SchemaObject,
  entries: SchemaObject[],
): "carried" | "derived" | { reason: string } {
  const { name, sql } = entry;
  const reason = reasonAgainst(entry);
  if (reason) return { reason };
  try {
    db.exec(`SELECT 1 FROM main.${identifier(name)} LIMIT 1`);
  } catch (error) {
    return { reason: printable(messageOf(error)) };
  }
  if (!isFullText(sql)) return "carried";
  const content = contentOf(sql);
  if (content === undefined) return "carried";
  if (content === "") return { reason: "its index keeps no text of its own" };
  const exists = entries.some((entry) =>
    foldName(entry.name) === foldName(content)
  );
  return exists
    ? "derived"
    : { reason: `its text is in ${printable(content)}, which is not there` };
}
