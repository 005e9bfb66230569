/**
 * A database that stays locked, for the commands that tests/cli/lock_test.ts leaves.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals } from "@std/assert";
import { basename } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import {
  atSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";
import { bounded } from "./bounded.ts";

const waiting = "Waiting for another program that has the database locked …\n";
const locked = "another program has the database locked; close it and try " +
  "again\n";

/** Locks the database with `sql` while the tool runs, and asserts what it says. */
async function assertWaits(
  installation: Installation,
  sql: string,
  args: string[],
  doing: string,
): Promise<void> {
  const before = Deno.readFileSync(installation.database);
  const names = namesIn(installation.backups);
  const other = new Database(installation.database);
  try {
    other.exec(sql);
    const start = performance.now();
    const { code, out, err } = await bounded(installation, args);
    const waited = performance.now() - start > 5000;
    assertEquals([code, out], [1, ""]);
    assertEquals(err, `${waiting}Error: ${doing}: ${locked}`);
    assert(waited, "it did not wait");
  } finally {
    other.close();
  }
  assertEquals(Deno.readFileSync(installation.database), before);
  assertEquals(namesIn(installation.backups), names);
}

const READER = "BEGIN; SELECT count(*) FROM contacts";
const WRITER = "BEGIN EXCLUSIVE";

for (const [who, sql] of [["reader", READER], ["writer", WRITER]] as const) {
  Deno.test(`undo waits for a ${who} and then tells`, async () => {
    await atSample(async (installation) => {
      const backup = basename(await makeBackup(installation));
      const { code } = await tool(installation, ["import", backup]);
      assertEquals(code, 0);
      await assertWaits(installation, sql, ["undo"], 'Cannot undo in "."');
    });
  });
}

Deno.test("import waits for a reader and then tells", async () => {
  await atSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    const doing = `Cannot import "${backup}"`;
    await assertWaits(installation, READER, ["import", backup], doing);
  });
});

Deno.test("a preview waits for a writer and then tells", async () => {
  await atSample(async (installation) => {
    const backup = basename(await makeBackup(installation));
    const doing = `Cannot import "${backup}"`;
    const args = ["import", backup, "--dry-run"];
    await assertWaits(installation, WRITER, args, doing);
  });
});
