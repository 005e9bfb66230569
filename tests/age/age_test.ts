/**
 * Encrypted backups: made, opened, refused; with this program and with age itself.
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
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import {
  atInstallation,
  inScratch,
  rowsIn,
  withDb,
} from "../support/scratch.ts";

const sql = `CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO contacts VALUES (1, 'Ada'), (2, 'Ben')`;

/** An installation with an encrypted backup. */
interface Locked {
  installation: Installation;
  /** The encrypted backup. */
  backup: string;
  name: string;
  /** The file with the secret key. */
  key: string;
  recipient: string;
}

async function withLocked(
  test: (locked: Locked) => Promise<void>,
): Promise<void> {
  await atInstallation(sql, async (installation) => {
    const key = join(installation.root, "key.txt");
    const made = await runInProcess(installation, ["keygen", key, "--json"]);
    assertEquals([made.code, made.err], [0, ""]);
    const { recipient } = JSON.parse(made.out);
    writeRecipients(installation, `# mine\n${recipient}\n`);
    const run = await runInProcess(installation, ["export", "--encrypt"]);
    assertEquals([run.code, run.err], [0, ""]);
    const [name = ""] = encryptedIn(installation);
    const backup = join(installation.backups, name);
    await test({ installation, backup, name, key, recipient });
  });
}

function writeRecipients({ backups }: Installation, text: string): void {
  Deno.writeTextFileSync(join(backups, "recipients.txt"), text);
}

function encryptedIn({ backups }: Installation): string[] {
  return namesIn(backups).filter((name) => name.endsWith(".json.age"));
}

Deno.test("export --encrypt writes only an encrypted backup, which nobody else may read", async () => {
  await withLocked(({ installation, backup, name }) => {
    assert(/^backup-\d{4}-\d\d-\d\d\.json\.age$/.test(name));
    assertEquals(
      namesIn(installation.backups),
      [".backup-encrypted.json", name, "recipients.txt"],
    );
    const text = new TextDecoder().decode(Deno.readFileSync(backup));
    assert(text.startsWith("age-encryption.org/v1\n"));
    assert(!text.includes("Ada"));
    if (Deno.build.os !== "windows") {
      assertEquals(Deno.statSync(backup).mode! & 0o777, 0o600);
    }
    return Promise.resolve();
  });
});

Deno.test("keygen writes a secret key that only its owner may read, and shows the public one", async () => {
  await withLocked(({ key, recipient }) => {
    const text = Deno.readTextFileSync(key);
    assert(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/m.test(text));
    assertStringIncludes(text, `# public key: ${recipient}`);
    if (Deno.build.os !== "windows") {
      assertEquals(Deno.statSync(key).mode! & 0o777, 0o600);
    }
    return Promise.resolve();
  });
});

Deno.test("keygen never overwrites a file, and writes none beside the backups", async () => {
  await withLocked(async ({ installation, key }) => {
    const before = Deno.readTextFileSync(key);
    const again = await runInProcess(installation, ["keygen", key]);
    assertEquals(again.code, 1);
    assertStringIncludes(again.err, "there is a file already");
    assertEquals(Deno.readTextFileSync(key), before);
    const link = join(installation.root, "link");
    Deno.symlinkSync(installation.backups, link);
    for (const folder of [installation.backups, link]) {
      const path = join(folder, "key.txt");
      const run = await runInProcess(installation, ["keygen", path]);
      assertEquals(run.code, 1);
      assertStringIncludes(run.err, "must not lie beside the backups");
    }
  });
});

Deno.test("keygen - gives the key alone on standard output", async () => {
  await atInstallation("", async (installation) => {
    const run = await runInProcess(installation, ["keygen", "-"]);
    assertEquals(run.code, 0);
    const lines = run.out.split("\n");
    assertEquals(lines.length, 3);
    assert(lines[2]!.startsWith("AGE-SECRET-KEY-1"));
    assert(!/AGE-SECRET-KEY-1[0-9A-Z]{9}/.test(run.err));
  });
});

