/**
 * Asking for a passphrase on a terminal.
 *
 * @module
 */
import { Encrypter } from "age-encryption";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { atSmallSample, inside, makeBackup } from "../support/installation.ts";
import { denoArgs } from "../support/process.ts";

/** What is typed, and how the run ends. */
const typed = [
  ["the passphrase", "open sesame\r", "Verified: ", "code 0"],
  ["another one", "something else\r", "does not open it", "code 1"],
  ["Ctrl-C", "open\x03", "Interrupted: nothing was changed", "code 130"],
  ["Ctrl-\\", "open\x1c", "Interrupted: nothing was changed", "code 130"],
] as const;

for (const [what, keys, answer, code] of typed) {
  Deno.test({
    name: `a terminal shows what is typed again after ${what}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await atSmallSample(async (installation) => {
        const path = await makeBackup(installation);
        const encrypter = new Encrypter();
        encrypter.setScryptWorkFactor(10);
        encrypter.setPassphrase("open sesame");
        const locked = await encrypter.encrypt(Deno.readFileSync(path));
        Deno.writeFileSync(join(installation.backups, "locked.age"), locked);
        const options = inside(installation);
        const out = await typing(
          [Deno.execPath(), ...denoArgs(options, ["verify", "locked.age"])],
          installation.root,
          keys,
        );
        if (out === undefined) return;
        assertStringIncludes(out, answer);
        assertStringIncludes(out, code);
        assertEquals(out.match(/-?\becho\b/)?.[0], "echo");
        assertEquals(out.includes("sesame"), false);
      });
    },
  });
}

/** Runs a command on a terminal, types once it asks, and lists the terminal's state. */
async function typing(
  command: string[],
  cwd: string,
  keys: string,
): Promise<string | undefined> {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const line = `${words.join(" ")}; echo "code $?"; stty -a`;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("script", {
      args: ["-qec", line, "/dev/null"],
      cwd,
      env: { CLAUDE_PLUGIN_ROOT: ".", NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
  } catch {
    return undefined;
  }
  const writer = child.stdin.getWriter();
  let out = "";
  let asked = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    out += text;
    if (asked || !out.includes("Passphrase: ")) continue;
    asked = true;
    await writer.write(new TextEncoder().encode(keys));
  }
  await writer.close().catch(() => {});
  await child.status;
  return out;
}
