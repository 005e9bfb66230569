/**
 * A second program that writes all the while: no backup is torn.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import { importBackup } from "../../lib/import/import.ts";
import { tool } from "../support/installation.ts";
import { atInstallation, rowsIn, session, withDb } from "../support/scratch.ts";
import { books } from "./writer.ts";

/** Does a step while a worker writes; `more` waits for its next transactions. */
async function withWriter(
  path: string,
  step: (more: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const url = new URL("./writer.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  let heard = () => {};
  const closed = Promise.withResolvers<void>();
  worker.onmessage = ({ data }) =>
    data === "closed" ? closed.resolve() : heard();
  const next = () => new Promise<void>((resolve) => heard = resolve);
  const more = async () => {
    for (let times = 0; times < 3; times++) await next();
  };
  try {
    worker.postMessage(path);
    await more();
    await step(more);
  } finally {
    worker.postMessage("stop");
    await closed.promise;
    worker.terminate();
  }
}

/** How many rows both tables of a backup have, which must be the same rows. */
function agreed(path: string): number {
  const { tables } = JSON.parse(Deno.readTextFileSync(path));
  assertEquals(tables.debit, tables.credit);
  return tables.debit.length;
}

for (const mode of ["wal", "delete"]) {
  Deno.test(`no backup is torn while another program writes in ${mode} mode`, async () => {
    await atInstallation(books(mode), async (installation) => {
      await withWriter(installation.database, async (more) => {
        let last = 0;
        for (let time = 0; time < 8; time++) {
          const { path } = await exportBackup(installation, session());
          const rows = agreed(path);
          assert(rows > last, `${rows} rows after ${last}`);
          last = rows;
          await more();
        }
        const { code, out } = await tool(installation, [
          "export",
          "--verify",
          "--json",
        ]);
        assertEquals(code, 0);
        assert(agreed(`${installation.root}/${JSON.parse(out).file}`) > last);
      });
      const sound = rowsIn(installation.database, "PRAGMA integrity_check");
      assertEquals(sound, [["ok"]]);
    });
  });

  Deno.test(`an import loses nothing that another program writes in ${mode} mode`, async () => {
    await atInstallation(books(mode), async (installation) => {
      const { path } = await exportBackup(installation, session());
      const clash = "UPDATE credit SET text = 'other' WHERE id <= 3000; " +
        "UPDATE debit SET text = 'other' WHERE id <= 3000";
      withDb(installation.database, (db) => db.exec(clash));
      await withWriter(installation.database, async (more) => {
        await importBackup(installation, path, {}, session());
        await more();
        const { path: after } = await exportBackup(installation, session());
        assert(agreed(after) > 3000);
      });
    });
  });
}