Deno.test("an encrypted backup is verified, compared and imported with its key", async () => {
  await withLocked(async ({ installation, name, key }) => {
    const identity = ["--identity", key];
    const verified = await runInProcess(
      installation,
      ["verify", name, ...identity],
    );
    assertEquals([verified.code, verified.err], [0, ""]);
    withDb(installation.database, (db) => db.exec("DELETE FROM contacts"));
    const diff = await runInProcess(installation, ["diff", name, ...identity]);
    assertEquals([diff.code, diff.err], [0, ""]);
    const run = await runInProcess(installation, ["import", name, ...identity]);
    assertEquals([run.code, run.err], [0, ""]);
    assertEquals(
      rowsIn(installation.database, "SELECT name FROM contacts"),
      [["Ada"], ["Ben"]],
    );
    assertEquals(
      namesIn(installation.backups).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });
});

Deno.test("an encrypted backup counts only after a key was shown to open it", async () => {
  await withLocked(async ({ installation, key }) => {
    const watch = ["status", "--json", "--max-age", "1d"];
    const kinds = async () => {
      const { concerns } = JSON.parse(
        (await runInProcess(installation, watch)).out,
      );
      return concerns.map(({ kind }: { kind: string }) => kind);
    };
    assertEquals(await kinds(), ["unopened", "absent"]);
    const status = await runInProcess(installation, ["status"]);
    assertStringIncludes(status.out, "encrypted, never opened");
    await runInProcess(installation, ["verify", "--identity", key]);
    assertEquals(await kinds(), []);
    const { out } = await runInProcess(installation, ["status"]);
    assertStringIncludes(out, "encrypted, verified just now");
    assertStringIncludes(out, "2 contacts");
    // Another key has to be shown anew.
    const { recipient } = await makeKeyPair();
    writeRecipients(installation, recipient);
    await runInProcess(installation, ["export", "--encrypt"]);
    assertEquals(await kinds(), ["unopened"]);
  });
});

Deno.test("export --encrypt keeps an earlier encrypted backup of the day", async () => {
  await withLocked(async ({ installation, key }) => {
    await runInProcess(installation, ["export", "--encrypt"]);
    const names = encryptedIn(installation);
    assertEquals(names.length, 2);
    assert(names.some((name) => /-\d{6}(-\d)?\.json\.age$/.test(name)));
    for (const name of names) {
      const args = ["verify", name, "--identity", key];
      assertEquals((await runInProcess(installation, args)).code, 0);
    }
    const { out } = await runInProcess(installation, ["status", "--json"]);
    for (const { encrypted, proved, rows } of JSON.parse(out).backups) {
      assertEquals([encrypted, proved !== null, rows], [
        true,
        true,
        { contacts: 2 },
      ]);
    }
  });
});

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

const wrongRecipients: [string, string, string][] = [
  ["is empty", "# none\n\n", "it has no public key"],
  ["has another line", "# mine\nhello\n", "line 2 is no public key of age"],
  ["has an SSH key", "ssh-ed25519 AAAA me\n", "line 1 is an SSH key"],
];

for (const [what, text, reason] of wrongRecipients) {
  Deno.test(`export --encrypt refuses a recipients.txt that ${what}`, async () => {
    await atInstallation(sql, async (installation) => {
      writeRecipients(installation, text);
      const run = await runInProcess(installation, ["export", "--encrypt"]);
      assertEquals(run.code, 1);
      assertStringIncludes(run.err, reason);
      assertEquals(namesIn(installation.backups), ["recipients.txt"]);
    });
  });
}

Deno.test("a secret key in recipients.txt is refused and not shown", async () => {
  await atInstallation(sql, async (installation) => {
    const { identity } = await makeKeyPair();
    writeRecipients(installation, identity);
    const run = await runInProcess(installation, ["export", "--encrypt"]);
    assertEquals(run.code, 1);
    assertStringIncludes(run.err, "line 1 is a secret key");
    assert(!run.err.includes(identity));
  });
});

Deno.test("export --encrypt says that there is no recipients.txt", async () => {
  await atInstallation(sql, async (installation) => {
    const run = await runInProcess(installation, ["export", "--encrypt"]);
    assertEquals(run.code, 1);
    assertStringIncludes(run.err, "make one with keygen");
  });
});

/** Whether there is a program. */
function has(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"] }).outputSync()
      .success;
  } catch {
    return false;
  }
}

const noAge = !has("age");
if (noAge) {
  console.log("The tests with the program age do not run: it is not here");
}

function age(...args: string[]): Uint8Array {
  const { success, stdout } = new Deno.Command("age", { args }).outputSync();
  assert(success);
  return stdout;
}

Deno.test({
  name: "age opens what this program has encrypted, and the other way round",
  ignore: noAge,
  async fn() {
    await withLocked(async ({ installation, backup, key, recipient }) => {
      const plain = age("-d", "-i", key, backup);
      const text = new TextDecoder().decode(plain);
      assertEquals(JSON.parse(text).tables.contacts.length, 2);
      const path = join(installation.backups, "plain.json");
      Deno.writeFileSync(path, plain);
      const other = join(installation.backups, "other.json.age");
      for (const form of [[], ["--armor"]]) {
        age("-r", recipient, ...form, "-o", other, path);
        const args = ["verify", other, "--identity", key];
        const run = await runInProcess(installation, args);
        assertEquals([run.code, run.err], [0, ""]);
        assertStringIncludes(run.out, "Verified");
      }
    });
  },
});

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

Deno.test("counts that are none in what is known of encrypted backups hide no backup", async () => {
  await withLocked(async ({ installation, name }) => {
    const path = join(installation.backups, ".backup-encrypted.json");
    const text = Deno.readTextFileSync(path);
    const odd = text.replace(/"contacts": \d+/, '"contacts": "many"');
    Deno.writeTextFileSync(path, odd);
    const status = await runInProcess(installation, ["status"]);
    assertEquals(odd.includes("many"), true);
    assertStringIncludes(status.out, "1 backup file found.");
    assertStringIncludes(status.out, name);
  });
});
