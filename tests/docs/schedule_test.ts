/**
 * The templates of docs/schedule.md: understood by the systems that they are for,
 * and their commands run.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
// deno-lint-ignore no-import-prefix -- for this test alone, not the program's imports
import plist from "npm:plist@3.1.0";
import { makeBundle } from "../support/bundle.ts";
import { namesIn } from "../support/installation.ts";
import { makePlugin, put } from "../support/plugin.ts";
import { PROJECT, type Run, runOf } from "../support/process.ts";
import { putSample } from "../support/sample.ts";
import { inScratch } from "../support/scratch.ts";
import { inShell, onlyTools } from "../support/shells.ts";
import { readDocument } from "./documents.ts";

const page = readDocument("docs/schedule.md");

/** The blocks of code in a language. */
function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms");
  return [...page.matchAll(pattern)].map(([, text]) => text!);
}

/** A home with the plugin in it, and a shell that has little in PATH. */
async function inHome(
  test: (run: (command: string) => Promise<Run>, home: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const home = join(folder, "home");
    const plugin = join(home, ".software-of-you");
    const data = join(home, "data");
    makePlugin(plugin, data);
    putSample(join(data, "soy.db"), { scale: 0.05 });
    await makeBundle(plugin);
    const launcher = "soy-backup.sh";
    Deno.copyFileSync(join(PROJECT, launcher), join(plugin, launcher));
    Deno.mkdirSync(join(home, ".deno/bin"), { recursive: true });
    Deno.symlinkSync(Deno.execPath(), join(home, ".deno/bin/deno"));
    const bin = onlyTools(folder);
    const osascript = join(bin, "osascript");
    put(osascript, "#!/bin/sh\nprintf '[%s]' \"$@\"\n");
    Deno.chmodSync(osascript, 0o755);
    const run = (command: string) =>
      inShell("dash", ["-c", command], {
        cwd: home,
        env: { HOME: home, PATH: bin },
      });
    await test(run, home);
  });
}

function backupsIn(home: string): string[] {
  return namesIn(join(home, "data/output"))
    .filter((name) => name.startsWith("backup-"));
}

/** The command that makes a backup, and the one that looks whether all is well. */
async function check([make, look]: string[], alarm: RegExp): Promise<void> {
  await inHome(async (run, home) => {
    const before = await run(look!);
    assertMatch(before.out, alarm);
    for (let time = 0; time < 2; time++) {
      assertEquals(await run(make!), { code: 0, out: "", err: "" });
      assertEquals(backupsIn(home).length, 1);
    }
    const after = await run(look!);
    assertEquals([after.code, after.err], [0, ""]);
    assertEquals(alarm.test(after.out), false);
  });
}

Deno.test("the lines for cron make one backup, and speak up only if there is none", async () => {
  const lines = blocks("crontab")[0]!.trim().split("\n");
  const commands = lines.map((line) => {
    // A percent sign would end the command.
    const [, command] = /^(?:[\d*]+ ){5}([^%]+)$/.exec(line)!;
    return command!;
  });
  await check(commands, /No backups yet/);
});

Deno.test("launchd's property lists parse, and their commands do as those of cron", async () => {
  const lists = blocks("xml").map((text) => plist.parse(text)) as {
    Label: string;
    ProgramArguments: string[];
  }[];
  assertEquals(
    lists.map(({ Label }) => Label),
    ["soy-backup.export", "soy-backup.check"],
  );
  for (const { Label } of lists) assertMatch(page, new RegExp(`/${Label}\\.p`));
  const commands = lists.map(({ ProgramArguments: [sh, option, command] }) => {
    assertEquals([sh, option], ["/bin/sh", "-c"]);
    return command!;
  });
  await check(commands, /\[-e\]\[display notification ".*" with title ".*"\]$/);
});

Deno.test("systemd's service runs one after the other", async () => {
  const commands = [...blocks("ini")[0]!.matchAll(/^ExecStart=(.*)$/gm)]
    .map(([, command]) => command!.replaceAll("%h", '"$HOME"'));
  assertEquals(commands.length, 2);
  await check(commands, /No backups yet/);
});

Deno.test({
  name: "systemd takes the units",
  ignore: !existsSync("/usr/bin/systemd-analyze"),
  fn: () =>
    inHome(async (_run, home) => {
      const [service, timer] = blocks("ini");
      put(join(home, "soy-backup.service"), service!);
      put(join(home, "soy-backup.timer"), timer!);
      const command = new Deno.Command("/usr/bin/systemd-analyze", {
        args: ["--user", "verify", "soy-backup.service", "soy-backup.timer"],
        cwd: home,
        env: { HOME: home, XDG_RUNTIME_DIR: home },
      });
      const { code, err } = runOf(await command.output());
      assertEquals([code, err], [0, ""]);
    }),
});

Deno.test("the monitor's command answers with what is wrong", async () => {
  await inHome(async (run) => {
    const { code, out } = await run(blocks("sh")[0]!);
    assertEquals(code, 4);
    assertEquals(JSON.parse(out).concerns[0].kind, "absent");
  });
});
