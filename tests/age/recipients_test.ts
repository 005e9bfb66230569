/**
 * Public keys for which nothing is encrypted.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeKeyPair } from "../../lib/age/age.ts";
import { runInProcess } from "../support/in_process.ts";
import { namesIn } from "../support/installation.ts";
import { atInstallation } from "../support/scratch.ts";
import { sql, writeRecipients } from "./locked.ts";

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
