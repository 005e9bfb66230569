/**
 * What `diff` counts: rows matched as an import matches them.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { runInProcess } from "../support/in_process.ts";
import { filesOf } from "../support/pair.ts";
import { randomDatabase } from "../support/random_pair.ts";
import { seeded } from "../support/random_values.ts";
import { dumpAll } from "../support/dump.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";
import { afterChange, answers, counts, says } from "./history.ts";

const people = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, company TEXT);
  INSERT INTO contacts VALUES (1, 'Sarah', 'Acme'), (2, 'Tom', 'Acme'),
    (3, 'Eva', NULL);
  CREATE TABLE tags (name TEXT PRIMARY KEY, color TEXT);
  INSERT INTO tags VALUES ('vip', 'red'), ('old', 'gray');
`;

Deno.test("diff counts new, changed, gone and unchanged rows of each table", async () => {
  const changed = `UPDATE contacts SET company = 'Globex' WHERE id = 1;
    DELETE FROM contacts WHERE id = 2;
    INSERT INTO contacts VALUES (4, 'Max', NULL), (5, 'Ida', NULL)`;
  await afterChange(people, changed, async (installation) => {
    assertEquals(await counts(installation), { contacts: [2, 1, 1, 1] });
    const out = await says(installation, "diff");
    assertMatch(out, /^Since backup-.*\.json \(.*\) 1 table has changed:\n/);
    assertMatch(out, /\ncontacts +2 +1 +1 +1\n1 table is the same\.$/);
  });
});

Deno.test("diff says in words that nothing has changed", async () => {
  await afterChange(people, "", async (installation) => {
    const out = await says(installation, "diff");
    assertMatch(out, /^Since backup-.* nothing has changed\.$/);
    const { tables, unchanged_tables } = await answers(installation, "diff");
    assertEquals([tables, unchanged_tables], [[], 2]);
  });
});

Deno.test("diff changes no file", async () => {
  const changed = "UPDATE contacts SET company = 'x'";
  await afterChange(people, changed, async (installation) => {
    const before = filesOf(installation);
    await says(installation, "diff", "--details");
    assertEquals(filesOf(installation), before);
  });
});

Deno.test("diff compares two backups, and either with the other's past", async () => {
  const changed = "UPDATE contacts SET name = 'T' WHERE id = 2;" +
    "DELETE FROM tags WHERE name = 'old'";
  await afterChange(people, changed, async (installation) => {
    const later = { ...session(), now: () => new Date(Date.now() + 60_000) };
    await exportBackup(installation, later);
    withDb(
      installation.database,
      (db) => db.exec("INSERT INTO tags VALUES ('x', 'y')"),
    );
    const there = { contacts: [0, 1, 0, 2], tags: [0, 0, 1, 1] };
    assertEquals(await counts(installation, "latest~1", "latest"), there);
    const back = { contacts: [0, 1, 0, 2], tags: [1, 0, 0, 1] };
    assertEquals(await counts(installation, "latest", "latest~1"), back);
    assertEquals(await counts(installation), { tags: [1, 0, 0, 1] });
    assertEquals(await counts(installation, "now", "latest"), {
      tags: [0, 0, 1, 1],
    });
    assertEquals(await counts(installation, "now", "NOW"), {});
  });
});

Deno.test("a row under another number is the same row if a unique key says so", async () => {
  const made = `
    CREATE TABLE emails (id INTEGER PRIMARY KEY, gmail_id TEXT UNIQUE, s TEXT);
    INSERT INTO emails VALUES (1, 'g1', 'a'), (2, 'g2', 'b'), (3, NULL, 'c');
  `;
  const changed = `DELETE FROM emails; INSERT INTO emails VALUES
    (7, 'g1', 'a'), (2, 'g2', 'B'), (8, NULL, 'c')`;
  await afterChange(made, changed, async (installation) => {
    assertEquals(await counts(installation), { emails: [1, 2, 1, 0] });
  });
});

Deno.test("keys of text, of several columns and of another case match", async () => {
  const made = `
    CREATE TABLE a (k TEXT PRIMARY KEY COLLATE NOCASE, v);
    CREATE TABLE b (x, y, v, PRIMARY KEY (x, y)) WITHOUT ROWID;
    INSERT INTO a VALUES ('one', 1), ('two', 2), (NULL, 3);
    INSERT INTO b VALUES (1, 1, 'a'), (1, 2, 'b'), ('1', 1, 'c');
  `;
  const changed = `DELETE FROM a; INSERT INTO a VALUES ('two', 2), ('ONE', 1),
    (NULL, 3), (NULL, 4); UPDATE b SET v = 'z' WHERE x = '1'`;
  await afterChange(made, changed, async (installation) => {
    assertEquals(await counts(installation), {
      a: [1, 1, 0, 2],
      b: [0, 1, 0, 2],
    });
  });
});

Deno.test("rows without a key count: as many of each as there are", async () => {
  const made = `CREATE TABLE heap (v, w);
    INSERT INTO heap VALUES (1, 'a'), (1, 'a'), (1, 'a'), (2, NULL), (3, x'00')`;
  const changed = `DELETE FROM heap; INSERT INTO heap VALUES
    (3, x'00'), (1, 'a'), (2, NULL), (2, NULL), ('1', 'a')`;
  await afterChange(made, changed, async (installation) => {
    assertEquals(await counts(installation), { heap: [2, 0, 2, 3] });
  });
});

Deno.test("a rowid that no column shows is no difference", async () => {
  const made = `CREATE TABLE t (k TEXT PRIMARY KEY, v);
    CREATE TABLE heap (v);
    INSERT INTO t VALUES ('a', 1), ('b', 2); INSERT INTO heap VALUES (1), (2)`;
  const changed = "UPDATE t SET rowid = rowid + 100;" +
    "UPDATE heap SET rowid = rowid + 100";
  await afterChange(made, changed, async (installation) => {
    assertEquals(await counts(installation), {});
  });
});

Deno.test("tables and columns that only one of the two has are named", async () => {
  const changed = `CREATE TABLE fresh (x); INSERT INTO fresh VALUES (1), (2);
    DROP TABLE tags; ALTER TABLE contacts ADD COLUMN "ni\x1bck" TEXT;
    ALTER TABLE contacts DROP COLUMN company`;
  await afterChange(people, changed, async (installation) => {
    const out = await says(installation, "diff");
    assertMatch(out, /tags: only in backup-.*\.json, with 2 rows/);
    assertStringIncludes(out, "fresh: only in the database, with 2 rows");
    assertStringIncludes(out, "contacts.ni\\u001bck: only in the database");
    assertMatch(out, /contacts\.company: only in backup-/);
    assertEquals(await counts(installation), {
      contacts: [0, 0, 0, 3],
      tags: [0, 0, 0, 0],
      fresh: [0, 0, 0, 0],
    });
  });
});

Deno.test("the state of an installation is no difference", async () => {
  const made = `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
    INSERT INTO soy_meta VALUES ('last_backup_at', 'x'), ('theme', 'dark')`;
  await afterChange(made, "", async (installation) => {
    assertEquals(await counts(installation), {});
    withDb(
      installation.database,
      (db) => db.exec("UPDATE soy_meta SET value = 'light'"),
    );
    assertEquals(await counts(installation), { soy_meta: [0, 1, 0, 1] });
  });
});

Deno.test("--tables and --except choose tables, and misspelled ones are refused", async () => {
  const changed = "UPDATE contacts SET name = 'x'; DELETE FROM tags";
  await afterChange(people, changed, async (installation) => {
    const only = await counts(installation, "--tables", "Tags");
    assertEquals(only, { tags: [0, 0, 2, 0] });
    const others = await counts(installation, "--except", "tags");
    assertEquals(others, { contacts: [0, 3, 0, 0] });
    const { code, err } = await runInProcess(installation, [
      ...["diff", "--tables", "contcts"],
    ]);
    assertEquals(code, 1);
    const words =
      'neither of the two has a table "contcts"; did you mean contacts?';
    assertStringIncludes(err, words);
  });
});

Deno.test("a file of the old form and a SQLite file are compared, too", async () => {
  const changed = "UPDATE contacts SET company = 'x' WHERE id = 3";
  await afterChange(people, "", async (installation) => {
    const { backups, database } = installation;
    Deno.writeTextFileSync(
      join(backups, "old.json"),
      '{"backup_date": "2026-02-19T00:00:00Z", "tables": {"contacts": [' +
        '{"id": 1, "name": "Sarah", "company": "Acme"},' +
        '{"id": 9, "name": "Gone", "company": null}]}}',
    );
    Deno.copyFileSync(database, join(backups, "copy.db"));
    withDb(database, (db) => db.exec(changed));
    assertEquals(
      await counts(installation, "old.json", "--tables", "contacts"),
      {
        contacts: [2, 0, 1, 1],
      },
    );
    assertEquals(await counts(installation, "copy.db"), {
      contacts: [0, 1, 0, 2],
    });
  });
});

Deno.test("rows at the ends of the rowids, and far apart, are compared", async () => {
  const made = `CREATE TABLE t (id INTEGER PRIMARY KEY, v);
    INSERT INTO t VALUES (-9223372036854775808, 1), (0, 2), (5000000000, 3),
      (9223372036854775807, 4)`;
  await afterChange(made, "UPDATE t SET v = v + 1", async (installation) => {
    assertEquals(await counts(installation), { t: [0, 4, 0, 0] });
  });
});

for (const encoding of ["UTF-16le", "UTF-8"]) {
  Deno.test(`every kind of value is compared in ${encoding}`, async () => {
    const values = ["NULL", "1", "1.0", "'1'", "x'31'", "9e999", "''", "x''"];
    const list = values.map((value, i) => `(${i}, ${value})`);
    const made = `PRAGMA encoding = '${encoding}'; CREATE TABLE t ` +
      `(id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES ${list.join()}, ` +
      "(20, CAST(x'fffe80d8' AS TEXT)), (21, 'a' || char(0) || 'b')";
    for (const [i, value] of values.entries()) {
      const changed = `UPDATE t SET v = ${value} WHERE id < ${values.length}`;
      await afterChange(made, changed, async (installation) => {
        assertEquals(
          await counts(installation),
          { t: [0, values.length - 1, 0, 3] },
          `all became ${values[i]}`,
        );
      });
    }
  });
}

// The rows of a table that is no longer defined the same are compared in SQL, those of
// others as the lines of an export.
for (
  const [how, grown] of [["line by line", false], ["in SQL", true]] as const
) {
  Deno.test(`of many rows just those that differ are found ${how}`, async () => {
    const made = `CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000)
      INSERT INTO t SELECT i * 3, 'row ' || i FROM n`;
    const changed = `UPDATE t SET v = 'x' WHERE id % 500 = 0;
      DELETE FROM t WHERE id % 700 = 0; INSERT INTO t
      SELECT id + 1, v FROM t WHERE id % 900 = 0;
      ${grown ? "ALTER TABLE t ADD COLUMN more" : ""}`;
    await afterChange(made, changed, async (installation) => {
      assertEquals(await counts(installation), { t: [14, 9, 7, 4984] });
    });
  });
}

Deno.test("a line longer than what is read at a time is compared", async () => {
  const made = `CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
    INSERT INTO t VALUES (1, 'a'), (2, hex(zeroblob(400000))), (3, 'b'),
      (4, hex(zeroblob(50000))), (5, 'c')`;
  const changed = "UPDATE t SET v = v || 'x' WHERE id IN (2, 4);" +
    "DELETE FROM t WHERE id = 1";
  await afterChange(made, changed, async (installation) => {
    assertEquals(await counts(installation), { t: [0, 2, 1, 2] });
  });
});

Deno.test("rows too long to be compared at a time are compared", async () => {
  const made = `CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB);
    INSERT INTO t VALUES (1, zeroblob(9000000)), (2, zeroblob(9000000))`;
  const changed = "UPDATE t SET v = zeroblob(9000001) WHERE id = 2";
  await afterChange(made, changed, async (installation) => {
    assertEquals(await counts(installation), { t: [0, 1, 0, 1] });
  });
});

Deno.test("random databases: every row is counted once", async () => {
  const cases = Number(Deno.env.get("BACKUP_TEST_CASES") ?? 15);
  for (let seed = 1; seed <= cases; seed++) {
    const random = seeded(seed);
    await afterChange(randomDatabase(random), "", async (installation) => {
      const before = dumpAll(installation.database);
      Deno.removeSync(installation.database);
      withDb(installation.database, (db) => db.exec(randomDatabase(random)));
      const after = dumpAll(installation.database);
      const { tables } = await answers(installation, "diff");
      for (const table of tables) {
        const { name, unchanged, changed, gone } = table;
        const [was, is] = [before[name]!, after[name]!];
        assertEquals(unchanged, inBoth(was, is), `${seed}: ${name}`);
        assertEquals(unchanged + changed + gone, was.length);
        assertEquals(unchanged + changed + table.new, is.length);
      }
      const named = tables.map(({ name }: { name: string }) => name);
      for (const name of Object.keys(before)) {
        const same = before[name]!.join() === after[name]!.join();
        assertEquals(named.includes(name), !same, `${seed}: ${name}`);
      }
    });
  }
});

function inBoth(a: string[], b: string[]): number {
  const left = [...b];
  return a.filter((row) => {
    const i = left.indexOf(row);
    if (i >= 0) left.splice(i, 1);
    return i >= 0;
  }).length;
}

Deno.test("without a database or a backup diff says what is missing", async () => {
  await atInstallation("CREATE TABLE t (x)", async (installation) => {
    const none = await runInProcess(installation, ["diff"]);
    assertEquals(none.code, 1);
    assertStringIncludes(none.err, "make one with export");
    await exportBackup(installation, session());
    Deno.removeSync(installation.database);
    const { code, err } = await runInProcess(installation, ["diff"]);
    assertEquals(code, 1);
    assertStringIncludes(err, "Cannot find a database");
  });
});

Deno.test("diff that is interrupted leaves nothing behind", async () => {
  const changed = "DELETE FROM contacts";
  await afterChange(people, changed, async (installation) => {
    const before = filesOf(installation);
    const stop = new AbortController();
    stop.abort();
    const { signal } = stop;
    const { code } = await runInProcess(installation, ["diff"], { signal });
    assertEquals(code, 130);
    assertEquals(filesOf(installation), before);
  });
});
