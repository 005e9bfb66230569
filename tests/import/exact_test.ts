/**
 * Exact imports: tables become what the backup says, and nothing else changes.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dumpAll } from "../support/dump.ts";
import { rowsIn } from "../support/scratch.ts";
import { seeded } from "../support/random_values.ts";
import { atPair, imports, preview, reportOf } from "../support/pair.ts";
import { randomDatabase } from "../support/random_pair.ts";

Deno.test("an exact import makes every table what the backup says", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = seeded(900 + seed);
    const [theirs, ours] = [randomDatabase(random), randomDatabase(random)];
    const more = "CREATE TABLE mine (x); INSERT INTO mine VALUES (1)";
    await atPair(theirs, `${ours}; ${more}`, async (here, path, there) => {
      const mine = dumpAll(here.database).mine!;
      await imports(here, path, { exact: true });
      const wanted = dumpAll(there.database);
      assertEquals(dumpAll(here.database), { ...wanted, mine });
      const again = await imports(here, path, { exact: true });
      assertEquals(dumpAll(here.database), { ...wanted, mine });
      for (const { added, changed, removed, replaced } of again.tables) {
        assertEquals([added, changed, removed, replaced], [0, 0, 0, 0]);
      }
    });
  }
});

Deno.test("an exact import removes rows with a name from a table without key", async () => {
  const sql = "CREATE TABLE heap (name, v);";
  const theirs = `${sql} INSERT INTO heap VALUES ('one', 1)`;
  const ours =
    `${sql} INSERT INTO heap VALUES ('one', 1), ('two', 2), ('one', 1)`;
  await atPair(theirs, ours, async (here, path, there) => {
    const said = reportOf(await preview(here, path, { exact: true }), "heap");
    assertEquals([said.added, said.unchanged, said.removed], [0, 1, 2]);
    assertEquals(said.examples.gone.toSorted(), ["one", "two"]);
    await imports(here, path, { exact: true });
    assertEquals(dumpAll(here.database), dumpAll(there.database));
  });
});

Deno.test("an exact import removes rows with NULL as their key", async () => {
  const sql = "CREATE TABLE codes (code TEXT PRIMARY KEY, name);";
  const theirs = `${sql} INSERT INTO codes VALUES (NULL, 'a'), ('c', 'b')`;
  const ours =
    `${sql} INSERT INTO codes VALUES (NULL, 'z'), (NULL, 'a'), ('c', 'b')`;
  await atPair(theirs, ours, async (here, path, there) => {
    const { tables } = await imports(here, path, { exact: true });
    assertEquals(tables[0]!.removed, 1);
    assertEquals(dumpAll(here.database), dumpAll(there.database));
  });
});

Deno.test("an exact import empties a table that is empty in the backup", async () => {
  const sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, name);";
  const ours = `${sql} INSERT INTO t VALUES (1, 'a'), (2, 'b')`;
  await atPair(sql, ours, async (here, path) => {
    const { removed, examples } = reportOf(
      await imports(here, path, { exact: true }),
      "t",
    );
    assertEquals([removed, examples.gone], [2, ["a", "b"]]);
    assertEquals(rowsIn(here.database, "SELECT * FROM t"), []);
  });
});

Deno.test("an exact import names references from tables that it leaves alone", async () => {
  const people = "CREATE TABLE people (id INTEGER PRIMARY KEY, name);";
  const theirs = `${people} INSERT INTO people VALUES (1, 'Anna')`;
  const ours = `${people} CREATE TABLE tasks (person REFERENCES people (id));
    INSERT INTO people VALUES (1, 'Anna'), (2, 'Ben');
    INSERT INTO tasks VALUES (1), (2), (2), (77)`;
  await atPair(theirs, ours, async (here, path) => {
    const { orphaned } = await imports(here, path, { exact: true });
    assertEquals(orphaned, [
      { table: "tasks", column: "person", parent: "people", rows: 2 },
    ]);
    assertEquals(rowsIn(here.database, "SELECT count(*) FROM tasks"), [[4]]);
  });
});

const meta = "CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value);";

Deno.test("an exact import keeps what soy_meta says of this installation", async () => {
  const theirs = `${meta} INSERT INTO soy_meta VALUES ('theme', 'dark'),
    ('schema_version', 9), ('gmail_last_synced:a@x', 'there')`;
  const ours = `${meta} INSERT INTO soy_meta VALUES ('theme', 'light'),
    ('mine', 1), ('schema_version', 4), ('gmail_last_synced:b@x', 'here')`;
  await atPair(theirs, ours, async (here, path) => {
    await imports(here, path, { exact: true });
    const rows = rowsIn(here.database, "SELECT * FROM soy_meta ORDER BY key");
    assertEquals(rows, [
      ["gmail_last_synced:b@x", "here"],
      ["schema_version", 4],
      ["theme", "dark"],
    ]);
  });
});

Deno.test("an import counts settings whose key is NULL", async () => {
  const theirs = `${meta} INSERT INTO soy_meta VALUES (NULL, 'a')`;
  const ours = `${meta} INSERT INTO soy_meta VALUES (NULL, 'a'), (NULL, 'b'),
    ('schema_version', 4)`;
  await atPair(theirs, ours, async (here, path) => {
    const said = reportOf(
      await preview(here, path, { exact: true }),
      "soy_meta",
    );
    assertEquals([said.unchanged, said.localOnly, said.removed], [1, 1, 1]);
  });
});

for (
  const [kind, make] of [
    ["full-text", "CREATE VIRTUAL TABLE places USING fts5 (name);"],
    ["spatial", "CREATE VIRTUAL TABLE places USING rtree (id, a, b, +name);"],
  ] as const
) {
  Deno.test(`an exact import counts what it removes from a ${kind} index`, async () => {
    const key = kind === "spatial" ? "id" : "rowid";
    const fill = `INSERT INTO places (${key}, name) VALUES (1, 'one')`;
    const ours = `${make} ${fill}, (2, 'two');
      CREATE TABLE tags (entity_type, entity_id);
      INSERT INTO tags VALUES ('place', 2)`;
    await atPair(make + fill, ours, async (here, path) => {
      const report = await imports(here, path, { exact: true });
      const { removed, replaced, examples } = reportOf(report, "places");
      assertEquals([removed, replaced, examples.gone], [1, 0, ["two"]]);
      const left = rowsIn(here.database, "SELECT name FROM places");
      assertEquals(left, [["one"]]);
      const lost = report.orphaned.map(({ table, rows }) => [table, rows]);
      assertEquals(lost, kind === "spatial" ? [["tags", 1]] : []);
    });
  });
}

Deno.test("an exact import removes rows of a table whose columns have all names of the rowid", async () => {
  const sql = "CREATE TABLE heap (rowid, _rowid_, oid TEXT UNIQUE, v);";
  const theirs = `${sql} INSERT INTO heap (rowid, _rowid_, oid, v) VALUES
    (1, 'a', NULL, 1), (1, 'a', NULL, 1), (3, 'c', NULL, x'00'), (4, 'd', 'k', 1)`;
  const ours = `${sql} INSERT INTO heap (rowid, _rowid_, oid, v) VALUES
    (2, 'b', NULL, 1), (1, 'a', NULL, 1), (9, 'z', 'y', 1), (3, 'c', NULL, '3'),
    (1, 'a', NULL, 1), (1, 'a', NULL, 1), (0, 'o', 'k', 1)`;
  await atPair(theirs, ours, async (here, path, there) => {
    const report = reportOf(await imports(here, path, { exact: true }), "heap");
    const { added, changed, unchanged, removed, replaced } = report;
    assertEquals([added, changed, unchanged], [1, 1, 2]);
    assertEquals([removed, replaced], [4, 0]);
    assertEquals(dumpAll(here.database), dumpAll(there.database));
    const again = await imports(here, path, { exact: true });
    assertEquals(reportOf(again, "heap").unchanged, 4);
  });
});
