/**
 * What the tool says of itself.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import type { Command } from "../../lib/cli/command.ts";
import { COMMANDS } from "../../lib/cli/main.ts";
import { GENERAL, type Option, optionLabel } from "../../lib/cli/options.ts";
import { EXIT } from "../../lib/errors.ts";
import { runInProcess } from "../support/in_process.ts";
import { PROJECT } from "../support/process.ts";
import { atSample, namesIn, tool } from "../support/installation.ts";

/** The options that the general help explains. */
const general = [...Object.keys(GENERAL), "quiet"];
/** Every option there is. */
const options = new Set([
  ...general,
  ...COMMANDS.flatMap((command) => Object.keys(command.options)),
]);

/** What the usage lines of a help text say, without their line breaks. */
function usageIn(out: string): string {
  return out.replaceAll(/\n {10,}/g, " ");
}

/** How a command is called, as its usage line must say it. */
function usageOf(command: Command): string {
  const { root, json } = GENERAL;
  const name = command === COMMANDS[0] ? `[${command.name}]` : command.name;
  const paths = command.arguments.map(({ name, optional }) =>
    optional ? `[<${name}>]` : `<${name}>`
  );
  const labels = Object.entries({ ...command.options, root, json })
    .map(([name, option]: [string, Option]) =>
      `[${optionLabel(name, option)}]`
    );
  return ["backup.ts", name, ...paths, ...labels].join(" ");
}

function readProject(name: string): string {
  return Deno.readTextFileSync(join(PROJECT, name));
}

Deno.test("--help tells of every command, option and exit code", async () => {
  await atSample(async (installation) => {
    const { code, out, err } = await tool(installation, ["--help"]);
    assertEquals([code, err], [0, ""]);
    for (const command of COMMANDS) {
      const { name, summary } = command;
      assertStringIncludes(usageIn(out), `\n  ${usageOf(command)}\n`);
      assertMatch(out, new RegExp(`^  ${name} +${escaped(summary)}$`, "m"));
    }
    for (const option of options) assertStringIncludes(out, `--${option}`);
    for (const exit of Object.values(EXIT)) {
      assertMatch(out, new RegExp(`^  ${exit} +\\w`, "m"));
    }
    assertEquals(namesIn(installation.backups), []);
  });
});

Deno.test("--help says on each option of the program what it does", async () => {
  await atSample(async (installation) => {
    const { out } = await tool(installation, ["--help"]);
    for (const option of general) {
      assertMatch(out, new RegExp(`^  --${option}( DIR)? +\\w`, "m"));
    }
  });
});

Deno.test("a command's --help tells of its options", async (t) => {
  await atSample(async (installation) => {
    for (const command of COMMANDS) {
      await t.step(command.name, async () => {
        const { code, out, err } = await runInProcess(installation, [
          command.name,
          "--help",
        ]);
        assertEquals([code, err], [0, ""]);
        const { details, arguments: paths } = command;
        assertStringIncludes(usageIn(out), `Usage: ${usageOf(command)}\n`);
        assertStringIncludes(out.replaceAll("\n", " "), details);
        for (const { name } of paths) {
          assertMatch(out, new RegExp(`^  <${name}> +\\w`, "m"));
        }
        for (
          const option of ["root", "json", ...Object.keys(command.options)]
        ) {
          assertMatch(
            out,
            new RegExp(`^  --${option}( DIR| A,B)? +\\w`, "m"),
          );
        }
        assertStringIncludes(out, "Exit codes:");
      });
    }
    assertEquals(namesIn(installation.backups), []);
  });
});

Deno.test("no line of a help text is longer than a terminal of 80 columns", async () => {
  await atSample(async (installation) => {
    const names = ["", ...COMMANDS.map(({ name }) => name)];
    for (const name of names) {
      const { out } = await runInProcess(
        installation,
        [name, "--help"].filter(Boolean),
      );
      for (const line of out.split("\n")) assert(line.length <= 80, line);
    }
  });
});

Deno.test("an option has the same form in each command that takes it", () => {
  const forms = new Map<string, string>();
  for (const { options } of [...COMMANDS, { options: GENERAL }]) {
    for (const [name, option] of Object.entries(options)) {
      const label = optionLabel(name, option);
      assertEquals(forms.get(name) ?? label, label);
      forms.set(name, label);
    }
  }
});

Deno.test("-h is --help, and help wins over what else is on the line", async () => {
  await atSample(async (installation) => {
    const runs = await Promise.all(
      [["-h"], ["--help"], ["--help", "--quiet"]]
        .map((args) => tool(installation, args)),
    );
    for (const { code, out } of runs) {
      assertEquals([code, out], [0, runs[0]!.out]);
    }
  });
});

Deno.test("--version is the version of deno.json", async () => {
  await atSample(async (installation) => {
    const { version } = JSON.parse(readProject("deno.json"));
    const { code, out, err } = await tool(installation, ["--version"]);
    assertEquals([code, out, err], [0, `backup.ts ${version}\n`, ""]);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
