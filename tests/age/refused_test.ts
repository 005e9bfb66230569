/**
 * Encrypted backups that cannot be opened: why, in one line.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { decrypt, makeKeyPair } from "../../lib/age/age.ts";
import { KeyError } from "../../lib/errors.ts";
import { runInProcess } from "../support/in_process.ts";
import { inScratch, rowsIn } from "../support/scratch.ts";
import { type Locked, withLocked } from "./locked.ts";

/** Why an encrypted backup is refused. */
async function refusal(
  { installation, name }: Locked,
  ...options: string[]
): Promise<string> {
  const before = rowsIn(installation.database, "SELECT * FROM contacts");
  const run = await runInProcess(installation, ["import", name, ...options]);
  assertEquals([run.code, run.out, run.err.split("\n").length], [1, "", 1]);
  assertEquals(
    rowsIn(installation.database, "SELECT * FROM contacts"),
    before,
  );
  assert(!/AGE-SECRET-KEY-1[0-9A-Z]{9}/.test(run.err));
  return run.err;
}

Deno.test("an encrypted backup without its key is refused in one line", async () => {
  await withLocked(async (locked) => {
    assertStringIncludes(await refusal(locked), "with --identity FILE");
    const other = join(locked.installation.root, "other.txt");
    const { identity, recipient } = await makeKeyPair();
    Deno.writeTextFileSync(other, identity);
    assertStringIncludes(
      await refusal(locked, "--identity", other),
      "this key or passphrase does not open it",
    );
    for (
      const [text, reason] of [
        [recipient, "it is a public key"],
        ["", "there is no secret key in it"],
        [identity.slice(0, -1), "it is no secret key of age"],
      ] as const
    ) {
      Deno.writeTextFileSync(other, text);
      assertStringIncludes(await refusal(locked, "--identity", other), reason);
    }
    assertStringIncludes(
      await refusal(locked, "--identity", join(other, "..", "none")),
      "there is no such file",
    );
  });
});

const damages: [string, (bytes: Uint8Array) => Uint8Array][] = [
  ["cut short", (bytes) => bytes.subarray(0, -1)],
  ["cut in its header", (bytes) => bytes.subarray(0, 60)],
  ["flipped in its header", (bytes) => flip(bytes, 80)],
  ["flipped in its content", (bytes) => flip(bytes, bytes.length - 40)],
  ["followed by something", (bytes) => Uint8Array.from([...bytes, 1])],
];

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[at]! ^= 1;
  return flipped;
}

for (const [what, damage] of damages) {
  Deno.test(`an encrypted backup that is ${what} is refused in one line`, async () => {
    await withLocked(async (locked) => {
      const { backup, key } = locked;
      Deno.writeFileSync(backup, damage(Deno.readFileSync(backup)));
      const said = await refusal(locked, "--identity", key);
      assert(/it is damaged|does not open it|has encrypted/.test(said), said);
    });
  });
}

Deno.test("a wrong key, no key or a file that is none says nothing about the backup", async () => {
  await withLocked(async ({ installation, name, key }) => {
    const identity = ["--identity", key];
    await runInProcess(installation, ["verify", name, ...identity]);
    const other = join(installation.root, "other.txt");
    await runInProcess(installation, ["keygen", other]);
    const empty = join(installation.root, "empty.txt");
    Deno.writeTextFileSync(empty, "# nothing\n");
    const missing = join(installation.root, "missing.txt");
    for (const file of [undefined, other, empty, missing]) {
      const given = file ? ["--identity", file] : [];
      const run = await runInProcess(installation, ["verify", name, ...given]);
      assertEquals(run.code, 1);
    }
    const status = await runInProcess(installation, ["status"]);
    assertStringIncludes(status.out, "encrypted, verified just now");
  });
});

Deno.test("a passphrase that would cost years is refused at once, as what it is", async () => {
  await inScratch(async (folder) => {
    const salt = "A".repeat(22);
    const body = "A".repeat(43);
    const path = join(folder, "bomb.age");
    Deno.writeTextFileSync(
      path,
      `age-encryption.org/v1\n-> scrypt ${salt} 30\n${body}\n--- ${body}\nx`,
    );
    using from = Deno.openSync(path);
    using to = Deno.openSync(join(folder, "out"), {
      write: true,
      create: true,
    });
    const keys = {
      identities: () => Promise.resolve([]),
      passphrase: () => Promise.resolve("secret"),
    };
    await assertRejects(
      () => decrypt(from, to, keys, () => Promise.resolve()),
      KeyError,
      "far too much time and memory",
    );
  });
});
