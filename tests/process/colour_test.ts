/**
 * Colour on a terminal that wants it, and nowhere else.
 *
 * @module
 */
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import type { Installation } from "../../lib/store/installation.ts";
import { denoArgs } from "../support/process.ts";
import { inScratch, makeInstallation } from "../support/scratch.ts";
import { inside, tool } from "../support/installation.ts";

// deno-lint-ignore no-control-regex -- control characters are what it is about
const anyColour = /\x1b\[/;
// deno-lint-ignore no-control-regex -- as above
const bold = /^\x1b\[1mNo backups yet\. Run \/backup to make one\.\x1b\[22m/;
const plain = /^No backups yet\. Run \/backup to make one\./;

Deno.test("words into a pipe have no colour, even without NO_COLOR", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const env = { NO_COLOR: "" };
    const words = await tool(installation, ["status"], { env });
    assertMatch(words.out, plain);
    assertNotMatch(words.out, anyColour);
    const fault = await tool(installation, ["export"], { env });
    assertMatch(fault.err, /^Error: /);
    assertNotMatch(fault.err, anyColour);
  });
});

Deno.test("words on a terminal stand out, where there is one to be had", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const out = await onTerminal(installation, ["status"], "");
    assertMatch(out, await hasTerminal() ? bold : plain);
  });
});

Deno.test("errors on a terminal are yellow, where there is one to be had", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const out = await onTerminal(installation, ["export"], "");
    // deno-lint-ignore no-control-regex -- as above
    const yellow = /^\x1b\[33mError: .*\x1b\[39m\r\n$/;
    assertMatch(out, await hasTerminal() ? yellow : /^Error: /);
  });
});

Deno.test("NO_COLOR keeps colour from a terminal", async () => {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    const words = await onTerminal(installation, ["status"], "1");
    assertMatch(words, plain);
    const fault = await onTerminal(installation, ["export"], "1");
    assertMatch(fault, /^Error: /);
    assertEquals(anyColour.test(words + fault), false);
  });
});

/** Runs the tool on a terminal made by `script`, else on pipes. */
async function onTerminal(
  installation: Installation,
  args: string[],
  noColor: string,
): Promise<string> {
  const options = inside(installation, { env: { NO_COLOR: noColor } });
  if (!await hasTerminal()) {
    const { out, err } = await tool(installation, args, options);
    return out + err;
  }
  const command = [Deno.execPath(), ...denoArgs(options, args)].map(shellWord);
  const { stdout } = await new Deno.Command("script", {
    args: ["-qec", command.join(" "), "/dev/null"],
    cwd: options.cwd,
    env: options.env ?? {},
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

/** Whether there is a `script` that takes the arguments of util-linux. */
async function hasTerminal(): Promise<boolean> {
  try {
    const command = new Deno.Command("script", { args: ["--version"] });
    const { stdout } = await command.output();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
