/**
 * A damaged pack costs ten backups at most, and verify --all names them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Installation } from "../../lib/store/installation.ts";
import { TAR_END } from "../../lib/pack/tar.ts";
import { compressed } from "../../lib/pack/zstd.ts";
import { encodeIndex, readIndex } from "../../lib/store/pack_index.ts";
import { runInProcess } from "../support/in_process.ts";
import { seeded } from "../support/random_values.ts";
import { atDays, packNames, tidied } from "./days.ts";

/** Cases of a byte that is flipped anywhere. */
const CASES = Number(Deno.env.get("BACKUP_TEST_CASES") ?? 6);
const seed = Number(Deno.env.get("BACKUP_TEST_SEED") ?? 1);

/** What verify --all says. */
async function verifyAll(installation: Installation) {
  const { out, code } = await runInProcess(installation, [
    "verify",
    "--all",
    "--json",
  ]);
  const answer = JSON.parse(out);
  const names = (proved: boolean): string[] =>
    answer.backups.filter((backup: { proved: boolean }) =>
      backup.proved === proved
    ).map(({ name }: { name: string }) => name);
  return { ...answer, code, proved: names(true), failed: names(false) };
}

function flip(path: string, at: number): void {
  const bytes = Deno.readFileSync(path);
  bytes[at]! ^= 1;
  Deno.writeFileSync(path, bytes);
}

Deno.test("verify --all verifies plain and packed backups and notes it", async () => {
  await atDays(12, async (installation, files) => {
    await tidied(installation);
    const { code, proved } = await verifyAll(installation);
    assertEquals([code, proved.length], [0, files.size]);
    const { out } = await runInProcess(installation, ["status"]);
    assert(out.includes("5 backups packed, 5 verified"), out);
  });
});

Deno.test("a damaged byte costs ten backups at most, and they are named", async () => {
  await atDays(27, async (installation, files) => {
    await tidied(installation);
    const [name] = packNames(installation) as [string];
    const path = join(installation.backups, name);
    const { frames, backups } = readIndex(path)!;
    const { offset, length } = frames[0]!;
    flip(path, offset + (length >> 1));
    const { code, proved, failed } = await verifyAll(installation);
    assertEquals(code, 1);
    assertEquals(proved.length + failed.length, files.size);
    const held = backups.filter(({ frame }) => frame === 0)
      .map(({ name }) => name);
    assert(
      failed.length > 0 && failed.every((name: string) => held.includes(name)),
    );
    const { err, code: exit } = await runInProcess(installation, [
      "import",
      failed.at(-1)!,
    ]);
    assertEquals(exit, 1);
    assert(err.includes("Cannot read backup"), err);
  });
});

// A flipped byte may still decode, to another text, before the frame's checksum tells.
Deno.test("of a damaged part only that is told, whatever its text has become", async () => {
  await atDays(12, async (installation) => {
    await tidied(installation);
    const [name] = packNames(installation) as [string];
    const path = join(installation.backups, name);
    const whole = Deno.readFileSync(path);
    const { frames: [frame] } = readIndex(path)!;
    for (let i = 0; i < CASES; i++) {
      const at = frame!.offset + Math.floor(frame!.length * i / CASES ** 2);
      flip(path, at + 20);
      const { backups, failed } = await verifyAll(installation);
      assert(failed.length > 0, `byte ${at + 20}`);
      await assertPartTold(installation, backups, failed, name);
      const found = await runInProcess(installation, ["find", "contacts:7"]);
      assertEquals(found.err.match(/damaged/g)?.length, failed.length);
      Deno.writeFileSync(path, whole);
    }
  });
});

Deno.test("of a damaged part only that is told without an index, too", async () => {
  await atDays(12, async (installation) => {
    await tidied(installation);
    const [name] = packNames(installation) as [string];
    const path = join(installation.backups, name);
    const { frames: [frame] } = readIndex(path)!;
    const bytes = Deno.readFileSync(path);
    const days: string[] = [];
    for (let i = 1; i <= CASES; i++) {
      Deno.writeFileSync(path, bytes.slice(0, indexStart(bytes)));
      const at = frame!.offset + Math.floor(frame!.length * i / (CASES + 1));
      flip(path, at);
      const { backups, failed } = await verifyAll(installation);
      // The pack is named for the days of which not even the names could be read.
      assertEquals(failed.at(-1), name);
      const named = failed.slice(0, -1);
      await assertPartTold(installation, backups, named, name);
      days.push(...named);
    }
    assert(days.length > 0);
  });
});

async function assertPartTold(
  installation: Installation,
  backups: { name: string; problem?: string }[],
  failed: string[],
  pack: string,
): Promise<void> {
  const fault = `its part of "${pack}" is damaged`;
  for (const name of failed) {
    assertEquals(backups.find((one) => one.name === name)?.problem, fault);
    for (const command of ["show", "verify"]) {
      const { err } = await runInProcess(installation, [command, name]);
      assertEquals(err.split(": ").at(-1)!.trim(), fault);
    }
  }
}

