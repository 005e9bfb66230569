/**
 * `verify --all` with copies of this installation, and with files of another machine.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation } from "../support/scratch.ts";
import {
  backupsIn,
  exportDays,
  putRecipients,
  sql,
  withSecondPlace,
} from "./places.ts";

/** Puts the backups of another machine into a folder; gives their names. */
async function putOthers(
  folder: string,
  prepare: (other: Installation) => Promise<unknown>,
): Promise<string[]> {
  let names: string[] = [];
  await atInstallation(sql, async (other) => {
    await prepare(other);
    await exportDays(other);
    const place = join(other.backups, "second-place");
    Deno.mkdirSync(place);
    await runInProcess(other, ["tidy"]);
    names = backupsIn(place);
    for (const name of names) {
      Deno.copyFileSync(join(place, name), join(folder, name));
    }
  });
  return names;
}

const nothing = () => Promise.resolve();

Deno.test("verify --all takes a packed month of another machine", async () => {
  await withSecondPlace(async (installation, folder) => {
    await runInProcess(installation, ["export"]);
    const names = await putOthers(folder, nothing);
    assertEquals(names.at(-1), "backups-2026-02.tar.zst");
    const run = await runInProcess(installation, ["verify", "--all"]);
    assertEquals([run.code, run.err], [0, ""]);
    assertStringIncludes(
      run.out,
      `The second place: ${names.length + 1} copies`,
    );
  });
});

Deno.test("verify --all names a packed month of another machine that is damaged", async () => {
  await withSecondPlace(async (installation, folder) => {
    await runInProcess(installation, ["export"]);
    await putOthers(folder, nothing);
    const path = join(folder, "backups-2026-02.tar.zst");
    const bytes = Deno.readFileSync(path);
    bytes[50]! ^= 255;
    Deno.writeFileSync(path, bytes);
    const run = await runInProcess(installation, ["verify", "--all"]);
    assertEquals(run.code, 1);
    assertStringIncludes(
      run.err,
      "FAILED: second-place/backups-2026-02.tar.zst: its part of",
    );
  });
});

Deno.test("what another machine has encrypted is left out and named, and verified with its key", async () => {
  await withSecondPlace(async (installation, folder) => {
    await runInProcess(installation, ["export"]);
    const key = join(installation.root, "other key.txt");
    const names = await putOthers(folder, async (other) => {
      Deno.copyFileSync(await putRecipients(other), key);
    });
    const locked = await runInProcess(installation, ["verify", "--all"]);
    assertEquals(locked.code, 3);
    assertStringIncludes(
      locked.out,
      "The second place: 1 copy, each as it was",
    );
    for (const name of names) assertStringIncludes(locked.err, basename(name));
    assertEquals(locked.err.split("\n").length, 1);
    const json = JSON.parse(
      (await runInProcess(installation, ["verify", "--all", "--json"])).out,
    );
    assertEquals([json.ok, json.proved], [true, false]);
    const all = ["verify", "--all", "--identity", key];
    const opened = await runInProcess(installation, all);
    assertEquals([opened.code, opened.err], [0, ""]);
  });
});

Deno.test("verify --all says with exit code 3 that the second place is away", async () => {
  await withSecondPlace(async (installation, folder) => {
    await runInProcess(installation, ["export"]);
    Deno.removeSync(folder, { recursive: true });
    const run = await runInProcess(installation, ["verify", "--all"]);
    assertEquals(run.code, 3);
    assertEquals(
      run.err,
      "Warning: the second place could not be verified: it is not there now",
    );
    assertStringIncludes(run.out, "Verified: the only backup restores");
  });
});
