/**
 * What a preview names: rows that come, change and give way, and faults.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertNotMatch,
  assertRejects,
} from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { backupText, written } from "../support/hand_made.ts";
import { atInstallation } from "../support/scratch.ts";
import { atPair, imports, preview, reportOf } from "../support/pair.ts";

const emails = "CREATE TABLE emails (id INTEGER PRIMARY KEY, " +
  "gmail_id TEXT UNIQUE, subject TEXT, updated_at TEXT);";

Deno.test("a preview names the rows that come, change and give way", async () => {
  const theirs = `${emails} INSERT INTO emails VALUES (1, 'g1', 'Hello', NULL),
    (2, 'g2', 'Changed there', NULL), (3, 'g3', 'Same', NULL)`;
  const ours =
    `${emails} INSERT INTO emails VALUES (9, 'g1', 'Hello again', NULL),
    (2, 'g2', 'Changed here', NULL), (3, 'g3', 'Same', NULL),
    (8, 'g8', 'Only here', NULL)`;
  await atPair(theirs, ours, async (here, path) => {
    const { examples, ...counts } = reportOf(
      await preview(here, path),
      "emails",
    );
    assertEquals(examples, {
      added: ["Hello"],
      changed: ["Changed there"],
      gone: ["Hello again"],
      kept: [],
    });
    assertEquals([counts.added, counts.changed, counts.unchanged], [1, 1, 1]);
    assertEquals([counts.replaced, counts.localOnly, counts.removed], [
      1,
      2,
      0,
    ]);
  });
});

Deno.test("a preview tells how many rows were edited here since", async () => {
  const theirs = `${emails} INSERT INTO emails VALUES
    (1, 'a', 'x', '2026-02-01 00:00:00'), (2, 'b', 'x', '2026-02-03 00:00:00'),
    (3, 'c', 'x', '2026-02-02 00:00:00'), (4, 'd', 'x', NULL),
    (5, 'e', 'x', '2026-02-02 00:00:00')`;
  const ours = `${emails} INSERT INTO emails VALUES
    (1, 'a', 'y', '2026-02-02 00:00:00'), (2, 'b', 'y', '2026-02-02 00:00:00'),
    (3, 'c', 'y', '2026-02-02 00:00:00'), (4, 'd', 'y', '2026-02-02 00:00:00'),
    (6, 'f', 'y', '2026-03-02 00:00:00'), (5, 'e', 'x', '2026-02-02 00:00:00')`;
  await atPair(theirs, ours, async (here, path) => {
    const { changed, newerLocally } = reportOf(
      await preview(here, path),
      "emails",
    );
    assertEquals([changed, newerLocally], [4, 1]);
  });
});

const hostile = {
  "control characters": "\x1b[31mred\x07\r\n\t\x7f\x9b",
  "marks of direction": "left\u202eright\u2066\u200f",
  "five thousand characters": "x".repeat(5000),
  "characters of two units": "😀".repeat(200),
  "characters of two units, displaced by one": "a" + "😀".repeat(200),
  "a separator of lines": "line\u2028line",
};

/** Makes sure that a name can be shown in a line of a terminal. */
function assertShowable(name: string): void {
  assert(name.length <= 60, `${name.length} characters`);
  // deno-lint-ignore no-control-regex -- they are what is looked for
  assertNotMatch(name, /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e\u2066\u200f]/);
  assert(name.isWellFormed(), "half a character is left of the last one");
}

for (const [what, name] of Object.entries(hostile)) {
  Deno.test(`a preview shows a name of ${what} short and harmless`, async () => {
    const sql = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name);
      INSERT INTO contacts VALUES (1, 'x'), (2, '${name}y')`;
    await atInstallation(sql, async (installation) => {
      const rows = [{ id: 1, name }, { id: 3, name }, { id: 4, name: "end" }];
      const parts = { tables: { contacts: rows } };
      const path = written(installation, backupText(parts));
      const report = await preview(installation, path, { exact: true });
      const { added, changed, gone } = reportOf(report, "contacts").examples;
      assertEquals([added.length, changed.length, gone.length], [2, 1, 1]);
      for (const each of [...added, ...changed, ...gone]) assertShowable(each);
    });
  });
}

Deno.test("a preview names the people of a database that was emptied", async () => {
  const sql = "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name);";
  const rows = "INSERT INTO contacts VALUES (1, 'Zoe'), (2, 'Ada')";
  await atPair(sql + rows, sql, async (here, path) => {
    const { examples } = reportOf(await preview(here, path), "contacts");
    assertEquals(examples.added, ["Zoe", "Ada"]);
  });
});

Deno.test("a preview shows no key that may be a password", async () => {
  const sql = "CREATE TABLE api (id INTEGER PRIMARY KEY, key);";
  const rows = "INSERT INTO api VALUES (1, 'sk-secret')";
  await atPair(
    sql + rows,
    `${sql} INSERT INTO api VALUES (2, 'mine')`,
    async (here, path) => {
      const { examples } = reportOf(await preview(here, path), "api");
      assertEquals(examples.added, []);
    },
  );
});

Deno.test("a preview names three rows at the most", async () => {
  const people = "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name);" +
    "INSERT INTO contacts VALUES (99, 'Zoe')";
  const many = `${people}; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL
    SELECT i + 1 FROM n WHERE i < 50) INSERT INTO contacts SELECT i, 'c' || i FROM n`;
  await atPair(many, people, async (here, path) => {
    const { examples } = reportOf(await preview(here, path), "contacts");
    assertEquals(examples.added.length, 3);
  });
});

const faults: Record<string, [string, string]> = {
  "a damaged file": ["{", "Cannot read backup"],
  "an unknown table": [
    backupText({ tables: { t: [] } }),
    'it has no table "contacs"',
  ],
  "a row that breaks a rule": [
    backupText({ tables: { contacs: [{ id: 1, name: null }] } }),
    'table "contacs", row 1: column "name" is empty',
  ],
};

for (const [what, [text, words]] of Object.entries(faults)) {
  Deno.test(`a preview names ${what} as the import does`, async () => {
    const sql = "CREATE TABLE contacs (id INTEGER PRIMARY KEY, name NOT NULL)";
    await atInstallation(sql, async (installation) => {
      const path = written(installation, text);
      const options = { only: ["contacs"] };
      const one = () => preview(installation, path, options);
      const said = await assertRejects(one, BackupError, words);
      const two = () => imports(installation, path, options);
      const done = await assertRejects(two, BackupError, words);
      assertEquals(said.message, done.message);
    });
  });
}
