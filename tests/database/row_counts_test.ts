/**
 * Rows counted in the pages of a file beside what SQLite counts.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { countRows, tableNames } from "../../lib/database/connection.ts";
import { RowCounts } from "../../lib/database/row_counts.ts";
import { foldName } from "../../lib/database/sql.ts";
import { seeded } from "../support/random_values.ts";
import { putSample } from "../support/sample.ts";
import { inScratch, withDb } from "../support/scratch.ts";

/** Rows `1` to `n` as SQL. */
function numbers(n: number): string {
  return `WITH RECURSIVE c (i) AS
    (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${n}) SELECT i`;
}

const long = "x".repeat(9_000);

const schemas = {
  "an index of some rows only": `CREATE TABLE a (i INTEGER, t TEXT);
    INSERT INTO a ${numbers(5000)}, hex(randomblob(50)) FROM c;
    CREATE INDEX few ON a (i) WHERE i < 3`,
  "an index of all rows": `CREATE TABLE a (i INTEGER UNIQUE, t TEXT);
    INSERT INTO a ${numbers(5000)}, hex(randomblob(50)) FROM c;
    CREATE INDEX somewhere ON a (t)`,
  "no rowids": `CREATE TABLE a (t TEXT PRIMARY KEY) WITHOUT ROWID;
    INSERT INTO a ${numbers(0)} || hex(randomblob(90)) FROM c;
    INSERT INTO a ${numbers(3000)} || hex(randomblob(90)) FROM c`,
  "values over many pages": `CREATE TABLE a (b BLOB);
    INSERT INTO a SELECT randomblob(i * 900) FROM (${numbers(90)} FROM c)`,
  "definitions over many pages": `CREATE TABLE a (i /* ${long} */);
    CREATE INDEX b ON a (i /* ${long} */ COLLATE NOCASE) WHERE i = 1;
    INSERT INTO a ${numbers(700)} FROM c`,
  "many tables": Array.from(
    { length: 300 },
    (_, i) =>
      `CREATE TABLE T${i} (id INTEGER PRIMARY KEY, x UNIQUE);
     INSERT INTO t${i} SELECT i, i FROM (${numbers(i)} FROM c)`,
  ).join(";"),
  "rows that are gone": `CREATE TABLE a (i INTEGER PRIMARY KEY, t TEXT);
    INSERT INTO a ${numbers(5000)}, hex(randomblob(50)) FROM c;
    CREATE INDEX b ON a (t); DELETE FROM a WHERE i % 7 OR i > 900`,
  "nothing": "CREATE TABLE a (i); DROP TABLE a",
};

function assertSameCounts(path: string): void {
  const wanted = withDb(
    path,
    (db) => tableNames(db).map((name) => [name, countRows(db, name)] as const),
  );
  using counts = new RowCounts(path);
  for (const [name, rows] of wanted) {
    assertEquals(counts.of(foldName(name)), rows, name);
  }
  assertEquals(counts.of("no such table"), 0);
}

Deno.test("rows are counted as SQLite counts them", async (t) => {
  for (const [what, sql] of Object.entries(schemas)) {
    for (const pageSize of [512, 4096, 65536]) {
      await t.step(
        `${what}, pages of ${pageSize}`,
        () =>
          inScratch((folder) => {
            const path = join(folder, "a.db");
            withDb(path, (db) =>
              db.exec(
                `PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = FULL; ${sql}`,
              ));
            assertSameCounts(path);
          }),
      );
    }
  }
});

Deno.test("the rows of the sample are counted", async () => {
  await inScratch((folder) => {
    const path = join(folder, "a.db");
    putSample(path);
    assertSameCounts(path);
  });
});

const refused = {
  "UTF-16": "PRAGMA encoding = 'UTF-16'; CREATE TABLE a (i)",
  "a virtual table": "CREATE VIRTUAL TABLE a USING fts5 (t)",
  "a table with a name over two pages":
    `PRAGMA page_size = 512; CREATE TABLE a${"b".repeat(300)} (i)`,
};

for (const [what, sql] of Object.entries(refused)) {
  Deno.test(`${what} is not counted without SQLite`, async () => {
    await inScratch((folder) => {
      const path = join(folder, "a.db");
      withDb(path, (db) => db.exec(sql));
      assertThrows(() => {
        using counts = new RowCounts(path);
        counts.of("a");
      }, Error);
    });
  });
}

Deno.test("a damaged file is counted or refused, and never without end", async () => {
  await inScratch((folder) => {
    const path = join(folder, "a.db");
    putSample(path, { scale: 0.2 });
    const whole = Deno.readFileSync(path);
    const names = withDb(path, (db) => tableNames(db).map(foldName));
    const random = seeded(7);
    let thrown = 0;
    for (let i = 0; i < 200; i++) {
      const bytes = whole.slice(
        0,
        random(3) ? undefined : random(whole.length),
      );
      const pages = Math.max(1, bytes.length >> 12);
      for (let j = 0; j < 40; j++) {
        bytes[random(pages) * 4096 + random(random(2) ? 16 : 4096)] = random(
          256,
        );
      }
      Deno.writeFileSync(path, bytes);
      try {
        using counts = new RowCounts(path);
        for (const name of names) assert(counts.of(name) >= 0);
      } catch {
        thrown++;
      }
    }
    assert(thrown > 20);
  });
});

Deno.test("a program that has the database locked is not noticed", async () => {
  await inScratch((folder) => {
    const path = join(folder, "a.db");
    withDb(
      path,
      (db) => db.exec("CREATE TABLE a (i); INSERT INTO a VALUES (1)"),
    );
    const db = new Database(path);
    try {
      db.exec("BEGIN EXCLUSIVE");
      using counts = new RowCounts(path);
      assertEquals(counts.of("a"), 1);
    } finally {
      db.close();
    }
  });
});

Deno.test("rows are counted behind a link, with the right to read the link alone", async () => {
  await inScratch(async (folder) => {
    const [data, real] = [join(folder, "data"), join(folder, "real.db")];
    withDb(
      real,
      (db) => db.exec("CREATE TABLE a (i); INSERT INTO a VALUES (7)"),
    );
    Deno.mkdirSync(data);
    Deno.symlinkSync(real, join(data, "soy.db"));
    const script = join(folder, "count.ts");
    const module = new URL("../../lib/database/row_counts.ts", import.meta.url);
    Deno.writeTextFileSync(
      script,
      `import { RowCounts } from "${module}";
       using rows = new RowCounts("data/soy.db");
       console.log(rows.of("a"));`,
    );
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-lock", "--allow-read=data", script],
      cwd: folder,
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "1\n");
  });
});
