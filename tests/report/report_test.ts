/**
 * The page of `report`: what it says, and that it is safe to open.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { REPORT_NAME } from "../../lib/report/report.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

const day = 86_400_000;

const people = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO contacts VALUES (1, 'Sarah Secret'), (2, 'Tom'), (3, 'Eva');
  CREATE TABLE tags (name TEXT PRIMARY KEY);
  INSERT INTO tags VALUES ('vip');
`;

/** Backs up as if that were some days ago, after a change. */
async function backUp(
  installation: Installation,
  daysAgo: number,
  sql = "",
): Promise<void> {
  withDb(installation.database, (db) => db.exec(sql));
  const moment = new Date(Date.now() - daysAgo * day);
  await exportBackup(installation, { ...session(), now: () => moment });
}

async function report(installation: Installation, ...options: string[]) {
  const run = await runInProcess(installation, ["report", ...options]);
  const path = join(installation.backups, REPORT_NAME);
  return { ...run, path, page: Deno.readTextFileSync(path) };
}

async function facts(installation: Installation) {
  return JSON.parse((await report(installation, "--json")).out);
}

Deno.test("report writes one private page and says where it is", async () => {
  await atInstallation(people, async (installation) => {
    await backUp(installation, 0);
    const { code, out, err, path, page } = await report(installation);
    assertEquals([code, err], [0, ""]);
    assertEquals(
      out,
      `Wrote a page about 1 backup. Open it in a browser:\n  ${path}`,
    );
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
    assertMatch(page, /^<!DOCTYPE html>\s+<html lang="en">/);
    assertStringIncludes(
      page,
      "<title>Backups &ndash; Software of You</title>",
    );
    const files = [...Deno.readDirSync(installation.backups)];
    assertEquals(files.filter(({ name }) => name.endsWith(".tmp")), []);
  });
});

Deno.test("the page runs nothing, asks nothing of the network and tells no row", async () => {
  await atInstallation(people, async (installation) => {
    await backUp(installation, 2);
    await backUp(installation, 0, "UPDATE contacts SET name = 'Tim Secret'");
    const { page } = await report(installation);
    assert(!/<script|\son\w+=|https?:|url\(|@import|<link|<img/i.test(page));
    assertStringIncludes(page, "default-src &#39;none&#39;");
    assert(!page.includes("Secret"));
  });
});

Deno.test("names of tables and files stay text, whatever is in them", async () => {
  const name = `<img src=x onerror="alert('1')">&\u202e`;
  const sql = name.replaceAll('"', '""');
  const made = `CREATE TABLE "${sql}" (id INTEGER PRIMARY KEY);
    INSERT INTO "${sql}" VALUES (1), (2)`;
  await atInstallation(made, async (installation) => {
    await backUp(installation, 1);
    await backUp(installation, 0, `DELETE FROM "${sql}"`);
    const file = join(installation.backups, "backup-<script>.json");
    Deno.writeTextFileSync(file, "{}");
    const { page } = await report(installation);
    assert(!/<img|<script|\u202e/.test(page));
    assertStringIncludes(
      page,
      "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)",
    );
    assertStringIncludes(page, "\\u202e");
    assertStringIncludes(page, "backup-&lt;script&gt;.json");
  });
});

Deno.test("the newest days are compared row by row", async () => {
  await atInstallation(people, async (installation) => {
    await backUp(installation, 2);
    const sql = `UPDATE contacts SET name = 'Max' WHERE id = 1;
      DELETE FROM contacts WHERE id = 2; INSERT INTO contacts VALUES (7, 'Ida')`;
    await backUp(installation, 0, sql);
    const { changes } = await facts(installation);
    const [{ by, tables, losses }] = changes;
    assertEquals([by, losses, changes.length], ["rows", [], 1]);
    assertEquals(tables, [{
      name: "contacts",
      before: 3,
      after: 3,
      new: 1,
      changed: 1,
      gone: 1,
    }]);
    const { page } = await report(installation);
    assertStringIncludes(page, "contacts +1 ~1 −1");
  });
});

Deno.test("older days are counted by their numbers of rows, and the page says so", async () => {
  await atInstallation(people, async (installation) => {
    for (let daysAgo = 16; daysAgo >= 0; daysAgo--) {
      const id = 100 - daysAgo;
      await backUp(installation, daysAgo, `INSERT INTO tags VALUES (${id})`);
    }
    const { changes } = await facts(installation);
    const ways = changes.map(({ by }: { by: string }) => by);
    assertEquals(ways.indexOf("counts"), 14);
    assertEquals(changes.at(-1).tables, [{
      name: "tags",
      before: 2,
      after: 3,
      new: 1,
      changed: null,
      gone: 0,
    }]);
    const { page } = await report(installation);
    assertStringIncludes(
      page,
      "The newest 14 backups were compared row by row",
    );
  });
});

Deno.test("a table that lost its rows is marked, with the backup that has them", async () => {
  await atInstallation(people, async (installation) => {
    await backUp(installation, 1);
    await backUp(installation, 0, "DELETE FROM contacts");
    const { code, err, page } = await report(installation);
    assertEquals(code, 0);
    assertMatch(err, /^WARNING: Your backup backup-.*\.json has 3 contacts/);
    assertStringIncludes(page, "1 thing needs your attention");
    assertStringIncludes(page, "<strong>contacts</strong>");
    const { changes: [{ from, losses }] } = await facts(installation);
    assertEquals(losses, [{ name: "contacts", before: 3, now: 0 }]);
    assertStringIncludes(page, `/backup import ${from} --dry-run`);
  });
});

Deno.test("a damaged backup is named, and its day counted all the same", async () => {
  await atInstallation(people, async (installation) => {
    await backUp(installation, 1);
    await backUp(installation, 0, "INSERT INTO tags VALUES ('new')");
    const { days: [{ backup }] } = await facts(installation);
    const path = join(installation.backups, backup);
    const text = Deno.readTextFileSync(path).replace("Tom", "Tim");
    Deno.writeTextFileSync(path, text);
    const { code, err, page } = await report(installation);
    assertEquals(code, 3);
    assertStringIncludes(err, backup);
    assertStringIncludes(page, "What could not be read");
    const { changes: [{ by, tables }] } = await facts(installation);
    assertEquals([by, tables.length], ["counts", 1]);
  });
});

Deno.test("without a backup or a database there is a page, too", async () => {
  await atInstallation("", async (installation) => {
    const { code, page } = await report(installation);
    assertEquals(code, 0);
    assertStringIncludes(page, "There are no backups yet");
  });
});

Deno.test("a page that can't be written is one line, and the earlier one stays", async () => {
  await atInstallation(people, async (installation) => {
    await backUp(installation, 0);
    const path = join(installation.backups, REPORT_NAME);
    Deno.mkdirSync(path);
    const { code, err } = await runInProcess(installation, ["report"]);
    assertEquals(code, 1);
    assertMatch(err, /^Error: Cannot write ".*backup-report\.html": /);
    assert(Deno.statSync(path).isDirectory);
  });
});
