import type { Row, RowMakers, SampleContext } from "./context.ts";
import { INSIGHT } from "./insight.ts";
import { MAIL } from "./mail.ts";
import { MIND } from "./mind.ts";
import { PEOPLE } from "./people.ts";
import { SLACK } from "./slack.ts";
import { SYSTEM } from "./system.ts";
import { TALK } from "./talk.ts";
import { WATCH } from "./watch.ts";
import { WORK } from "./work.ts";

// Rows come after those that they refer to, so that foreign keys may be on.
const MAKERS: RowMakers = {
  ...SYSTEM,
  ...PEOPLE,
  ...WORK,
  ...MIND,
  ...MAIL,
  ...TALK,
  ...INSIGHT,
  ...SLACK,
  ...WATCH,
};

/** A table's name and its rows, which are made as they are asked for. */
export type TableRows = [table: string, rows: Iterable<Row>];

/** The rows of every table of the sample. */
export function* sampleRows(context: SampleContext): Iterable<TableRows> {
  for (const [table, makeRows] of Object.entries(MAKERS)) {
    yield [table, makeRows(context, context.random(table))];
  }
}
