/**
 * The walk to another machine: a week with a disk and a key, a disk that was away, a
 * database that an application's start has emptied, and everything back on a machine
 * that has nothing but the disk and the key.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { dumpAll } from "../support/dump.ts";
import { namesIn } from "../support/installation.ts";
import { inScratch } from "../support/scratch.ts";
import { Walk } from "../support/walk.ts";

/** What each installation has for itself: what the import logs, and settings. */
const own = ["activity_log", "soy_meta"];

type Contents = ReturnType<typeof dumpAll>;

/** A disk that can be taken away, and what lies on it. */
class Disk {
  constructor(readonly path: string) {
    Deno.mkdirSync(path);
  }

  away(): void {
    Deno.renameSync(this.path, `${this.path} away`);
  }

  back(): void {
    Deno.renameSync(`${this.path} away`, this.path);
  }

  copies(): string[] {
    if (!existsSync(this.path)) return [];
    return namesIn(this.path).filter((name) => name.startsWith("backup-"));
  }
}

/** A new user with a disk as second place and a key for what lies there. */
async function begin(folder: string, disk: Disk, key: string): Promise<Walk> {
  const walk = new Walk(folder);
  assertEquals((await walk.task("install")).code, 0);
  const made = await walk.backup("keygen", key, "--json");
  assertEquals([made.code, made.err], [0, ""]);
  const { backups } = walk.installation;
  const { recipient } = JSON.parse(made.out);
  Deno.writeTextFileSync(join(backups, "recipients.txt"), `${recipient}\n`);
  Deno.symlinkSync(disk.path, join(backups, "second-place"));
  return walk;
}

/** A day on which something is written; gives what the start of its session said. */
async function liveThrough(walk: Walk, day: number): Promise<string> {
  walk.change(`UPDATE contacts SET notes = 'day ${day}' WHERE id = 1`);
  return String(await walk.sessionBefore(day));
}

Deno.test({
  name: "with a disk and a key everything comes back on another machine",
  // The launcher and the hook are shell scripts.
  ignore: Deno.build.os === "windows",
  async fn() {
    await inScratch(async (scratch) => {
      const folder = Deno.realPathSync(scratch);
      for (const name of ["first", "second"]) {
        Deno.mkdirSync(join(folder, name));
      }
      const disk = new Disk(join(folder, "usb disk"));
      const key = join(folder, "key.txt");
      const walk = await begin(join(folder, "first"), disk, key);

      // Until the key was shown to open a copy, that is said at each start.
      assertStringIncludes(await liveThrough(walk, 7), "key");
      assertEquals(disk.copies().length, 1);
      assertMatch(disk.copies()[0]!, /^backup-[\d-]+\.json\.age$/);
      const shown = await walk.backup("verify", "--identity", key);
      assertEquals(shown.code, 0);
      assertStringIncludes(shown.err, `second place, ${disk.copies()[0]}`);
      assertStringIncludes(shown.out, "Verified: ");
      assertEquals(await liveThrough(walk, 6), "");

      // Two days without the disk are no reason to worry; whoever asks is told.
      disk.away();
      for (const day of [5, 4]) assertEquals(await liveThrough(walk, day), "");
      const away = await walk.backup("status");
      assertStringIncludes(away.out, "Second place");
      assertEquals([walk.backups().length, disk.copies().length], [4, 0]);
      disk.back();
      assertEquals(await liveThrough(walk, 3), "");
      assertEquals([walk.backups().length, disk.copies().length], [5, 5]);

      // A start of the application makes the database anew.
      const contents = dumpAll(walk.installation.database, own);
      walk.emptyDatabase();
      const start = await walk.startSession();
      assertEquals(start.code, 0);
      assertStringIncludes(JSON.parse(start.out).systemMessage, "WARNING");
      assertEquals(walk.backups().length, 5);

      await onAnotherMachine(join(folder, "second"), disk, key, contents);
    });
  },
});

async function onAnotherMachine(
  folder: string,
  disk: Disk,
  key: string,
  contents: Contents,
): Promise<void> {
  const there = new Walk(folder);
  there.emptyDatabase();
  assertEquals((await there.task("install")).code, 0);
  const newest = join(disk.path, disk.copies().sort().at(-1)!);
  const before = Deno.readFileSync(newest);

  const locked = await there.backup("import", newest);
  assertEquals([locked.code, locked.out], [1, ""]);
  assertStringIncludes(locked.err, "--identity");

  const preview = ["import", newest, "--identity", key, "--dry-run"];
  assertEquals((await there.backup(...preview)).code, 0);
  const back = await there.backup("import", newest, "--identity", key);
  assertEquals([back.code, back.err], [0, ""]);
  assertEquals(
    differing(dumpAll(there.installation.database, own), contents),
    [],
  );
  // What lies on the disk is only read.
  assertEquals(Deno.readFileSync(newest), before);
  assert(there.backups().length === 0);
}

/** The tables that are not the same. */
function differing(a: Contents, b: Contents): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => String(a[name]) !== String(b[name]));
}
