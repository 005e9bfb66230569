/**
 * Packing: nothing is lost, and other programs read what it makes.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { listBackups } from "../../lib/store/catalog.ts";
import { readIndex } from "../../lib/store/pack_index.ts";
import { noteProof, readProofs } from "../../lib/store/proofs.ts";
import { runInProcess } from "../support/in_process.ts";
import {
  assertAllThere,
  atDays,
  filesIn,
  packNames,
  plainNames,
  tidied,
} from "./days.ts";

Deno.test("tidy packs all but the last seven days, byte for byte", async () => {
  await atDays(40, async (installation, files) => {
    const answer = await tidied(installation);
    assertEquals([answer.code, answer.err], [0, ""]);
    assertEquals(plainNames(installation), [...files.keys()].slice(-7));
    assertEquals(packNames(installation), [
      "backups-2026-01.tar.zst",
      "backups-2026-02.tar.zst",
    ]);
    await assertAllThere(installation, files);
    for (const name of packNames(installation)) {
      const { mode } = Deno.statSync(join(installation.backups, name));
      assertEquals(mode! & 0o777, 0o600);
    }
    assert(answer.bytes_after < answer.bytes_before);
  });
});

Deno.test("a frame has ten days at most", async () => {
  await atDays(40, async (installation) => {
    await tidied(installation);
    const path = join(installation.backups, "backups-2026-02.tar.zst");
    const { backups } = readIndex(path)!;
    const sizes = [0, 1].map((frame) =>
      backups.filter((backup) => backup.frame === frame).length
    );
    assertEquals(sizes, [10, 10]);
  });
});

Deno.test("a second tidy finds nothing to do", async () => {
  await atDays(12, async (installation) => {
    await tidied(installation);
    const before = filesIn(installation.backups);
    const { out } = await runInProcess(installation, ["tidy"]);
    assert(out.startsWith("Nothing to pack"), out);
    assertEquals(filesIn(installation.backups), before);
  });
});

Deno.test("a preview changes nothing", async () => {
  await atDays(12, async (installation) => {
    const before = filesIn(installation.backups);
    const answer = await tidied(installation, "--dry-run", "--keep-daily", "1");
    assertEquals(answer.packs.length + answer.removed.length > 0, true);
    assertEquals(filesIn(installation.backups), before);
  });
});

Deno.test("a pack grows by whole frames, and fills its last one", async () => {
  await atDays(27, async (installation, files) => {
    const held = [...files.keys()].slice(-8);
    for (const name of held) Deno.removeSync(join(installation.backups, name));
    await tidied(installation);
    const [name] = packNames(installation) as [string];
    const path = join(installation.backups, name);
    const before = readIndex(path)!;
    assertEquals(before.backups.length, 12);
    const bytes = Deno.readFileSync(path);
    for (const name of held) {
      Deno.writeFileSync(join(installation.backups, name), files.get(name)!);
    }
    await tidied(installation);
    const after = readIndex(path)!;
    assertEquals(after.backups.length, 20);
    assertEquals(after.frames.length, 2);
    assertEquals(after.frames[0], before.frames[0]);
    const { length } = before.frames[0]!;
    const now = Deno.readFileSync(path);
    assertEquals(now.slice(0, length), bytes.slice(0, length));
    await assertAllThere(installation, files);
  });
});

Deno.test("several backups of a day are all packed", async () => {
  await atDays(12, async (installation, files) => {
    const { backups } = installation;
    const bytes = files.get("backup-2026-02-16.json")!;
    const more = "backup-2026-02-16-120000.json";
    Deno.writeFileSync(join(backups, more), bytes);
    await tidied(installation);
    await assertAllThere(installation, new Map([...files, [more, bytes]]));
    assertEquals(plainNames(installation).length, 7);
  });
});

Deno.test("zstd and tar give every day back", async (t) => {
  await atDays(40, async (installation, files) => {
    await tidied(installation);
    for (const program of ["tar", "bsdtar"]) {
      const folder = join(installation.root, program);
      Deno.mkdirSync(folder);
      if (
        !packNames(installation).every((name) =>
          extracted(program, join(installation.backups, name), folder)
        )
      ) {
        await t.step({
          name: `${program} with zstd is not here`,
          ignore: true,
          fn() {},
        });
        continue;
      }
      for (const [name, bytes] of filesIn(folder)) {
        assertEquals(bytes, files.get(name), name);
      }
      assertEquals(filesIn(folder).size, files.size - 7);
    }
  });
});

/** Whether a program is there and takes a pack apart. */
function extracted(program: string, path: string, folder: string): boolean {
  try {
    new Deno.Command("zstd", { args: ["--version"], stdout: "null" })
      .outputSync();
    const args = ["--zstd", "-xf", path, "-C", folder];
    const { success, stderr } = new Deno.Command(program, { args })
      .outputSync();
    assert(success, new TextDecoder().decode(stderr));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("packed days are listed, found by name and day, imported and verified", async () => {
  await atDays(12, async (installation) => {
    await tidied(installation);
    const { out } = await runInProcess(installation, ["status"]);
    assert(out.includes("7 backup files and 5 packed backups found."), out);
    assert(/backups-2026-02.tar.zst .* 5 backups packed, 0 verified/.test(out));
    const verified = await runInProcess(installation, ["verify", "2026-02-17"]);
    assertEquals([verified.code, verified.err], [0, ""]);
    assert(verified.out.includes("backup-2026-02-17.json restores"));
    const imported = await runInProcess(installation, [
      "import",
      "backup-2026-02-18.json",
    ]);
    assertEquals([imported.code, imported.err], [0, ""]);
    const status = await runInProcess(installation, ["status", "--json"]);
    const day = JSON.parse(status.out).backups
      .find(({ name }: { name: string }) => name === "backup-2026-02-17.json");
    assertEquals(day.packed, "backups-2026-02.tar.zst");
    assert(day.proved !== null);
  });
});

Deno.test("verify proves each day of a packed month, and no other backup", async () => {
  await atDays(12, async (installation) => {
    await tidied(installation);
    const pack = "backups-2026-02.tar.zst";
    for (const path of [pack, join(installation.backups, pack)]) {
      const run = await runInProcess(installation, ["verify", path, "--json"]);
      assertEquals([run.code, run.err], [0, ""]);
      const { proved, backups } = JSON.parse(run.out);
      assertEquals(proved, true);
      assertEquals(backups.length, 5);
      for (const { packed } of backups) assertEquals(packed, pack);
    }
    const none = await runInProcess(installation, [
      "verify",
      "backups-2025-02.tar.zst",
    ]);
    assertEquals(none.code, 1);
    assert(none.err.includes("backups-2025-02.tar.zst"), none.err);
  });
});

Deno.test("a month as a whole is no backup for other commands, and is told so", async () => {
  await atDays(12, async (installation) => {
    await tidied(installation);
    const { code, err } = await runInProcess(installation, [
      "import",
      "backups-2026-02.tar.zst",
    ]);
    assertEquals(code, 1);
    assert(err.includes("name one of its days"), err);
  });
});

Deno.test("tidy forgets proofs of backups that are long gone, and no preview does", async () => {
  await atDays(12, async (installation) => {
    const { backups } = installation;
    const [here] = listBackups(backups).backups;
    const gone = { sha256: "gone", size: 1 };
    const old = new Date("2020-02-19T12:00:00Z");
    for (const backup of [here!, gone]) noteProof(backups, backup, old, true);
    await tidied(installation, "--dry-run");
    assertEquals(readProofs(backups).of(gone), old);
    await tidied(installation);
    assertEquals(readProofs(backups).of(gone), undefined);
    assertEquals(readProofs(backups).of(here!), old);
  });
});
