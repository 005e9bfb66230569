/**
 * What of a database is a person's: without what the application notes about an
 * installation, and without what each of its starts writes again.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { createHash } from "../bytes.ts";
import {
  schemaEntries,
  type SchemaObject,
  type Table,
} from "../database/schema.ts";
import { foldName } from "../database/sql.ts";
import { TableRows } from "../format/table_rows.ts";
import { ROW_SEPARATOR } from "../format/version1.ts";
import type { Checkpoint } from "../session.ts";
import { isInstallationKey, META_TABLE } from "../soy/meta.ts";
import {
  decisionIn,
  INSTALLATION_TABLES,
  MODULES_TABLE,
  REMADE_TABLES,
  SIGNALS_TABLE,
} from "../soy/tables.ts";
import { selectTables } from "./selection.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const separator = decoder.decode(ROW_SEPARATOR);

/** Reduces a row's line to what is a person's; `undefined` if nothing of it is. */
type Normalizer = (line: string) => string | undefined;

/** For tables in whose rows not everything is a person's. */
const normalizers: Readonly<Record<string, Normalizer>> = {
  [META_TABLE]: (line) =>
    isInstallationKey(String(JSON.parse(line).key)) ? undefined : line,
  // Each start of the application puts the present time there.
  [MODULES_TABLE]: (line) => line.replace(/"installed_at":"[^"]*"/, ""),
  [SIGNALS_TABLE]: (line) => {
    const row = JSON.parse(line);
    const decision = decisionIn(row);
    return decision === row ? line : decision && JSON.stringify(decision);
  },
};

/** The tables that hold what is a person's. */
export function contentTables(
  db: Database,
  schema: readonly SchemaObject[],
): Table[] {
  const passedOver = [...INSTALLATION_TABLES, ...REMADE_TABLES];
  return selectTables(db, [...schema]).tables
    .filter(({ name }) => !passedOver.includes(foldName(name)));
}

/**
 * What is a person's in the rows of a table, if not everything is.
 *
 * @param lines Gives the rows as the lines of a backup.
 * @returns The reduced lines, sorted; `undefined` for a table that is compared as it is.
 */
export function normalizedLines(
  table: string,
  lines: () => string[],
): string[] | undefined {
  const normalize = normalizers[foldName(table)];
  return normalize && lines().flatMap((line) => normalize(line) ?? []).sort();
}

/** The rows of a table as the lines of a backup. */
export function linesIn(db: Database, table: Table): string[] {
  const lines: string[] = [];
  for (const { pieces } of new TableRows(db).read(table)) {
    let text = "";
    for (const piece of pieces) text += decoder.decode(piece, { stream: true });
    lines.push(...splitLines(text));
  }
  return lines;
}

/** The lines of rows that follow each other: JSON has no line breaks in its strings. */
export function splitLines(text: string): string[] {
  return text.split(separator);
}

/**
 * The definitions as lines, sorted: the application's migrations make some views again
 * at each start, in whatever order.
 */
export function schemaLines(objects: readonly SchemaObject[]): string[] {
  return objects.map((object) => JSON.stringify(object)).sort();
}

/**
 * A digest of what is a person's, equal if and only if all of that is the same.
 *
 * @param checkpoint Called now and then; throws to stop.
 * @returns The SHA-256 in hexadecimal digits.
 */
export async function contentDigest(
  db: Database,
  checkpoint: Checkpoint,
): Promise<string> {
  const schema = schemaEntries(db);
  const hash = createHash("sha256");
  const line = (text: string) => hash.update(encoder.encode(`${text}\n`));
  schemaLines(schema).forEach(line);
  for (const table of contentTables(db, schema)) {
    // No line of JSON begins so: the next table's rows can't pass for this one's.
    line(`# ${JSON.stringify(table.name)}`);
    const lines = normalizedLines(table.name, () => linesIn(db, table));
    if (lines) {
      lines.forEach(line);
      continue;
    }
    for (const { pieces } of new TableRows(db).read(table)) {
      for (const piece of pieces) hash.update(piece);
      hash.update(ROW_SEPARATOR);
      await checkpoint();
    }
  }
  return hash.digest("hex");
}