Deno.test("an empty frame after another one is no damage", async () => {
  await atDays(27, async (installation, files) => {
    await tidied(installation);
    const [name] = packNames(installation) as [string];
    const path = join(installation.backups, name);
    withEmptyFrames(path);
    const { code, proved } = await verifyAll(installation);
    assertEquals([code, proved.length], [0, files.size]);
    const { code: found, err } = await runInProcess(installation, [
      "find",
      "contacts:7",
    ]);
    assertEquals([found, err], [0, ""]);
  });
});

/** Puts an empty frame after each one of a pack, as Deno's compressor sometimes does. */
function withEmptyFrames(path: string): void {
  const bytes = Deno.readFileSync(path);
  const empty = Uint8Array.fromHex("28b52ffd240001000099e9d851");
  const { frames, backups } = readIndex(path)!;
  assert(frames.length > 1);
  let at = 0;
  const made = frames.map(({ offset, length, size }) => {
    const frame = [...bytes.subarray(offset, offset + length), ...empty];
    const offsetNow = at;
    at += frame.length;
    const content = new Uint8Array(frame);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const index = { offset: offsetNow, length: content.length, size, sha256 };
    return { content, index };
  });
  const end = [
    compressed(TAR_END),
    encodeIndex({ frames: made.map(({ index }) => index), backups }),
  ];
  const pieces = [...made.map(({ content }) => content), ...end];
  Deno.writeFileSync(path, new Uint8Array(Buffer.concat(pieces)));
}

Deno.test("verify --all goes on after a damaged plain backup", async () => {
  await atDays(12, async (installation, files) => {
    const name = "backup-2026-02-25.json";
    flip(join(installation.backups, name), 5000);
    await tidied(installation);
    const { code, proved, failed } = await verifyAll(installation);
    assertEquals([code, failed], [1, [name]]);
    assertEquals(proved.length, files.size - 1);
  });
});

Deno.test("one byte that is flipped anywhere in a pack loses no backup of another frame", async () => {
  await atDays(21, async (installation, files) => {
    await tidied(installation);
    const [name] = packNames(installation) as [string];
    const path = join(installation.backups, name);
    const whole = Deno.readFileSync(path);
    const { frames, backups } = readIndex(path)!;
    const random = seeded(seed);
    for (let i = 0; i < CASES; i++) {
      Deno.writeFileSync(path, whole);
      const at = random(whole.length);
      flip(path, at);
      const { proved } = await verifyAll(installation);
      const hit = frames.findIndex(({ offset, length }) =>
        at >= offset && at < offset + length
      );
      const safe = backups.filter(({ frame }) => frame !== hit);
      for (const { name } of safe) {
        assert(proved.includes(name), `byte ${at}: ${name} is lost`);
      }
      assert(proved.length >= files.size - 10);
    }
  });
});

Deno.test("of two copies of the index, either does", async () => {
  await atDays(12, async (installation) => {
    await tidied(installation);
    const [name] = packNames(installation) as [string];
    const path = join(installation.backups, name);
    const whole = Deno.readFileSync(path);
    const index = readIndex(path);
    for (const fromEnd of [20, whole.length - indexStart(whole) - 20]) {
      Deno.writeFileSync(path, whole);
      flip(path, whole.length - fromEnd);
      assertEquals(readIndex(path), index);
    }
    Deno.writeFileSync(path, whole.slice(0, -40));
    assertEquals(readIndex(path), index);
  });
});

function indexStart(bytes: Uint8Array): number {
  return bytes.findIndex((_, i) =>
    [0x5b, 0x2a, 0x4d, 0x18].every((byte, j) => bytes[i + j] === byte)
  );
}

Deno.test("without an index, a damaged part costs no other", async () => {
  await atDays(27, async (installation) => {
    await tidied(installation);
    const [name] = packNames(installation) as [string];
    const path = join(installation.backups, name);
    const whole = Deno.readFileSync(path);
    const { frames, backups } = readIndex(path)!;
    Deno.writeFileSync(path, whole.slice(0, indexStart(whole)));
    flip(path, frames[0]!.offset + (frames[0]!.length >> 1));
    const { code, proved, warnings } = await verifyAll(installation);
    assertEquals(code, 1);
    for (const { name, frame } of backups) {
      if (frame > 0) assert(proved.includes(name), name);
    }
    assert(warnings[0].includes("its index is missing"), warnings[0]);
    const before = Deno.readFileSync(path);
    assertEquals((await tidied(installation)).code, 3);
    assertEquals(Deno.readFileSync(path), before);
  });
});
