/**
 * Verification of backups that restore.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import { BackupError } from "../../lib/errors.ts";
import { verifyFile } from "../../lib/compare/verify.ts";
import { exportVerifier } from "../../lib/compare/verify.ts";
import { PROOFS_NAME } from "../../lib/store/proofs.ts";
import { written } from "../support/hand_made.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  session,
} from "../support/scratch.ts";
import { filesOf } from "../support/pair.ts";

const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, a, r REAL, b BLOB);
  CREATE TABLE heap (x, y); CREATE TABLE none (x);
  CREATE TABLE child (t REFERENCES t (id));
  CREATE TABLE pairs (a, b, PRIMARY KEY (b, a)) WITHOUT ROWID;
  CREATE TRIGGER more AFTER INSERT ON t BEGIN DELETE FROM heap; END;
  INSERT INTO t VALUES (1, 'ä', 3, x'00ff'), (2, 3.0, 1e300, NULL), (7, 3, NULL, 'x');
  INSERT INTO heap VALUES (1, 2), (1, 2), (NULL, NULL), (9223372036854775807, -9e999);
  INSERT INTO child VALUES (99); INSERT INTO pairs VALUES (2, 'a'), (1, 'b')`;

/** Changes to the text of a backup that change nothing of what it says. */
const rewritten: Record<string, (text: string) => string> = {
  "as it is": (text) => text,
  "without a checksum": (text) => text.replace(/,\n"sha256".*\n/, "\n"),
  "on one line": (text) =>
    text.replace(/,\n"sha256".*\n/, "\n").replaceAll("\n", ""),
  "with more space and a byte order mark": (text) =>
    "\ufeff" +
    text.replace(/,\n"sha256".*\n/, "\n").replaceAll("\n", " \r\n\t "),
  "with its rows in another order": (text) =>
    text.replace(/,\n"sha256".*\n/, "\n").replace(
      /"(t|heap|pairs)": \[\n([^\]]*?)\n\]/g,
      (_, name, rows) =>
        `"${name}": [\n${rows.split(",\n").reverse().join(",\n")}\n]`,
    ),
};

for (const [how, rewrite] of Object.entries(rewritten)) {
  Deno.test(`verify() proves a backup ${how}, and touches nothing`, async () => {
    await atInstallation(sql, async (installation) => {
      const { path, tables } = await exportBackup(installation, session());
      const text = rewrite(Deno.readTextFileSync(path));
      const copy = written(installation, text, "copy.json");
      const before = filesOf(installation);
      const report = await verifyFile(installation, copy, session());
      assertEquals(report.problems, []);
      assertEquals(report.tables, tables);
      assertEquals([report.dangling, report.borrowedSchema], [1, false]);
      assertEquals(report.checksum, text.includes('"sha256"'));
      const after = filesOf(installation);
      delete after[join(installation.backups, PROOFS_NAME)];
      assertEquals(after, before);
    });
  });
}

Deno.test("verify() proves the newest backup where no database is", async () => {
  await atInstallation(sql, async (installation) => {
    await exportBackup(installation, session());
    Deno.removeSync(installation.database);
    const { problems } = await verifyFile(installation, undefined, session());
    assertEquals(problems, []);
  });
});

Deno.test("verify() proves the old form by the tables of the database here", async () => {
  const text = JSON.stringify({
    backup_date: "2025-11-20 10:00",
    tables: { t: [{ id: 1, a: "b" }, { id: 2, r: 1.5 }] },
  });
  await atInstallation(sql, async (installation) => {
    const report = await verifyFile(
      installation,
      written(installation, text),
      session(),
    );
    assertEquals([report.problems, report.borrowedSchema], [[], true]);
  });
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "none");
    const run = () =>
      verifyFile(installation, written(installation, text), session());
    await assertRejects(run, BackupError, "it has no schema");
  });
});

Deno.test("export() with proof makes the same backup and leaves nothing else", async () => {
  await atInstallation(sql, async (installation) => {
    const { path } = await exportBackup(
      installation,
      session(),
      { verify: exportVerifier(installation, session()) },
    );
    assertEquals(
      Object.keys(filesOf(installation)).sort(),
      [installation.database, path, join(installation.backups, PROOFS_NAME)]
        .sort(),
    );
  });
});
