/**
 * Folders on a file system that can only be read.
 *
 * @module
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { faultOf, inFolder } from "../../lib/faults.ts";
import { copyDatabase } from "../../lib/store/snapshots.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation, session } from "../support/scratch.ts";

const sql = "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);" +
  "INSERT INTO contacts VALUES (1, 'Anna Berg')";

/** Runs a step while no new file can be made, as the system says it then. */
async function readOnly(step: () => Promise<void>): Promise<void> {
  const { openSync } = Deno;
  Deno.openSync = (path, options) => {
    if (!options?.createNew) return openSync(path, options);
    throw new Error(`Read-only file system (os error 30): open '${path}'`);
  };
  try {
    await step();
  } finally {
    Deno.openSync = openSync;
  }
}

const commands: [string[], string][] = [
  [["verify"], "Cannot verify"],
  [["show", "latest", "contacts"], "Cannot read"],
  [["diff"], "Cannot read"],
];

for (const [args, doing] of commands) {
  Deno.test(`${args.join(" ")} names the folder that is read-only, and the way out`, async () => {
    await atInstallation(sql, async (installation) => {
      const made = await runInProcess(installation, ["export", "--json"]);
      const name = JSON.parse(made.out).file.replace("output/", "");
      await readOnly(async () => {
        const { code, err } = await runInProcess(installation, args);
        assertEquals([code, err], [
          1,
          `Error: ${doing} "${name}": the file system of ` +
          `"${installation.backups}" is read-only; make it writable, or copy ` +
          "what is there to another disk",
        ]);
      });
    });
  });
}

Deno.test("copyDatabase() says that its folder is read-only", async () => {
  await atInstallation(sql, async ({ database, data }) => {
    await readOnly(async () => {
      await assertRejects(
        () => copyDatabase(database, data, session()),
        Error,
        `the file system of "${data}" is read-only`,
      );
    });
  });
});

Deno.test("inFolder() leaves other errors as they are, and gives what the step does", () => {
  assertEquals(inFolder("output", () => 7), 7);
  const error = assertThrows(
    () =>
      inFolder("output", () => {
        throw new Deno.errors.NotFound("no such file");
      }),
    Deno.errors.NotFound,
  );
  assertEquals(faultOf(error), "there is no such file");
});
