/**
 * What belongs to records of a backup.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { rowsOf } from "../database/connection.ts";
import { foldName, identifier } from "../database/sql.ts";
import { Families } from "../record/family.ts";
import { idText, isOneOf, primaryKey, type RecordRow } from "../record/row.ts";

/** Finds what belongs to records, and what of the rest they can't do without. */
export class Belongings {
  #families: Families;
  #local: Families | undefined;

  constructor(readonly db: Database, local: Database | undefined) {
    this.#families = new Families(db);
    this.#local = local && new Families(local);
  }

  /** The records first, then what belongs to them, then what they refer to. */
  of(roots: RecordRow[]): RecordRow[] {
    const family = byTable(roots).flatMap((some) => [
      // What could be without a record and is still here has a life of its own.
      ...this.#families.family(
        some,
        (record, by) => by.bound || !this.#isHere(record),
      ),
    ]);
    const records = new Map(family.map((one) => [idOf(one), one]));
    let news = [...records.values()];
    while (news.length > 0) {
      news = this.#missingParents(news)
        .filter((parent) => !records.has(idOf(parent)));
      for (const parent of news) records.set(idOf(parent), parent);
    }
    return [...records.values()];
  }

  #missingParents(records: RecordRow[]): RecordRow[] {
    return byTable(records).flatMap((some) =>
      this.#families.parents(some).flatMap(({ records }) => records)
    ).filter((parent) => !this.#isHere(parent));
  }

  #isHere(record: RecordRow): boolean {
    const table = this.#local?.tables.get(foldName(record.table.name));
    const columns = primaryKey(record.table);
    if (!table || columns.length === 0) return false;
    const stored = table.columns.map(({ name }) => foldName(name));
    if (!columns.every((name) => stored.includes(foldName(name)))) return false;
    const { sql, params } = isOneOf([record]);
    const cells = columns.map((name) => `c.${identifier(name)}`);
    const [values] = rowsOf<(string | number | bigint | null)[]>(
      this.db,
      `SELECT ${cells.join(", ")} FROM main.${identifier(record.table.name)} ` +
        `AS c WHERE ${sql}`,
      ...params,
    );
    const terms = columns.map((name) => `${identifier(name)} IS ?`);
    const found = rowsOf(
      this.#local!.db,
      `SELECT 1 FROM main.${identifier(table.name)} ` +
        `WHERE ${terms.join(" AND ")} LIMIT 1`,
      ...values!,
    );
    return found.length > 0;
  }
}

/** The records of each table. */
export function byTable(records: RecordRow[]): RecordRow[][] {
  return [...Map.groupBy(records, ({ table }) => table.name).values()];
}

function idOf(record: RecordRow): string {
  return `${identifier(record.table.name)} ${idText(record)}`;
}
