/**
 * What status says of the files in the folder.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { atInstallation } from "../support/scratch.ts";
import { tool } from "../support/installation.ts";

const database = "CREATE TABLE contacts (id);";

/** A file of the old form, or of ours with a checksum, of a certain size. */
function writeSized(
  installation: Installation,
  name: string,
  date: string,
  size: number,
  checksum = false,
): void {
  const head = `{"backup_date":"${date}",\n"tables":{}`;
  const tail = checksum ? `,\n"sha256":"${"0".repeat(64)}"\n}\n` : "\n}\n";
  const space = " ".repeat(size - head.length - tail.length);
  Deno.writeTextFileSync(join(installation.backups, name), head + space + tail);
}

Deno.test("files are told newest first, with size, date and checksum", async () => {
  await atInstallation(database, async (installation) => {
    const { backups } = installation;
    writeSized(
      installation,
      "backup-2026-02-02.json",
      "2026-02-02T08:30:00Z",
      4200,
    );
    writeSized(
      installation,
      "backup-a.json",
      "2026-02-19T23:59:59Z",
      31_000,
      true,
    );
    writeSized(
      installation,
      "backup-2026-02-03.json",
      "2026-02-03T08:30:00Z",
      999,
    );
    Deno.writeTextFileSync(join(backups, "notes.json"), "{}");
    Deno.writeTextFileSync(join(backups, "backup-2026-02-02.txt"), "{}");
    const env = { TZ: "UTC" };
    const { code, out, err } = await tool(installation, ["status"], { env });
    assertEquals([code, err], [0, ""]);
    assertEquals(out.split("\n").slice(1), [
      "  backup-a.json               31 KB  2026-02-19 23:59               not verified",
      "  backup-2026-02-03.json  999 bytes  2026-02-03 08:30  no checksum, not verified",
      "  backup-2026-02-02.json     4.2 KB  2026-02-02 08:30  no checksum, not verified",
      "",
    ]);
  });
});

Deno.test("what is no backup is named with its reason, and is not fatal", async () => {
  await atInstallation(database, async (installation) => {
    const { backups } = installation;
    const write = (name: string, text: string) =>
      Deno.writeTextFileSync(join(backups, name), text);
    writeSized(
      installation,
      "backup-2026-02-02.json",
      "2026-02-02T08:30:00Z",
      4200,
    );
    write("backup-2026-02-03.json", '{"tables": {}}');
    write("backup-2026-02-04.json", "");
    write("backup-list.json", "[1, 2, 3]");
    write("backup-\x1b[2J.json", "");
    Deno.mkdirSync(join(backups, "backup-folder.json"));
    Deno.symlinkSync("nowhere", join(backups, "backup-link.json"));
    Deno.symlinkSync("backup-ring.json", join(backups, "backup-ring.json"));
    await makePipe(join(backups, "backup-pipe.json"));
    const { code, out, err } = await tool(installation, ["status"]);
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, " ago. 1 backup file found.\n");
    const damaged = "it has no date of a backup; it may be damaged";
    assertEquals(
      out.split("\n").filter((line) => line.startsWith("Not counted: ")),
      [
        "\\u001b[2J.json: not made by this program",
        `2026-02-03.json: ${damaged}`,
        `2026-02-04.json: ${damaged}`,
        "folder.json: it is a folder",
        "link.json: there is no such file",
        "list.json: not made by this program",
        "pipe.json: it is no file",
        "ring.json: its symbolic links form a loop",
      ].map((line) => `Not counted: backup-${line}`),
    );
  });
});

Deno.test("an output that is no folder is an error in one line", async () => {
  await atInstallation(database, async (installation) => {
    Deno.removeSync(installation.backups);
    Deno.writeTextFileSync(installation.backups, "");
    const { code, out, err } = await tool(installation, ["status"]);
    assertEquals([code, out], [1, ""]);
    assertEquals(
      err,
      'Error: Cannot look into "output": part of its path is not a folder\n',
    );
  });
});

Deno.test("a hundred files of 100 MB are told about as fast as none", async () => {
  await atInstallation(
    database,
    (full) =>
      atInstallation(database, async (empty) => {
        for (let day = 100; day < 200; day++) writeSparse(full, `x${day}`);
        let out = "";
        const [all, none] = await fastestInTurn([
          async () => ({ out } = await tool(full, ["status"])),
          () => tool(empty, ["status"]),
        ]);
        assertStringIncludes(out, " ago. 100 backup files found.\n");
        assertEquals(out.match(/100 MB/g)?.length, 100);
        // Reading them would take a hundred times as long.
        assert(all! < 4 * none!, `${all} ms against ${none} ms`);
      }),
  );
});

function writeSparse(installation: Installation, name: string): void {
  const path = join(installation.backups, `backup-${name}.json`);
  Deno.writeTextFileSync(path, '{"backup_date":"2026-02-02T08:30:00Z",');
  Deno.truncateSync(path, 100_000_000);
}

/**
 * The fastest of some runs of each step, in milliseconds. They take turns: what a loaded
 * machine adds is left out, or falls on all of them.
 */
async function fastestInTurn(
  steps: (() => Promise<unknown>)[],
): Promise<number[]> {
  const best = steps.map(() => Infinity);
  for (let run = 0; run < 4; run++) {
    for (const [i, step] of steps.entries()) {
      const start = performance.now();
      await step();
      best[i] = Math.min(best[i]!, performance.now() - start);
    }
  }
  return best;
}

async function makePipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] })
    .output();
  assert(success);
}
