/**
 * Which snapshots there are, what an undo to one of them would do, and that it does.
 *
 * @module
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { importBackup } from "../../lib/import/import.ts";
import { describeSnapshots, previewUndo } from "../../lib/undo/preview.ts";
import { undo } from "../../lib/undo/undo.ts";
import { dumpAll } from "../support/dump.ts";
import { runInProcess } from "../support/in_process.ts";
import { at, atPair, filesOf } from "../support/pair.ts";
import { session, withDb } from "../support/scratch.ts";

const contacts = "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name);";
const theirs = `${contacts} INSERT INTO contacts VALUES (1, 'Anna'), (2, 'Ben');
  CREATE TABLE made (x); INSERT INTO made VALUES (1), (2)`;
const ours =
  `${contacts} INSERT INTO contacts VALUES (1, 'Anne'), (3, 'Cem'), (4, 'Di')`;

const first = "before-import-2026-02-19-120001.db";

Deno.test("previewUndo() counts rows that come back, change and go, and changes nothing", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, { exact: true }, at(1));
    const before = filesOf(here);
    const { restored, tables } = await previewUndo(here, session());
    assertEquals(restored, first);
    const rest = { added: 2, changed: 1, removed: 1 };
    const none = { added: 0, changed: 0, removed: 2 };
    assertEquals(tables, [
      { name: "contacts", before: 2, after: 3, ...rest },
      { name: "made", before: 2, after: undefined, ...none },
    ]);
    assertEquals(filesOf(here), before);
    const { tables: done } = await undo(here, at(2));
    assertEquals(
      done,
      tables.map(({ name, before, after }) => ({ name, before, after })),
    );
    const { out } = await runInProcess(here, ["undo", "--dry-run"]);
    assertStringIncludes(out, "would put the database back as it was on ");
    assertEquals(out.split("\n").slice(2), [
      "          come back  change  go",
      "contacts          1       1   2",
      "made              2       0   0  the table comes back",
    ]);
  });
});

Deno.test("previewUndo() counts rows without a key, or with NULL in it, one by one", async () => {
  const tables =
    "CREATE TABLE free (a, b); CREATE TABLE keyed (k PRIMARY KEY, v);" +
    "CREATE TABLE two (a, b, v, PRIMARY KEY (b, a)) WITHOUT ROWID;";
  const theirs =
    `${tables} INSERT INTO free VALUES (1, 'x'), (1, 'x'), (2, 'y');
    INSERT INTO keyed VALUES (NULL, 1), (NULL, 1), ('a', 1);
    INSERT INTO two VALUES (1, 2, 'old'), (2, 1, 'same')`;
  const ours = `${tables} INSERT INTO free VALUES (1, 'x'), (3, 'z');
    INSERT INTO keyed VALUES (NULL, 1), (NULL, 2), ('a', 2);
    INSERT INTO two VALUES (1, 2, 'new'), (2, 1, 'same')`;
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, { exact: true }, at(1));
    const { tables } = await previewUndo(here, session());
    const counts = tables.map((
      { name, added, changed, removed },
    ) => [name, added, changed, removed]);
    assertEquals(counts, [
      ["free", 1, 0, 2],
      ["keyed", 1, 1, 1],
      ["two", 0, 1, 0],
    ]);
  });
});

Deno.test("previewUndo() says that nothing would change", async () => {
  await atPair(ours, ours, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    assertEquals((await previewUndo(here, session())).tables, []);
    const { code, out } = await runInProcess(here, ["undo", "--dry-run"]);
    assertEquals(code, 0);
    assertStringIncludes(out, "Nothing would change");
  });
});

Deno.test("undo() goes back to the snapshot that is named, and forth again", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const oldest = dumpAll(here.database);
    await importBackup(here, path, { only: ["contacts"] }, at(1));
    await importBackup(here, path, {}, at(2));
    const newest = dumpAll(here.database);
    await undo(here, at(3), first);
    assertEquals(dumpAll(here.database), oldest);
    await undo(here, at(4));
    assertEquals(dumpAll(here.database), newest);
  });
});

Deno.test("a snapshot is taken by its path too; another name gets a hint", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    const { restored } = await previewUndo(
      here,
      session(),
      join(here.snapshots, first),
    );
    assertEquals(restored, first);
    const before = dumpAll(here.database);
    const near = first.replace("120001", "120007");
    for (
      const [name, hint] of [
        [near, `there is no snapshot "${near}"; did you mean ${first}?`],
        [join(here.data, first), `did you mean ${first}?`],
        ["other", 'there is no snapshot "other"; undo --list shows them'],
      ] as const
    ) {
      await assertRejects(() => undo(here, at(2), name), BackupError, hint);
    }
    assertEquals(dumpAll(here.database), before);
  });
});

Deno.test("undo --list shows the snapshots newest first, and what is in them", async () => {
  await atPair(theirs, ours, async (here, path) => {
    const empty = await runInProcess(here, ["undo", "--list"]);
    assertEquals(empty.out, "No snapshots. Import makes one each time.");
    await importBackup(here, path, {}, at(1));
    await importBackup(here, path, {}, at(2));
    await undo(here, at(3));
    const damaged = join(here.snapshots, "before-import-2026-02-18-120000.db");
    Deno.writeTextFileSync(damaged, "no database at all".repeat(100));
    const before = filesOf(here);
    const { code, out, err } = await runInProcess(here, ["undo", "--list"]);
    assertEquals([code, err], [0, ""]);
    const [head, ...lines] = out.split("\n");
    assertEquals(head, "3 snapshots, newest first:");
    assertEquals(
      lines.map((line) => line.trim().replace(/ {2,}/g, "|")),
      [
        "before-undo-2026-02-19-120003-of-2026-02-19-120002.db|12 KB|" +
        "2026-02-19 12:00|before an undo to 2026-02-19 12:00|4 contacts",
        `${first}|8.2 KB|2026-02-19 12:00|before an import|3 contacts`,
        "before-import-2026-02-18-120000.db|1.8 KB|2026-02-18 12:00|" +
        "before an import|it is damaged",
      ],
    );
    assertEquals(filesOf(here), before);
  });
});

Deno.test("undo --list goes with no snapshot, and not with --dry-run", async () => {
  await atPair(theirs, ours, async (here) => {
    for (const rest of [[first], ["--dry-run"]]) {
      const { code } = await runInProcess(here, ["undo", "--list", ...rest]);
      assertEquals(code, 2);
    }
  });
});

Deno.test("a snapshot that is damaged is told in one line, whether it is named or not", async () => {
  await atPair(theirs, ours, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    withDb(join(here.snapshots, first), (db) => db.exec("DROP TABLE contacts"));
    for (const rest of [[], [first]]) {
      const run = await runInProcess(here, ["undo", "--dry-run", ...rest]);
      assertEquals(run.code, 1);
      assertStringIncludes(run.err, "it is empty");
    }
  });
});

Deno.test("undo --list tells what was imported after each snapshot, also if that was undone", async () => {
  const log = "CREATE TABLE activity_log (id INTEGER PRIMARY KEY, " +
    "entity_type, entity_id, action, details);";
  await atPair(log + theirs, log + ours, async (here, path) => {
    await importBackup(here, path, {}, at(1));
    await importBackup(here, path, {}, at(2));
    await undo(here, at(3), first);
    await importBackup(here, path, {}, at(4));
    const sources = (await describeSnapshots(here))
      .map(({ name, source }) => [name.slice(-20), source]);
    const source = basename(path);
    assertEquals(sources, [
      ["2026-02-19-120004.db", source],
      ["2026-02-19-120001.db", undefined],
      ["2026-02-19-120002.db", source],
    ]);
  });
});
