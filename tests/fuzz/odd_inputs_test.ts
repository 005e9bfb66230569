/**
 * Every command with odd command lines, databases and backups: each run ends with
 * a documented exit code, and none with a stack trace. The environment variable
 * BACKUP_TEST_ODD asks for more than the six hundred random runs of the default,
 * BACKUP_TEST_SEED for other ones.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runScript } from "../support/process.ts";
import { seeded } from "../support/random_values.ts";
import {
  atInstallation,
  inScratch,
  makeInstallation,
  session,
} from "../support/scratch.ts";
import { SOURCE } from "./databases.ts";
import { pick } from "./odd.ts";
import { FIXED, oddBackup } from "./odd_backups.ts";
import { ODD_DATABASES } from "./odd_databases.ts";
import { ODD_PLACES } from "./odd_places.ts";
import { faultOf } from "./odd_runs.ts";

const runs = Number(Deno.env.get("BACKUP_TEST_ODD") ?? 600);
const seed = Number(Deno.env.get("BACKUP_TEST_SEED") ?? 1);
const share = Math.ceil(runs / 3);

/** Command lines that reach the work of each command. */
function linesFor(backup: string): string[][] {
  return [
    ["export"],
    ["export", "--verify"],
    ["status"],
    ["status", "--details", "--json"],
    ["verify"],
    ["verify", backup],
    ["import", backup, "--dry-run"],
    ["import", backup],
    ["import", backup, "--exact"],
    ["import", backup, "--skip-invalid"],
    ["import", backup, "--force", "--no-snapshot"],
    ["import", backup, "--tables", "contacts,contacts_fts", "--no-create"],
    ["import", backup, "--replace-damaged", "--dry-run"],
    ...linesReading(backup),
    ["undo", "--list"],
    ["undo", "--dry-run"],
    ["undo"],
    ["tidy", "--dry-run"],
    ["tidy", "--keep-daily", "1"],
    ["hook"],
    ["keygen", "-"],
    ["status", "--max-age", "1h"],
  ];
}

/** Those that look into a backup, or into the database beside it. */
function linesReading(backup: string): string[][] {
  return [
    ["diff"],
    ["diff", backup, "--details"],
    ["diff", backup, "now", "--details", "--json"],
    ["diff", backup, backup, "--tables", "contacts"],
    ["show"],
    ["show", backup],
    ["show", "now"],
    ["show", "now", "contacts"],
    ["show", backup, "contacts", "--csv"],
    ["show", backup, "contacts:1"],
    ["show", "now", "soy_meta", "--markdown"],
    ["show", "now", "activity_log:1", "--json"],
    ["find", "a"],
    ["find", "contacts:1"],
    ["report"],
  ];
}

let sound: Uint8Array | undefined;

/** A sound backup, as bytes; made once. */
async function soundBackup(): Promise<Uint8Array> {
  if (sound) return sound;
  let bytes = new Uint8Array();
  await atInstallation(SOURCE, async (installation) => {
    const { path } = await exportBackup(installation, session());
    bytes = Deno.readFileSync(path);
  });
  return sound = bytes;
}

/** Runs a test in a folder with a sound backup in it. */
async function atBackup(
  name: string,
  test: (installation: Installation, backup: string) => Promise<void>,
): Promise<void> {
  const bytes = await soundBackup();
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, name);
    const backup = join(installation.backups, "sound.json");
    Deno.writeFileSync(backup, bytes);
    await test(installation, backup);
  });
}

Deno.test("no command line shows a stack trace", async () => {
  await atBackup("lines", async (installation, backup) => {
    // An odd folder may be made, so the lines run in a process that stays among its own.
    const { code, out, err } = await runScript(
      new URL("./odd_line_runs.ts", import.meta.url),
      [backup, `${seed}`, `${share}`],
      installation.root,
    );
    assertEquals({ code, err }, { code: 0, err: "" });
    assertEquals(JSON.parse(out), { runs: share, faults: [] });
  });
});

for (const [what, make] of Object.entries(ODD_DATABASES)) {
  Deno.test(`no command shows a stack trace at ${what}`, async () => {
    const faults: string[] = [];
    await atBackup("databases", async (installation, backup) => {
      for (const args of linesFor(basename(backup))) {
        Deno.removeSync(installation.data, { recursive: true });
        Deno.mkdirSync(installation.data);
        make(installation.database);
        const fault = await faultOf(installation, args);
        if (fault) faults.push(fault);
      }
    });
    assertEquals(faults, []);
  });
}

for (const [what, make] of Object.entries(ODD_PLACES)) {
  Deno.test(`no command shows a stack trace where ${what}`, async () => {
    const faults: string[] = [];
    for (const args of linesFor("sound.json")) {
      await atBackup("places", async (installation) => {
        make(installation);
        const fault = await faultOf(installation, args);
        if (fault) faults.push(fault);
      });
    }
    assertEquals(faults, []);
  });
}

for (const [what, make] of Object.entries(FIXED)) {
  // All commands take half a minute; the random runs below have it, too.
  if (what.startsWith("a chain")) continue;
  Deno.test(`no command shows a stack trace for a backup with ${what}`, async () => {
    await inScratch(async (folder) => {
      const installation = makeInstallation(folder, "fixed");
      const name = "backup-2026-02-19.json";
      Deno.writeTextFileSync(join(installation.backups, name), make());
      const faults: string[] = [];
      const lines = [
        ["import", name, "--dry-run"],
        ["import", name],
        ["import", name, "--exact"],
        ["import", name, "--tables", "t"],
        ["verify", name],
        ["export", "--verify"],
        ...linesReading(name),
        ["tidy"],
        ["undo"],
      ];
      for (const args of lines) {
        const fault = await faultOf(installation, args);
        if (fault) faults.push(fault);
      }
      assertEquals(faults, []);
    });
  });
}

Deno.test("no backup shows a stack trace", async () => {
  const text = new TextDecoder().decode(await soundBackup());
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "backups");
    const random = seeded(seed + 1);
    const faults: string[] = [];
    let imports = 0;
    for (let n = 0; n < share * 2; n++) {
      const path = join(installation.backups, "backup-2026-02-19.json");
      const { what, text: odd } = oddBackup(random, text);
      Deno.writeTextFileSync(path, odd);
      const name = basename(path);
      const args = pick(random, [
        ...linesFor(name).slice(2, 12),
        ...linesReading(name),
      ]);
      const fault = await faultOf(installation, args);
      if (fault) faults.push(`backup ${n}, ${what}: ${fault}`);
      if (args[0] === "import") imports++;
      for (const { name } of Deno.readDirSync(installation.data)) {
        Deno.removeSync(join(installation.data, name));
      }
    }
    assertEquals(faults, []);
    assert(imports > 0, "nothing was imported");
  });
});
