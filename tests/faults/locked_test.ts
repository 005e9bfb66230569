/**
 * Locks that last: each command waits as long as it is told, says so, and leaves
 * everything as it was.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { basename } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import {
  atSample,
  inside,
  namesIn,
  withLock,
} from "../support/installation.ts";
import { RunningTool } from "../support/running.ts";

/** Long enough for several tries, in milliseconds. */
const timeout = 500;
const timeouts = { lockTimeout: timeout, folderTimeout: timeout };

const waiting = "Waiting for another program that has the database locked …";
const locked =
  "another program has the database locked; close it and try again";

const READER = "BEGIN; SELECT count(*) FROM contacts";
const WRITER = "BEGIN EXCLUSIVE";

/** Runs a command that must succeed. */
async function done(installation: Installation, ...args: string[]) {
  const { code, out, err } = await runInProcess(installation, args);
  assertEquals([code, err], [0, ""]);
  return out;
}

/** Makes a backup and gives its name. */
async function backedUp(installation: Installation): Promise<string> {
  const { file } = JSON.parse(await done(installation, "export", "--json"));
  return basename(file);
}

/** Bytes of the database and the names beside the backups. */
function stateOf(installation: Installation) {
  const database = Deno.readFileSync(installation.database).toBase64();
  return { database, names: namesIn(installation.backups) };
}

/** The commands, what holds them up, and how the line about it begins. */
const cases: [string, string[], string, string][] = [
  ["export waits for a writer", ["export"], WRITER, 'Cannot back up "$DB"'],
  ["undo waits for a reader", ["undo"], READER, 'Cannot undo in "$ROOT"'],
  ["undo waits for a writer", ["undo"], WRITER, 'Cannot undo in "$ROOT"'],
  [
    "import waits for a reader",
    ["import", "$BACKUP"],
    READER,
    'Cannot import "$BACKUP"',
  ],
  [
    "import waits for a writer",
    ["import", "$BACKUP"],
    WRITER,
    'Cannot import "$BACKUP"',
  ],
  [
    "import without a snapshot waits for a writer",
    ["import", "$BACKUP", "--no-snapshot"],
    WRITER,
    'Cannot import "$BACKUP"',
  ],
  [
    "a preview waits for a writer",
    ["import", "$BACKUP", "--dry-run"],
    WRITER,
    "Cannot copy the database for a preview",
  ],
];

for (const [title, args, sql, doing] of cases) {
  Deno.test(`${title}, then says so`, async () => {
    await atSample(async (installation) => {
      const backup = await backedUp(installation);
      await done(installation, "import", backup);
      const filled = (text: string) =>
        text.replace("$BACKUP", backup).replace("$DB", installation.database)
          .replace("$ROOT", installation.root);
      const before = stateOf(installation);
      const other = new Database(installation.database);
      try {
        other.exec(sql);
        const start = performance.now();
        const { code, out, err } = await runInProcess(
          installation,
          args.map(filled),
          { timeouts },
        );
        assert(performance.now() - start >= timeout, "it did not wait");
        assertEquals([code, out], [1, ""]);
        assertEquals(err, `${waiting}\nError: ${filled(doing)}: ${locked}`);
      } finally {
        other.close();
      }
      assertEquals(stateOf(installation), before);
    });
  });
}

Deno.test("status waits for a writer, then shows the backups alone", async () => {
  await atSample(async (installation) => {
    await backedUp(installation);
    await withLock(installation, async () => {
      const { code, out, err } = await runInProcess(installation, ["status"], {
        timeouts,
      });
      assertEquals(code, 3);
      const fault = `Cannot read "${installation.database}": ${locked}`;
      assertEquals(err, `${waiting}\nWarning: ${fault}`);
      assertStringIncludes(out, "1 backup file found.");
    });
  });
});

Deno.test("a lock that goes away while a command waits does no harm", async (t) => {
  await atSample(async (installation) => {
    const backup = await backedUp(installation);
    for (const args of [["status"], ["import", backup], ["undo"], ["export"]]) {
      await t.step(args[0]!, () =>
        withLock(installation, async (unlock) => {
          const { code, err } = await runInProcess(installation, args, {
            onLine: (line) => line === waiting && unlock(),
          });
          assertEquals([code, err], [0, waiting]);
        }));
    }
  });
});

/** Stops a run in the middle of its work, with the lock of a folder. */
async function withStoppedRun(
  installation: Installation,
  args: string[],
  step: (pid: number) => Promise<void>,
): Promise<void> {
  await withLock(installation, async (unlock) => {
    const running = new RunningTool(args, inside(installation));
    try {
      assert(await running.says(waiting), "it has not come to its work");
      running.signal("SIGSTOP");
      await step(running.pid);
    } finally {
      unlock();
      running.signal("SIGCONT");
    }
    const { code, err } = await running.end();
    assertEquals([code, err], [0, `${waiting}\n`]);
  });
}

Deno.test("a run that was stopped holds nobody up for ever, and is named", async (t) => {
  if (Deno.build.os === "windows") return;
  await atSample(async (installation) => {
    const backup = await backedUp(installation);
    await done(installation, "import", backup);
    const { backups, root } = installation;
    await withStoppedRun(installation, ["export"], async (pid) => {
      const commands: [string[], string][] = [
        [["export"], `Cannot save a backup in "${backups}"`],
        [["import", backup], `Cannot import "${backup}"`],
        [["verify", `${backups}/${backup}`], `Cannot verify "${backup}"`],
        [["undo"], `Cannot undo in "${root}"`],
      ];
      const before = stateOf(installation);
      for (const [args, doing] of commands) {
        await t.step(args[0]!, async () => {
          const run = await runInProcess(installation, args, { timeouts });
          assertEquals([run.code, run.out], [1, ""]);
          assertEquals(run.err, heldUp(backups, doing, ` (process ${pid})`));
        });
      }
      assertEquals(stateOf(installation), before);
    });
    assertEquals(namesIn(backups).filter((name) => name.startsWith(".")), []);
  });
});

Deno.test("an import that was stopped without a snapshot is named too", async () => {
  if (Deno.build.os === "windows") return;
  await atSample(async (installation) => {
    const backup = await backedUp(installation);
    const args = ["import", backup, "--no-snapshot"];
    await withStoppedRun(installation, args, async (pid) => {
      const { code, err } = await runInProcess(installation, args, {
        timeouts,
      });
      assertEquals(code, 1);
      const doing = `Cannot import "${backup}"`;
      assertEquals(err, heldUp(installation.data, doing, ` (process ${pid})`));
    });
    assertEquals(namesIn(installation.data), ["soy.db"]);
  });
});

Deno.test("a folder locked by who leaves no note is named alone", async () => {
  if (Deno.build.os === "windows") return;
  await atSample(async (installation) => {
    const lock = Deno.openSync(installation.backups, { read: true });
    try {
      lock.lockSync(true);
      const { code, err } = await runInProcess(installation, ["export"], {
        timeouts,
      });
      assertEquals(code, 1);
      const doing = `Cannot save a backup in "${installation.backups}"`;
      assertEquals(err, heldUp(installation.backups, doing, ""));
    } finally {
      lock.close();
    }
    assertEquals(namesIn(installation.backups), []);
  });
});

/** What a command says that has waited for a folder in vain. */
function heldUp(folder: string, doing: string, process: string): string {
  return `Waiting for another program that has "${folder}" locked …\n` +
    `Error: ${doing}: another run of this program${process} has "${folder}" ` +
    "locked; wait for it, or end it if it hangs, and try again";
}
