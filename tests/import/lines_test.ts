/**
 * Rows that are alike go into a table by the hundred, and must come out as if they
 * had gone in one by one.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { BackupError } from "../../lib/errors.ts";
import { importBackup } from "../../lib/import/import.ts";
import { dumpAll } from "../support/dump.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  rowsIn,
  session,
  withDb,
} from "../support/scratch.ts";

const MANY =
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n " +
  "WHERE i < 20000) ";

/** Backs up a database made by `here` and imports it where `there` made one. */
async function carried(
  here: string,
  there: string,
  check: (
    paths: { here: string; there: string },
    outcome: () => ReturnType<typeof importBackup>,
  ) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const from = makeInstallation(folder, "from");
    const to = makeInstallation(folder, "to");
    withDb(from.database, (db) => db.exec(here));
    if (there) withDb(to.database, (db) => db.exec(there));
    const { path } = await exportBackup(from, session());
    const paths = { here: from.database, there: to.database };
    await check(
      paths,
      () => importBackup(to, path, { skipInvalid: true }, session()),
    );
  });
}

Deno.test("import() takes many rows of every kind of value in as they are", async () => {
  const sql =
    `CREATE TABLE t (id INTEGER PRIMARY KEY, a, b TEXT, c REAL, "d e");
    ${MANY} INSERT INTO t SELECT i * 3, iif(i % 5, i / 7.0, NULL),
      char(34, 92, 10, 233, 128075) || i, -i, iif(i % 2, i << 20, 'x' || i) FROM n`;
  await carried(sql, "", async ({ here, there }, outcome) => {
    await outcome();
    assertEquals(dumpAll(there), dumpAll(here));
  });
});

Deno.test("import() names each row that is refused among thousands", async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, x);
    ${MANY} INSERT INTO t SELECT i, iif(i IN (7, 12345, 20000), 'bad', i) FROM n`;
  const strict =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, x CHECK (x <> 'bad'))";
  await carried(sql, strict, async ({ there }, outcome) => {
    const { refused } = await outcome();
    assertEquals(refused.map(({ row }) => row), [7, 12345, 20000]);
    const sums = "SELECT count(*), sum(id) FROM t";
    assertEquals(rowsIn(there, sums), [[19997, 200010000 - 7 - 12345 - 20000]]);
  });
});

Deno.test("import() makes up no id where a row among thousands has none", async () => {
  const sql = `CREATE TABLE t (id, x);
    ${MANY} INSERT INTO t SELECT iif(i = 9000, NULL, i), i FROM n`;
  const keyed = "CREATE TABLE t (id INTEGER PRIMARY KEY, x)";
  await carried(sql, keyed, async ({ there }, outcome) => {
    const { refused } = await outcome();
    assertEquals(refused.map(({ row }) => row), [9000]);
    assertEquals(rowsIn(there, "SELECT count(*) FROM t"), [[19999]]);
  });
});

Deno.test("import() leaves the default where the rows lack a column", async () => {
  const sql =
    "CREATE TABLE t (ID INTEGER PRIMARY KEY, x); INSERT INTO t VALUES (1, 2)";
  const wider = "CREATE TABLE t (y DEFAULT 'new', x, id INTEGER PRIMARY KEY)";
  await carried(sql, wider, async ({ there }, outcome) => {
    await outcome();
    assertEquals(rowsIn(there, "SELECT id, x, y FROM t"), [[1, 2, "new"]]);
  });
});

Deno.test("import() refuses a column that comes twice in rows that are alike", async () => {
  const sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, x)";
  for (const second of ["x", "X"]) {
    await atInstallation(sql, async (installation) => {
      const path = `${installation.backups}/backup.json`;
      const row = `{"id":1,"x":2,"${second}":3}`;
      Deno.writeTextFileSync(path, `{"tables": {"t": [\n${row}\n]}}`);
      await assertRejects(
        () => importBackup(installation, path, {}, session()),
        BackupError,
        "a column",
      );
    });
  }
});

// Rows 4 and 6 are at fault.
const VARIED = [
  '{"id": 1, "a": 1}',
  '{"a": 2, "id": 2}',
  '{"id": 3, "b": {"$base64": true, "encoded": "AP8="}}',
  '{"zzz": 4}',
  '{"id": 5, "c": "ok"}',
  '{"c": "bad", "id": 6}',
  '{"id": 7, "a": null, "b": null}',
];

for (const [place, row] of [["an empty table", ""], ["rows", "(9, 0, 0, 0)"]]) {
  Deno.test(`import() takes rows of different columns in among ${place}`, async () => {
    const sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b DEFAULT 'd', " +
      `c CHECK (c <> 'bad'));${row && `INSERT INTO t VALUES ${row}`}`;
    await atInstallation(sql, async (installation) => {
      const path = `${installation.backups}/backup.json`;
      Deno.writeTextFileSync(path, `{"tables": {"t": [${VARIED.join()}]}}`);
      const options = { skipInvalid: true };
      const report = await importBackup(installation, path, options, session());
      assertEquals(report.refused.map(({ row }) => row), [4, 6]);
      const rows = "SELECT id, a, hex(b), c FROM t WHERE id < 9 ORDER BY id";
      assertEquals(rowsIn(installation.database, rows), [
        [1, 1, "64", null],
        [2, 2, "64", null],
        [3, null, "00FF", null],
        [5, null, "64", "ok"],
        [7, null, "", null],
      ]);
    });
  });
}
