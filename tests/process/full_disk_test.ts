/**
 * Disks without room: what is there stays, and nothing half is added.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { putSmallSample } from "../support/sample.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { type Run, runLimitedTool } from "../support/process.ts";
import { inScratch, rowsIn } from "../support/scratch.ts";
import {
  atSmallSample,
  inside,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

/** Less than the sample and its backup take, in bytes. */
const room = 2_000_000;

/** How a disk comes to be full. */
interface Disk {
  name: string;
  /** Does a step while the folder is on it. */
  use(folder: string, step: () => Promise<void>): Promise<void>;
}

const limited: Disk = {
  name: "under a limit for the size of files",
  use: (_folder, step) => step(),
};

/** A file system of that size, which only root can make. */
const small: Disk = {
  name: "on a small file system",
  async use(folder, step) {
    await run("mount", "-t", "tmpfs", "-o", `size=${room}`, "tmpfs", folder);
    try {
      await step();
    } finally {
      await run("umount", folder);
    }
  },
};

const disks = await canMount() ? [limited, small] : [limited];

/** One line that tells of the disk, and which one it is. */
function assertFull({ code, out, err }: Run, place: string): void {
  assertEquals([code, out], [1, ""]);
  assertMatch(err, /^Error: Cannot [^\n]+: the disk [^\n]+\n$/);
  if (/the disk .*is full/.test(err)) assertStringIncludes(err, place);
}

for (const disk of disks) {
  Deno.test(`${disk.name}, export keeps the earlier backup and adds nothing`, async () => {
    await atSmallSample(async (installation) => {
      await disk.use(installation.backups, async () => {
        const path = join(installation.backups, "backup-2026-01-01.json");
        Deno.renameSync(await makeBackup(installation), path);
        const before = Deno.readFileSync(path);
        Deno.removeSync(installation.database);
        putSmallSample(installation.database);
        assertFull(await runLimited(disk, installation, []), "output");
        assertEquals(namesIn(installation.backups), ["backup-2026-01-01.json"]);
        assertEquals(Deno.readFileSync(path), before);
      });
    });
  });

  Deno.test(`${disk.name}, import leaves the database as it was`, async () => {
    await atSmallSample(async (installation) => {
      const path = await makeBackup(installation);
      Deno.removeSync(installation.database);
      putSmallSample(installation.database, { scale: 0.05 });
      const small = Deno.readFileSync(installation.database);
      await disk.use(installation.data, async () => {
        Deno.writeFileSync(installation.database, small);
        assertFull(
          await runLimited(disk, installation, ["import", path]),
          `the disk of "data"`,
        );
        assertEquals(namesIn(installation.data), ["soy.db"]);
        assertEquals(Deno.readFileSync(installation.database), small);
        // A snapshot of what was not changed would mislead an undo.
        assertEquals(namesIn(installation.backups), [basename(path)]);
      });
    }, 1);
  });

  Deno.test(`${disk.name}, import into nothing leaves nothing`, async () => {
    await atSmallSample(async (installation) => {
      const path = await makeBackup(installation);
      Deno.removeSync(installation.database);
      await disk.use(installation.data, async () => {
        assertFull(
          await runLimited(disk, installation, ["import", path]),
          `the disk of "data"`,
        );
        assertEquals(namesIn(installation.data), []);
      });
    }, 1);
  });
}

Deno.test(`${limited.name}, diff gives no answer but that`, async () => {
  await atSmallSample(async (installation) => {
    const before = join(installation.backups, "backup-2026-01-01.json");
    Deno.renameSync(await makeBackup(installation), before);
    // What has got other columns is compared in scratch databases.
    rowsIn(installation.database, "ALTER TABLE emails ADD COLUMN seen");
    const after = await makeBackup(installation);
    const names = [before, after].map((path) => basename(path));
    const diff = (...more: string[]) =>
      runLimited(limited, installation, ["diff", ...names, ...more]);
    assertFull(await diff("--details"), "output");
    const { code, out } = await diff("--json");
    assertEquals([code, JSON.parse(out).ok], [1, false]);
    assertEquals(namesIn(installation.backups), names);
  }, 4);
});

const temporary =
  "a full temporary folder is named by import, preview and diff";

Deno.test({ name: temporary, ignore: disks.length < 2 }, async () => {
  // SQLite holds a few megabytes in memory before it writes a temporary file.
  const large = 4;
  await atSmallSample(async (installation) => {
    const path = await makeBackup(installation);
    rowsIn(installation.database, "UPDATE emails SET subject = 'Lost'");
    const before = Deno.readFileSync(installation.database);
    const folder = join(installation.root, "temporary");
    Deno.mkdirSync(folder);
    await small.use(folder, async () => {
      const env = { SQLITE_TMPDIR: folder };
      const name = basename(path);
      for (const args of [["import"], ["import", "--dry-run"], ["diff"]]) {
        const run = await tool(installation, [...args, name], { env });
        assertFull(run, "the disk of the system's temporary folder (");
        assertEquals(Deno.readFileSync(installation.database), before);
      }
    });
  }, large);
});

const filled = "a disk of backups without a free byte is named";

Deno.test({ name: filled, ignore: disks.length < 2 }, async () => {
  await atSmallSample(async (installation) => {
    await small.use(installation.backups, async () => {
      await makeBackup(installation);
      await tool(installation, ["import", "latest"]);
      fill(installation.backups, 0);
      const before = namesIn(installation.backups);
      for (const args of [["import", "latest"], ["undo"]]) {
        const run = await tool(installation, args);
        assertFull(run, `the disk of "output"`);
        assertStringIncludes(run.err, `the disk of "output" is full`);
        assertEquals(namesIn(installation.backups), before);
      }
    });
  });
});

const unproved = "a disk with room for the backup alone says nothing of it";

Deno.test({ name: unproved, ignore: disks.length < 2 }, async () => {
  await atSmallSample(async (installation) => {
    await small.use(installation.backups, async () => {
      const { size } = Deno.statSync(await makeBackup(installation));
      fill(installation.backups, size + 64_000);
      const run = await tool(installation, ["export", "--verify"]);
      assertEquals(run.code, 3);
      assertMatch(
        run.err,
        /^NOT VERIFIED: .* whether it restores is not known; verify can find out:\nProblem: it could not be verified: the disk [^\n]*\n$/,
      );
      Deno.removeSync(join(installation.backups, filler));
      const { out } = await tool(installation, ["status"]);
      assertEquals(out.includes("FAILED"), false);
    });
  });
});

const filler = "filler";

/** Fills a small disk but for some bytes. */
function fill(folder: string, free: number): void {
  const path = join(folder, filler);
  const block = new Uint8Array(4096);
  try {
    for (;;) Deno.writeFileSync(path, block, { append: true });
  } catch {
    const { size } = Deno.statSync(path);
    Deno.truncateSync(path, Math.max(0, size - free));
  }
}

/** Runs the tool; the limit is given by the shell, in blocks of 512 bytes. */
async function runLimited(
  disk: Disk,
  installation: Installation,
  args: string[],
): Promise<Run> {
  const blocks = disk === limited ? Math.floor(room / 512) : "unlimited";
  return await runLimitedTool(args, inside(installation), blocks);
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`Cannot run ${command}`);
}

async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    await inScratch((folder) => small.use(folder, () => Promise.resolve()));
    return true;
  } catch {
    return false;
  }
}
