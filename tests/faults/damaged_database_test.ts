/**
 * A damaged database makes no backup: one that lacks rows would be worse than none.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { BackupError } from "../../lib/errors.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { atInstallation, session } from "../support/scratch.ts";

const pageSize = 4096;

const rows = "WITH RECURSIVE n (i) AS " +
  "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) ";
const text = "hex(zeroblob(100))";
const columns = Array.from({ length: 70 }, (_, i) => `c${i}`).join(", ");

/** Tables that are read in different ways. */
const tables: Record<string, string> = {
  "of rowids": `CREATE TABLE t (id INTEGER PRIMARY KEY, x);
    ${rows} INSERT INTO t SELECT i, ${text} FROM n`,
  "without rowids": `CREATE TABLE t (id INTEGER PRIMARY KEY, x) WITHOUT ROWID;
    ${rows} INSERT INTO t SELECT i, ${text} FROM n`,
  "in UTF-16": `PRAGMA encoding = 'UTF-16le';
    CREATE TABLE t (id INTEGER PRIMARY KEY, x);
    ${rows} INSERT INTO t SELECT i, ${text} FROM n`,
  "of many columns": `CREATE TABLE t (id INTEGER PRIMARY KEY, x, ${columns});
    ${rows} INSERT INTO t (id, x) SELECT i, ${text} FROM n`,
};

/** Ways to damage the leaves of a table. */
const damages: Record<string, (leaves: Uint8Array[]) => void> = {
  "a page that is no page": (leaves) => leaves[leaves.length >> 1]!.fill(0xff),
  "a cell that points nowhere": (leaves) =>
    leaves[leaves.length >> 1]!.set([0xff, 0xf0], 8),
  "two pages in each other's place": (leaves) => {
    const [a, b] = [leaves[5]!, leaves[leaves.length - 5]!];
    const kept = a.slice();
    a.set(b);
    b.set(kept);
  },
};

/** The pages that hold rows. */
function leavesOf(content: Uint8Array): Uint8Array[] {
  const pages = Array.from(
    { length: content.length / pageSize },
    (_, i) => content.subarray(i * pageSize, (i + 1) * pageSize),
  );
  return pages.slice(1).filter(([type]) => type === 0x0d || type === 0x0a);
}

function damage(
  installation: Installation,
  how: (leaves: Uint8Array[]) => void,
): void {
  const content = Deno.readFileSync(installation.database);
  how(leavesOf(content));
  Deno.writeFileSync(installation.database, content);
}

for (const [kind, sql] of Object.entries(tables)) {
  for (const [what, how] of Object.entries(damages)) {
    Deno.test(`export() refuses a table ${kind} with ${what}, or has every row`, async () => {
      await atInstallation(sql, async (installation) => {
        damage(installation, how);
        const rows = await exportBackup(installation, session()).then(
          ({ tables: [table] }) => table!.rows,
          (error) => {
            if (!(error instanceof BackupError)) throw error;
            return "refused";
          },
        );
        const whole = what.startsWith("two pages") ? [5000, "refused"] : [
          "refused",
        ];
        assertEquals(whole.includes(rows), true, `${rows} rows`);
      });
    });
  }
}

Deno.test("a table in a collation of another program is backed up", async () => {
  const sql =
    "CREATE TABLE t (x TEXT COLLATE NOCASE); INSERT INTO t VALUES (1)";
  await atInstallation(sql, async (installation) => {
    const content = Deno.readFileSync(installation.database);
    const at = new TextDecoder("latin1").decode(content).indexOf("NOCASE");
    content.set(new TextEncoder().encode("MYSORT"), at);
    Deno.writeFileSync(installation.database, content);
    const { tables } = await exportBackup(installation, session());
    assertEquals(tables, [{ name: "t", rows: 1 }]);
  });
});

Deno.test("export() refuses a file that is no database", async () => {
  await atInstallation("", async (installation) => {
    Deno.writeTextFileSync(
      installation.database,
      "no database at all ".repeat(100),
    );
    await assertRejects(
      () => exportBackup(installation, session()),
      BackupError,
    );
  });
});
