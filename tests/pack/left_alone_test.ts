/**
 * What tidy leaves as it is, and what it makes of what others left.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  assertAllThere,
  atDays,
  filesIn,
  packNames,
  plainNames,
  tidied,
} from "./days.ts";

Deno.test("a damaged backup is neither packed nor removed, and is named", async () => {
  await atDays(12, async (installation) => {
    const name = "backup-2026-02-17.json";
    const path = join(installation.backups, name);
    const bytes = Deno.readFileSync(path);
    bytes[5000]! ^= 1;
    Deno.writeFileSync(path, bytes);
    const answer = await tidied(installation, "--keep-daily", "1");
    assertEquals(answer.code, 3);
    assert(answer.err.includes(`Left as it is: ${name}: its checksum`));
    assertEquals(Deno.readFileSync(path), bytes);
  });
});

Deno.test("damage that is found while a month is packed costs no other day of it", async () => {
  await atDays(27, async (installation) => {
    const damaged = ["backup-2026-02-05.json", "backup-2026-02-17.json"];
    for (const name of damaged) {
      const path = join(installation.backups, name);
      const bytes = Deno.readFileSync(path);
      bytes[5000]! ^= 1;
      Deno.writeFileSync(path, bytes);
    }
    const files = filesIn(installation.backups);
    const answer = await tidied(installation);
    assertEquals(answer.code, 3);
    assertEquals(
      answer.left_alone.map(({ name }: { name: string }) => name).sort(),
      damaged,
    );
    for (const name of damaged) {
      assert(answer.err.includes(`Left as it is: ${name}: its checksum`));
    }
    assertEquals(plainNames(installation).length, 9);
    await assertAllThere(installation, files);
  });
});

Deno.test("a month in which everything is damaged gets no pack", async () => {
  await atDays(12, async (installation, files) => {
    for (const name of [...files.keys()].slice(0, 5)) {
      const bytes = files.get(name)!.slice();
      bytes[5000]! ^= 1;
      Deno.writeFileSync(join(installation.backups, name), bytes);
    }
    const answer = await tidied(installation);
    assertEquals([answer.code, answer.left_alone.length], [3, 5]);
    assertEquals(packNames(installation), []);
    assertEquals(plainNames(installation).length, 12);
  });
});

Deno.test("packs to which nothing is added are not read", async () => {
  await atDays(12, async (installation) => {
    await tidied(installation);
    const path = join(installation.backups, packNames(installation)[0]!);
    const bytes = Deno.readFileSync(path);
    bytes[1000]! ^= 1;
    Deno.writeFileSync(path, bytes);
    assertEquals((await tidied(installation)).code, 0);
    const thinning = await tidied(installation, "--keep-daily", "30");
    assertEquals([thinning.code, thinning.left_alone.length], [3, 5]);
    assertEquals(Deno.readFileSync(path), bytes);
  });
});

Deno.test("files of another form or name stay as they are", async () => {
  await atDays(12, async (installation) => {
    const others = {
      "backup-2026-02-02.json":
        '{"backup_date": "2026-02-02T10:00:00Z", "tables": {}}',
      "backup-mine.json":
        '{"backup_date": "2026-02-02T10:00:00Z", "tables": {}}',
      "rejected-2026-02-02-100000.json": "{}",
      "page.html": "<p>",
    };
    for (const [name, text] of Object.entries(others)) {
      Deno.writeTextFileSync(join(installation.backups, name), text);
    }
    const answer = await tidied(installation, "--keep-daily", "1");
    assertEquals(answer.code, 0);
    for (const [name, text] of Object.entries(others)) {
      const kept = Deno.readTextFileSync(join(installation.backups, name));
      assertEquals(kept, text);
    }
    const named = answer.left_alone.map(({ name }: { name: string }) => name);
    assertEquals(named.sort(), ["backup-2026-02-02.json", "backup-mine.json"]);
  });
});

Deno.test("what a killed run left twice goes; other bytes of that name stay", async () => {
  await atDays(12, async (installation, files) => {
    await tidied(installation);
    const [same, other] = ["backup-2026-02-16.json", "backup-2026-02-17.json"];
    Deno.writeFileSync(join(installation.backups, same), files.get(same)!);
    const bytes = files.get("backup-2026-02-26.json")!;
    Deno.writeFileSync(join(installation.backups, other), bytes);
    const answer = await tidied(installation);
    assertEquals(plainNames(installation).length, 8);
    assertEquals(answer.left_alone.map(({ name }: { name: string }) => name), [
      other,
    ]);
    Deno.removeSync(join(installation.backups, other));
    await assertAllThere(installation, files);
  });
});

Deno.test("a file that only has the name of a pack is left alone, with its month", async () => {
  await atDays(12, async (installation, files) => {
    const path = join(installation.backups, "backups-2026-02.tar.zst");
    for (const bytes of ["", "no zstd at all, but some words of somebody"]) {
      Deno.writeTextFileSync(path, bytes);
      const answer = await tidied(installation);
      assertEquals(answer.code, 3);
      assertEquals(Deno.readTextFileSync(path), bytes);
      assertEquals(plainNames(installation).length, 12);
    }
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    assertEquals((await tidied(installation)).code, 3);
    assertEquals(plainNames(installation).length, 12);
    Deno.removeSync(path);
    await assertAllThere(installation, files);
  });
});

Deno.test("a pack without an index is read, and gets one", async () => {
  await atDays(40, async (installation, files) => {
    await tidied(installation);
    const whole = filesIn(installation.backups);
    for (const name of packNames(installation)) {
      const path = join(installation.backups, name);
      const bytes = Deno.readFileSync(path);
      const start = bytes.findIndex((_, i) =>
        [0x5b, 0x2a, 0x4d, 0x18].every((byte, j) => bytes[i + j] === byte)
      );
      Deno.writeFileSync(path, bytes.slice(0, start));
    }
    await assertAllThere(installation, files);
    const answer = await tidied(installation);
    assertEquals(answer.code, 0);
    assertEquals([...filesIn(installation.backups).keys()], [...whole.keys()]);
    await assertAllThere(installation, files);
  });
});
