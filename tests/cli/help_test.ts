/**
 * What the tool says of itself.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { COMMANDS } from "../../lib/cli/main.ts";
import { EXIT } from "../../lib/errors.ts";
import { PROJECT } from "../support/process.ts";
import { atSample, namesIn, tool } from "../support/installation.ts";

/** The options of the program, told in the general help. */
const general = ["root", "json", "quiet", "help", "version"];
/** Every option there is. */
const options = new Set([
  ...general,
  ...COMMANDS.flatMap((command) => command.options),
]);

function readProject(name: string): string {
  return Deno.readTextFileSync(join(PROJECT, name));
}

Deno.test("--help tells of every command, option and exit code", async () => {
  await atSample(async (installation) => {
    const { code, out, err } = await tool(installation, ["--help"]);
    assertEquals([code, err], [0, ""]);
    for (const { usage, name, summary } of COMMANDS) {
      assertStringIncludes(out, `  ${usage}\n`);
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
        const { code, out, err } = await tool(installation, [
          command.name,
          "--help",
        ]);
        assertEquals([code, err], [0, ""]);
        assertStringIncludes(out, `Usage: ${command.usage}\n`);
        assertStringIncludes(out, command.details);
        for (const option of ["root", "json", ...command.options]) {
          assertStringIncludes(command.usage, `[--${option}`);
        }
        for (const option of command.options) {
          if (option === "quiet") continue;
          assertMatch(out, new RegExp(`^  --${option}( A,B)? +\\w`, "m"));
        }
        assertStringIncludes(out, "Exit codes:");
      });
    }
    assertEquals(namesIn(installation.backups), []);
  });
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
