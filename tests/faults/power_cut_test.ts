/**
 * The power is cut at the moment a command says that it is done: what it did must be
 * there. `BACKUP_TEST_CUTS` says how often each; the control shows that the cut sees a
 * missing sync.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  type Installation,
  installationAt,
} from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { makeBackup, namesIn, tool } from "../support/installation.ts";
import { putSmallSample } from "../support/sample.ts";
import { rowsIn, withDb } from "../support/scratch.ts";
import {
  assertAllThere,
  atDays,
  type Files,
  plainNames,
} from "../pack/days.ts";
import { Disk } from "./disk.ts";
import { killed } from "./kills.ts";

const cuts = Number(Deno.env.get("BACKUP_TEST_CUTS") ?? 1);
const cannotRun = await Disk.use(async () => {});

/** What is done before the power is cut, and what must be there afterwards. */
interface Case {
  name: string;
  args: string[];
  prepare: (installation: Installation) => Promise<void>;
  check: (installation: Installation) => void | Promise<void>;
}

const withBackup = async (installation: Installation) => {
  const path = join(installation.backups, "backup-2026-01-01.json");
  Deno.renameSync(await makeBackup(installation), path);
  withDb(installation.database, (db) => {
    db.exec("DELETE FROM contacts WHERE id > 1; DELETE FROM emails");
  });
};

function contacts({ database }: Installation): unknown {
  return rowsIn(database, "SELECT count(*) FROM contacts")[0]![0];
}

const source = ["import", "backup-2026-01-01.json"];

const cases: Case[] = [
  {
    name: "export",
    args: ["export"],
    prepare: () => Promise.resolve(),
    check: ({ backups }) => {
      const [name] = namesIn(backups).filter((name) => name.endsWith(".json"));
      assert(name, "the backup is gone");
      const { counts } = JSON.parse(Deno.readTextFileSync(join(backups, name)));
      assertEquals(counts.contacts, 31);
    },
  },
  {
    name: "import",
    args: source,
    prepare: withBackup,
    check: (installation) => assertEquals(contacts(installation), 31),
  },
  {
    name: "import into nothing",
    args: source,
    prepare: async (installation) => {
      await withBackup(installation);
      for (const name of namesIn(installation.data)) {
        Deno.removeSync(join(installation.data, name));
      }
    },
    check: (installation) => assertEquals(contacts(installation), 31),
  },
  {
    name: "undo",
    args: ["undo"],
    prepare: async (installation) => {
      await withBackup(installation);
      assertEquals((await runInProcess(installation, source)).code, 0);
      assertEquals(contacts(installation), 31);
    },
    check: (installation) => assertEquals(contacts(installation), 1),
  },
];

function make(disk: Disk, mode: string): Installation {
  const root = join(disk.folder, "plugin");
  for (const name of ["data", "output"]) {
    Deno.mkdirSync(join(root, name), { recursive: true });
  }
  const installation = installationAt(root);
  putSmallSample(installation.database, { scale: 0.05 });
  withDb(installation.database, (db) => {
    db.exec(`PRAGMA journal_mode = ${mode}`);
  });
  return installation;
}

async function cutAfter(
  { args, prepare }: Case,
  mode: string,
  env: Record<string, string>,
  check: Case["check"],
): Promise<void> {
  await Disk.use(async (disk) => {
    const installation = make(disk, mode);
    await prepare(installation);
    disk.settle();
    const { code, err } = await tool(installation, args, { env });
    disk.cutPower();
    assertEquals([code, err], [0, ""]);
    await check(installation);
  });
}

for (const mode of ["delete", "wal"]) {
  for (const test of cases) {
    Deno.test({
      name: `${test.name} outlasts a power cut, journal mode ${mode}` +
        (cannotRun ? ` (not run: ${cannotRun})` : ""),
      ignore: cannotRun !== undefined,
      fn: async () => {
        for (let cut = 0; cut < cuts; cut++) {
          await cutAfter(test, mode, {}, test.check);
        }
      },
    });
  }
}

/** Puts the backups of some days into an installation. */
async function addDays(
  { backups }: Installation,
  days: Files,
): Promise<void> {
  for (const [name, bytes] of days) {
    await Deno.writeFile(join(backups, name), bytes, { mode: 0o600 });
  }
}

Deno.test({
  name: "tidy outlasts a power cut, at its end or on the way" +
    (cannotRun ? ` (not run: ${cannotRun})` : ""),
  ignore: cannotRun !== undefined,
  fn: async () => {
    await atDays(27, async (_, days) => {
      const tidying: Case = {
        name: "tidy",
        args: ["tidy"],
        prepare: (installation) => addDays(installation, days),
        check: async (installation) => {
          assertEquals(plainNames(installation).length, 7);
          await assertAllThere(installation, days);
        },
      };
      for (let cut = 0; cut < cuts; cut++) {
        await cutAfter(tidying, "delete", {}, tidying.check);
        await cutWithin(
          tidying,
          (0.1 + cut / cuts) * 1_000,
          (installation) => assertAllThere(installation, days),
        );
      }
    });
  },
});

/** Cuts the power so many milliseconds after the command began. */
async function cutWithin(
  { args, prepare }: Case,
  after: number,
  check: Case["check"],
): Promise<void> {
  await Disk.use(async (disk) => {
    const installation = make(disk, "delete");
    await prepare(installation);
    disk.settle();
    await killed(installation, args, after);
    disk.cutPower();
    await check(installation);
  });
}

/** A library that turns each sync into nothing, from Debian's `libeatmydata1`. */
const eatMyData = ["x86_64", "aarch64"]
  .map((machine) => `/usr/lib/${machine}-linux-gnu/libeatmydata.so`)
  .find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
const noControl = cannotRun ??
  (eatMyData ? undefined : "it needs libeatmydata");

Deno.test({
  name: "without syncs the same power cut loses an export" +
    (noControl ? ` (not run: ${noControl})` : ""),
  ignore: noControl !== undefined,
  fn: async () => {
    const [exporting] = cases;
    const env = { LD_PRELOAD: eatMyData! };
    let lost = 0;
    await cutAfter(exporting!, "delete", env, (installation) => {
      try {
        exporting!.check(installation);
      } catch {
        lost++;
      }
    });
    assertEquals(lost, 1);
  },
});
