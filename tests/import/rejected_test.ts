/**
 * Rows that the tables here refuse today.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { importBackup } from "../../lib/import/import.ts";
import { verifyFile } from "../../lib/compare/verify.ts";
import { tool } from "../support/installation.ts";
import { rowsIn, session } from "../support/scratch.ts";
import {
  at,
  atPair,
  filesOf,
  imports,
  outputs,
  preview,
} from "../support/pair.ts";

const theirs = `CREATE TABLE Tasks (id INTEGER PRIMARY KEY, name, b);
  CREATE TABLE later (id INTEGER PRIMARY KEY, name);
  INSERT INTO Tasks VALUES (1, 'new', NULL), (2, 'bad', x'00'), (3, NULL, 3.0), (4, 'four', 4);
  INSERT INTO later VALUES (1, 'bad'), (2, 'good')`;
const rule = "name NOT NULL CHECK (name <> 'bad')";
const ours = `CREATE TABLE tasks (id INTEGER PRIMARY KEY, ${rule}, b);
  CREATE TABLE later (id INTEGER PRIMARY KEY, ${rule});
  INSERT INTO tasks VALUES (1, 'old', 1), (2, 'kept', 2), (9, 'mine', 9)`;
const query = "SELECT id, name FROM tasks ORDER BY id";

Deno.test("import() names all rows that the tables here refuse", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const before = Deno.readFileSync(here.database);
    const run = () => imports(here, path);
    const { message } = await assertRejects(run, BackupError, "3 rows");
    for (
      const installation of [
        '"tasks", row 2',
        '"tasks", row 3',
        '"later", row 1',
      ]
    ) {
      assert(message.includes(`table ${installation}: `), message);
    }
    assertEquals(Deno.readFileSync(here.database), before);
  });
});

for (const exact of [false, true]) {
  const way = exact ? "an exact import" : "import()";
  Deno.test(`${way} that leaves refused rows out keeps the rows here that they would change`, async () => {
    await atPair(theirs, ours, async (here, path) => {
      const options = { skipInvalid: true, exact };
      const said = await preview(here, path, options);
      const { snapshot: _, rejected, ...done } = await imports(
        here,
        path,
        options,
      );
      assertEquals(done, said);
      assertEquals(outputs(here, "rejected-"), [rejected!]);
      assertEquals(
        done.refused.map(({ table, row }) => `${table} ${row}`).sort(),
        [
          "later 1",
          "tasks 2",
          "tasks 3",
        ],
      );
      const mine = exact ? [] : [[9, "mine"]];
      const rows = [[1, "new"], [2, "kept"], [4, "four"], ...mine];
      assertEquals(rowsIn(here.database, query), rows);
    });
  });
}

Deno.test("the file of refused rows is proved, and comes in when it is mended", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const { rejected } = await imports(here, path, { skipInvalid: true });
    const file = join(here.backups, rejected!);
    const { problems, tables } = await verifyFile(here, file, session());
    assertEquals(problems, []);
    assertEquals(tables, [{ name: "Tasks", rows: 2 }, {
      name: "later",
      rows: 1,
    }]);
    const text = Deno.readTextFileSync(file);
    assert(text.includes('{"$base64":true,"encoded":"AA=="}'), text);
    const mended = text.replaceAll('"bad"', '"mended"')
      .replace('"name":null', '"name":"given"');
    Deno.writeTextFileSync(file, mended);
    await imports(here, file, { force: true });
    const rows = [[1, "new"], [2, "mended"], [3, "given"], [4, "four"], [
      9,
      "mine",
    ]];
    assertEquals(rowsIn(here.database, query), rows);
  });
});

Deno.test("a second file of refused rows in the same second leaves the first", async () => {
  await atPair(theirs, ours, async (here, path) => {
    for (const only of [["later"], ["tasks"]]) {
      await importBackup(here, path, { skipInvalid: true, only }, at(1));
    }
    assertEquals(outputs(here, "rejected-").length, 2);
  });
});

Deno.test("a preview writes no file of refused rows", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const before = filesOf(here);
    await preview(here, path, { skipInvalid: true });
    assertEquals(filesOf(here), before);
  });
});

Deno.test("import --skip-invalid exits with 3 and names the rows and their file", async () => {
  await atPair(theirs, ours, async (here, path) => {
    Deno.renameSync(path, join(here.backups, "b.json"));
    const refused = await tool(here, ["import", "b.json"]);
    assertEquals([refused.code, refused.out], [1, ""]);
    const run = await tool(here, ["import", "b.json", "--skip-invalid"]);
    assertEquals(run.code, 3);
    assert(
      run.err.includes('Left out: table "tasks", row 2: it breaks'),
      run.err,
    );
    const [rejected] = outputs(here, "rejected-");
    assert(
      run.err.includes(
        `output/${rejected}; correct them there and import that file with --force.`,
      ),
      run.err,
    );
  });
});

const items = "CREATE TABLE items (id INTEGER PRIMARY KEY, code, name);";
const coded = items.replace("code", "code UNIQUE");

Deno.test("import --skip-invalid leaves out rows that a new UNIQUE of the table here refuses", async () => {
  const theirs = `${items} INSERT INTO items VALUES (1, 'a', 'one'),
    (2, 'b', 'two'), (3, 'a', 'three'), (4, 'b', 'four'), (5, 'c', 'five')`;
  const ours = `${coded} INSERT INTO items VALUES (2, 'b', 'two'),
    (4, 'd', 'old'), (9, 'a', 'mine')`;
  await atPair(theirs, ours, async (here, path) => {
    const { message } = await assertRejects(
      () => imports(here, path),
      BackupError,
    );
    assert(message.startsWith("Cannot import"), message);
    assert(message.includes("--skip-invalid"), message);
    const { refused, tables, rejected } = await imports(here, path, {
      skipInvalid: true,
    });
    assert(rejected);
    assertEquals(refused.map(({ row }) => row), [3, 4]);
    assert(refused[0]!.reason.includes("row 1 of the backup"));
    const rows = rowsIn(here.database, "SELECT * FROM items ORDER BY id");
    assertEquals(rows, [
      [1, "a", "one"],
      [2, "b", "two"],
      [4, "d", "old"],
      [5, "c", "five"],
    ]);
    const { added, changed, unchanged, replaced, localOnly } = tables[0]!;
    assertEquals([added, changed, unchanged, replaced], [2, 0, 1, 1]);
    assertEquals(localOnly, 2);
  });
});

Deno.test("import --skip-invalid leaves out rows of a table without key that has one here", async () => {
  const theirs = `CREATE TABLE t (code, name);
    INSERT INTO t VALUES ('a', 1), ('b', 2), ('a', 3), (NULL, 4), (NULL, 4)`;
  const ours = `CREATE TABLE t (code UNIQUE, name);
    INSERT INTO t VALUES ('a', 0), (NULL, 4)`;
  for (const exact of [false, true]) {
    await atPair(theirs, ours, async (here, path) => {
      const options = { skipInvalid: true, exact };
      const { refused } = await imports(here, path, options);
      assertEquals(refused.map(({ row }) => row), [3]);
      const rows = rowsIn(here.database, "SELECT * FROM t ORDER BY 1, 2");
      assertEquals(rows, [[null, 4], [null, 4], ["a", 1], ["b", 2]]);
    });
  }
});

Deno.test("130,000 refused rows are left out and counted", async () => {
  const many = "WITH RECURSIVE n (i) AS " +
    "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130000) ";
  const theirs = `CREATE TABLE t (id INTEGER PRIMARY KEY, x);
    ${many} INSERT INTO t SELECT i, NULL FROM n`;
  const ours = `CREATE TABLE t (id INTEGER PRIMARY KEY, x NOT NULL);
    INSERT INTO t VALUES (999999, 1)`;
  await atPair(theirs, ours, async (here, path) => {
    const { refused } = await preview(here, path, { skipInvalid: true });
    assertEquals(refused.length, 130_000);
  });
});

Deno.test("import doesn't call a database a match of rows that it refuses", async () => {
  const theirs = `${items} INSERT INTO items VALUES (1, NULL, 'one')`;
  const ours = items.replace("code", "code NOT NULL");
  await atPair(theirs, ours, async (here, path) => {
    Deno.renameSync(path, join(here.backups, "b.json"));
    const { out } = await tool(here, ["import", "b.json", "--skip-invalid"]);
    assert(out.includes("Nothing changed, apart from the rows left out."), out);
  });
});
