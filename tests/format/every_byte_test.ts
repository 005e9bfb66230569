/**
 * A small backup cut at each byte and with each bit flipped: no such damage may
 * pass for a whole file.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { bytesOf, inspected, Trickle } from "../support/reader.ts";
import { MEMBERS, whole } from "../support/backup_text.ts";

/** The message that refuses the file, or `undefined` where it passes. */
async function refusal(
  bytes: Uint8Array,
  force = false,
): Promise<string | undefined> {
  try {
    await inspected(new Trickle(bytes), { force });
  } catch (error) {
    assert(error instanceof BackupError, `${error}`);
    return error.message;
  }
}

async function smallBackup(): Promise<Uint8Array> {
  // Without a schema it is a third shorter, and damage there is like any other.
  const { schema: _, ...members } = MEMBERS;
  return bytesOf(await whole(members));
}

Deno.test("a backup cut at any byte is refused", async () => {
  const bytes = await smallBackup();
  for (let length = 0; length < bytes.length - 1; length++) {
    const said = await refusal(bytes.subarray(0, length));
    assertEquals(said !== undefined, true, `cut to ${length} bytes`);
  }
});

Deno.test("a backup cut at any byte is refused with force, too", async () => {
  const bytes = await smallBackup();
  for (let length = 0; length < bytes.length - 1; length++) {
    const said = await refusal(bytes.subarray(0, length), true);
    assertEquals(said !== undefined, true, `cut to ${length} bytes`);
  }
});

Deno.test("a backup without its final newline is still whole", async () => {
  const bytes = await smallBackup();
  assertEquals(await refusal(bytes), undefined);
  assertEquals(await refusal(bytes.subarray(0, -1)), undefined);
});

Deno.test("a backup with any bit flipped is refused", async () => {
  const bytes = await smallBackup();
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << bit;
      const said = await refusal(damaged);
      assertEquals(said !== undefined, true, `bit ${bit} of byte ${at}`);
    }
  }
});

Deno.test("a backup with any byte taken out or doubled is refused", async () => {
  const bytes = await smallBackup();
  // What is counted ends here; white space after it says nothing.
  const counted = bytes.length -
    bytesOf(`"sha256": "${"0".repeat(64)}"\n}\n`).length;
  for (let at = 0; at < bytes.length; at++) {
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
    const out = Uint8Array.from([...before, ...after]);
    const twice = Uint8Array.from([
      ...before,
      bytes[at]!,
      bytes[at]!,
      ...after,
    ]);
    const free = at >= counted && [0x0a, 0x20].includes(bytes[at]!);
    for (const damaged of [out, twice]) {
      const passes = await refusal(damaged) === undefined;
      assertEquals(passes, free, `byte ${at}`);
    }
  }
});
