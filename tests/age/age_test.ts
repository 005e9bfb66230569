/**
 * Encrypted backups: made and opened, with this program and with age itself.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { makeKeyPair } from "../../lib/age/age.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation, rowsIn, withDb } from "../support/scratch.ts";
import { encryptedIn, withLocked, writeRecipients } from "./locked.ts";

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
    const json = await runInProcess(installation, ["keygen", "-", "--json"]);
    assertEquals(json.code, 2);
    assertStringIncludes(json.err, "takes no --json; name a file");
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

Deno.test("show says that a key is missing if the tables of the newest backup aren't known", async () => {
  await withLocked(async ({ installation, name }) => {
    const run = await runInProcess(installation, ["show", "contacts:1"]);
    assertEquals(run.code, 1);
    assertStringIncludes(run.err, `${name}": it is encrypted; give the file`);
    const file = await runInProcess(installation, ["show", "other.json"]);
    assertStringIncludes(file.err, 'Cannot find backup "other.json"');
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
