/**
 * What belongs to a record, and what it belongs to: by the schema's foreign keys, by
 * pairs of a type and an id, and by what is known of the application.
 *
 * @module
 */
import type { BindValue, Database } from "@db/sqlite";
import { type Table, tablesOf } from "../database/schema.ts";
import { foldName, identifier } from "../database/sql.ts";
import { type Reference, referencesTo } from "./reference.ts";
import { idText, isOneOf, type RecordRow, selectRecords } from "./row.ts";

/** Records of one table, and the reference by which they are related. */
export interface Relatives {
  reference: Reference;
  records: RecordRow[];
}

/** How many records are asked about at a time. */
const batchSize = 200;

/** How the records of a database are related. */
export class Families {
  /** The tables by their names in lower case. */
  readonly tables: ReadonlyMap<string, Table>;
  #references = new Map<string, Reference[]>();
  #parents = new Map<string, [Table, Reference][]>();

  /** @param db The database. */
  constructor(readonly db: Database) {
    this.tables = new Map(
      tablesOf(db).map((table) => [foldName(table.name), table]),
    );
  }

  /** The records that refer to some records of one table, reference by reference. */
  children(records: readonly RecordRow[]): Relatives[] {
    const [first] = records;
    if (!first) return [];
    return this.#referencesTo(first.table)
      .map((reference) => ({
        reference,
        records: this.#childrenBy(reference, records),
      }))
      .filter(({ records }) => records.length > 0);
  }

  /** The records that some records of one table refer to. */
  parents(records: readonly RecordRow[]): Relatives[] {
    const [first] = records;
    if (!first) return [];
    return this.#parentsOf(first.table)
      .map(([parent, reference]) => ({
        reference,
        records: this.#parentsBy(reference, parent, records),
      }))
      .filter(({ records }) => records.length > 0);
  }

  /**
   * A record as a person may know it: one without a label, such as a tag's assignment, is
   * called by what it links.
   *
   * @param owner A record that needn't be named, since this one is shown below it.
   */
  labelled(record: RecordRow, owner?: RecordRow): RecordRow {
    if (record.label !== undefined) return record;
    const labels = this.parents([record])
      .flatMap(({ records }) => records)
      .filter((parent) => !owner || fullId(parent) !== fullId(owner))
      .flatMap(({ label }) => label ?? []);
    return labels.length > 0 ? { ...record, label: labels.join(", ") } : record;
  }

  /**
   * Records with all that belongs to them, theirs in turn: what refers to them, and so
   * on. Each record comes once, after one that it belongs to.
   *
   * @param enters Whether what refers to a record belongs to the family, too; it is
   * told the reference by which the record came in. All do unless told.
   */
  *family(
    roots: readonly RecordRow[],
    enters: (record: RecordRow, by: Reference) => boolean = () => true,
  ): Generator<RecordRow> {
    const known = new Set<string>();
    const isNew = (record: RecordRow) =>
      known.size !== known.add(fullId(record)).size;
    const first = roots.filter(isNew);
    yield* first;
    const queue = first.map((record) => [record]);
    for (let level = queue.shift(); level; level = queue.shift()) {
      for (const { reference, records } of this.children(level)) {
        const fresh = records.filter(isNew);
        yield* fresh;
        const entered = fresh.filter((record) => enters(record, reference));
        if (entered.length > 0) queue.push(entered);
      }
    }
  }

  #referencesTo(table: Table): Reference[] {
    const name = foldName(table.name);
    let found = this.#references.get(name);
    if (!found) {
      found = referencesTo(this.db, table, [...this.tables.values()]);
      this.#references.set(name, found);
    }
    return found;
  }

  #parentsOf(table: Table): [Table, Reference][] {
    const name = foldName(table.name);
    let found = this.#parents.get(name);
    if (!found) {
      found = [...this.tables.values()].flatMap((parent) =>
        referencesTo(this.db, parent, [table])
          .map((reference): [Table, Reference] => [parent, reference])
      );
      this.#parents.set(name, found);
    }
    return found;
  }

  #childrenBy(
    { table: name, columns, only }: Reference,
    parents: readonly RecordRow[],
  ): RecordRow[] {
    const child = this.tables.get(foldName(name))!;
    const from = columns.map(([from]) => `c.${identifier(from)}`);
    const to = columns.map(([, to]) => `c.${identifier(to)}`);
    return batches(parents).flatMap((batch) => {
      const { sql, params } = isOneOf(batch);
      const rest = `${only ?? "1"} AND (${from.join(", ")}) IN ` +
        `(SELECT ${to.join(", ")} FROM ${nameOf(batch[0]!.table)} AS c ` +
        `WHERE ${sql})`;
      return this.#select(child, rest, params);
    });
  }

  #parentsBy(
    { columns, only }: Reference,
    parent: Table,
    children: readonly RecordRow[],
  ): RecordRow[] {
    const from = columns.map(([from]) => `c.${identifier(from)}`);
    const to = columns.map(([, to]) => `c.${identifier(to)}`);
    return batches(children).flatMap((batch) => {
      const { sql, params } = isOneOf(batch);
      const rest = `(${to.join(", ")}) IN (SELECT ${from.join(", ")} ` +
        `FROM ${nameOf(batch[0]!.table)} AS c ` +
        `WHERE ${only ?? "1"} AND ${sql})`;
      return this.#select(parent, rest, params);
    });
  }

  #select(table: Table, sql: string, params: BindValue[]): RecordRow[] {
    return selectRecords(this.db, table, { sql, params });
  }
}

/** A string that no other record of the database has. */
function fullId(record: RecordRow): string {
  return `${foldName(record.table.name)} ${idText(record)}`;
}

function nameOf({ name }: Table): string {
  return `main.${identifier(name)}`;
}

function batches(records: readonly RecordRow[]): RecordRow[][] {
  const count = Math.ceil(records.length / batchSize);
  return Array.from(
    { length: count },
    (_, i) => records.slice(i * batchSize, (i + 1) * batchSize),
  );
}
