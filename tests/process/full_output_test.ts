/**
 * Standard output that takes nothing: what was done decides the exit code.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { atSmallSample, inside, makeBackup } from "../support/installation.ts";
import { denoArgs } from "../support/process.ts";
import { rowsIn, withDb } from "../support/scratch.ts";

const noFullDevice = Deno.build.os !== "linux";

/** Runs the tool with its standard output going to a place of the shell. */
async function into(
  output: string,
  args: string[],
  options: ReturnType<typeof inside>,
): Promise<{ code: number; err: string }> {
  const { code, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      `exec "$0" "$@" ${output}`,
      Deno.execPath(),
      ...denoArgs(options, args),
    ],
    cwd: options.cwd,
    env: { NO_COLOR: "1", ...options.env },
  }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

for (const [what, output] of [["full", ">/dev/full"], ["closed", ">&-"]]) {
  Deno.test({
    name:
      `an import whose output is ${what} is done and says so in its exit code`,
    ignore: noFullDevice,
    fn: () =>
      atSmallSample(async (installation) => {
        const backup = await makeBackup(installation);
        withDb(installation.database, (db) => db.exec("DELETE FROM contacts"));
        const args = ["import", backup];
        const run = await into(output!, args, inside(installation));
        assertEquals(run.code, 0);
        if (what === "full") {
          assertMatch(
            run.err,
            /^Warning: cannot write to standard output: the disk is full[^\n]*\n$/,
          );
        }
        const count = "SELECT count(*) FROM contacts";
        assertEquals(rowsIn(installation.database, count), [[31]]);
      }),
  });
}
