/**
 * One record of a moment with what belongs to it.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { identifier } from "../database/sql.ts";
import { Families } from "../record/family.ts";
import { findRecord, type TypedName } from "../record/key.ts";
import { idText, isOneOf, type RecordRow } from "../record/row.ts";
import { quoted } from "../text.ts";
import type { Moment, Place } from "./moment.ts";
import { atMoment, type Grid, gridOf, tableNamed } from "./page.ts";

/** A record and what belongs to it. */
export interface ShownRecord {
  moment: Pick<Moment, "name" | "date" | "notes" | "leftOut">;
  /** The record and its values. */
  node: RecordNode;
  values: Grid;
  /** The records that it refers to. */
  parents: RecordRow[];
}

/** A record in the tree of what belongs to it. */
export interface RecordNode {
  record: RecordRow;
  groups: RecordGroup[];
}

/** Records of one table that belong to another one. */
export interface RecordGroup {
  table: string;
  /** How many there are. */
  count: number;
  /** The first of them. */
  nodes: RecordNode[];
}

/** How many records of a group are shown. */
const fewest = 5;
/** How deep the tree is. */
const deepest = 3;

/**
 * Reads a record.
 *
 * @param words How a person names the moment; `undefined`: the newest backup.
 * @param typed How a person names the record.
 * @throws {BackupError} if there is no such moment or table, or not just one record.
 */
export async function recordOf(
  place: Place,
  words: string | undefined,
  { table: typed, key }: Required<TypedName>,
): Promise<ShownRecord> {
  return await atMoment(place, words, () => () => true, (db, moment) => {
    const table = tableNamed(db, typed, moment);
    const record = findRecord(db, table, key!, quoted(moment.name));
    const families = new Families(db);
    const parents = families.parents([record])
      .flatMap(({ records }) => records);
    const tree = new Tree(families);
    return Promise.resolve({
      moment,
      node: tree.nodeOf(record),
      values: valuesOf(db, record),
      parents,
    });
  });
}

function valuesOf(db: Database, record: RecordRow): Grid {
  const { table } = record;
  const { sql, params } = isOneOf([record]);
  return gridOf(db, table, ` AS c WHERE ${sql}`, params);
}

/** Grows the tree of what belongs to a record. */
class Tree {
  #known = new Set<string>();

  constructor(readonly families: Families) {}

  nodeOf(record: RecordRow, depth = 0): RecordNode {
    this.#known.add(nameOf(record));
    if (depth === deepest) return { record, groups: [] };
    const relatives = this.families.children([record]);
    const groups = relatives.flatMap(({ reference, records }) => {
      const fresh = records.filter((one) => !this.#known.has(nameOf(one)));
      for (const one of fresh) this.#known.add(nameOf(one));
      if (fresh.length === 0) return [];
      const nodes = fresh.slice(0, fewest).map((one) => {
        const labelled = this.families.labelled(one, record);
        // What could be without the record has a life of its own.
        return reference.bound
          ? this.nodeOf(labelled, depth + 1)
          : { record: labelled, groups: [] };
      });
      return [{ table: reference.table, count: fresh.length, nodes }];
    });
    return { record, groups };
  }
}

function nameOf(record: RecordRow): string {
  return `${identifier(record.table.name)} ${idText(record)}`;
}
