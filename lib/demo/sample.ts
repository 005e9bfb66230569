/**
 * A sample database for trying out, testing and measuring: the application's
 * tables with invented people and their mail.
 *
 * @module
 */
import { Database, type Statement } from "@db/sqlite";
import { type Row, SampleContext } from "./context.ts";
import { sampleRows } from "./rows.ts";
import { SAMPLE_SCHEMA } from "./schema.ts";

export { SAMPLE_TABLES } from "./schema.ts";

/** What kind of sample to make. */
export interface SampleOptions {
  /**
   * Factor for the tables that grow with use; 1 unless told, some 4 MB. 40 is
   * heavy use: 50,000 e-mails, 500 transcripts and 100,000 Slack messages, some
   * 120 MB.
   */
  scale?: number;
  /** Which sample: the same number gives the same rows. 1 unless told. */
  seed?: number;
  /** What counts as the present; 1 March 2026, 9:00 UTC unless told. */
  now?: Date;
}

// A database in use has gaps in its ids, and has handed out higher ones than
// it holds: the last row of both tables is among those that go.
const GAPS = `
DELETE FROM follow_ups WHERE id % 9 = 0;
DELETE FROM health_checks WHERE id % 8 = 0;
`;

/**
 * Makes a sample database with rows in every table.
 *
 * The same options give the same rows. All is done in one transaction, and rows
 * are made as they are written, so that memory use does not grow with `scale`.
 *
 * @param path File to make; an empty database will do.
 * @throws {RangeError} where `scale` is not a positive number.
 * @throws {Error} where the file cannot be written, or is a database that is
 * not empty; it stays as it is.
 *
 * @example
 * ```ts
 * const folder = Deno.makeTempDirSync();
 * makeSample(`${folder}/demo.db`, { scale: 0.1 });
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function makeSample(path: string, options: SampleOptions = {}): void {
  const { scale = 1, seed = 1, now = new Date("2026-03-01T09:00:00Z") } =
    options;
  if (!(scale > 0 && scale < Infinity)) {
    throw new RangeError(
      `Cannot make a sample of scale ${scale}: not positive`,
    );
  }
  const context = new SampleContext(seed, scale, now);
  const db = new Database(path, { int64: true });
  try {
    db.exec("BEGIN");
    refuseUsed(db);
    db.exec(SAMPLE_SCHEMA);
    for (const [table, rows] of sampleRows(context)) {
      insertAll(db, table, rows);
    }
    db.exec(GAPS);
    db.exec("COMMIT");
  } finally {
    // What was not committed is taken back.
    db.close();
  }
}

/** An engine's own error would repeat the whole schema. */
function refuseUsed(db: Database): void {
  const query = db.prepare("SELECT name FROM sqlite_schema LIMIT 1");
  const first = query.value<[string]>();
  query.finalize();
  if (first === undefined) return;
  throw new Error(
    `Cannot make a sample in "${db.path}": it has "${first[0]}" already`,
  );
}

function insertAll(db: Database, table: string, rows: Iterable<Row>): void {
  let insert: Statement | undefined;
  try {
    for (const row of rows) {
      insert ??= prepareInsert(db, table, row);
      insert.run(...Object.values(row));
    }
  } finally {
    insert?.finalize();
  }
}

function prepareInsert(db: Database, table: string, row: Row): Statement {
  const columns = Object.keys(row);
  const places = columns.map(() => "?").join(", ");
  const names = columns.join(", ");
  return db.prepare(`INSERT INTO ${table} (${names}) VALUES (${places})`);
}
