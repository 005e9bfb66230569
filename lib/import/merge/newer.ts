/**
 * Local rows that were edited after the backup was made.
 *
 * @module
 */
import { rowsOf, scalar } from "../../database/connection.ts";
import { keysOf } from "../../database/keys.ts";
import { foldName, identifier, literal } from "../../database/sql.ts";
import { cut, LABEL_LENGTH, titleIndex } from "../../record/label.ts";
import { printable } from "../../text.ts";
import type { Stage } from "./stage.ts";
import { CHANGES, STAGE } from "./temporary.ts";

/** How many changed rows were edited locally after they were backed up. */
export function countNewerLocally(stage: Stage): number {
  const edited = editedIndex(stage);
  if (edited < 0 || !stage.key) return 0;
  return scalar(
    stage.db,
    `SELECT count(*) FROM ${CHANGES} AS x JOIN ${STAGE} AS s ` +
      `ON s.rowid = x.n JOIN ${tableOf(stage)} AS t ON ${stage.sameKey()} ` +
      `WHERE x.state = 'changed' AND ${isNewer(stage, edited)}`,
  ) as number;
}

/**
 * Takes the rows off the stage that would change or replace a local row which was
 * edited after the backup was made.
 *
 * @param date When the backup was made, for rows that don't say when they were edited.
 * @returns What each of the local rows is called, if it has a name.
 */
export function keepNewer(
  stage: Stage,
  date: string | undefined,
): (string | undefined)[] {
  const edited = editedIndex(stage);
  const keys = keysOf(stage.db, stage.table);
  if (edited < 0 || keys.length === 0) return [];
  const title = titleIndex(stage.table);
  const name = title < 0 ? "NULL" : cut(localCell(stage, title));
  const found = rowsOf<[number, string | null]>(
    stage.db,
    keys.map((key) =>
      `SELECT s.rowid AS n, CAST(${name} AS TEXT) FROM ${STAGE} AS s ` +
      `JOIN ${tableOf(stage)} AS t ON ${stage.sameKey(key)} ` +
      `WHERE ${isNewer(stage, edited, date)}`
    ).join(" UNION ") + " ORDER BY n",
  );
  const kept = new Map(found);
  stage.refuse([...kept.keys()]);
  return [...kept.values()].map((name) =>
    name ? printable(name, LABEL_LENGTH) : undefined
  );
}

function editedIndex({ table }: Stage): number {
  return table.columns
    .findIndex(({ name }) => foldName(name) === "updated_at");
}

// One program writes "2026-02-19 18:05:00", another "2026-02-19T18:05:00Z".
function isNewer(stage: Stage, edited: number, date?: string): string {
  const instant = (cell: string) =>
    `ifnull(strftime('%Y-%m-%d %H:%M:%f', ${cell}), ${cell})`;
  const backedUp = date === undefined
    ? instant(`s.c${edited}`)
    : `ifnull(${instant(`s.c${edited}`)}, ${instant(literal(date))})`;
  return `${instant(localCell(stage, edited))} > ${backedUp}`;
}

function localCell({ table }: Stage, i: number): string {
  return `t.${identifier(table.columns[i]!.name)}`;
}

function tableOf({ table }: Stage): string {
  return `main.${identifier(table.name)}`;
}
