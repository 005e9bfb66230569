/**
 * Syncing a folder on file systems that can't, and on a disk that fails.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { syncFolder } from "../../lib/store/files.ts";
import { inScratch } from "../support/scratch.ts";

const isLinux = Deno.build.os === "linux";

Deno.test({
  name: "syncFolder() takes a file system that has no sync for folders",
  ignore: !isLinux,
  fn() {
    using folder = Deno.openSync("/proc");
    assertThrows(() => folder.syncSync(), TypeError, "Invalid argument");
    syncFolder("/proc");
  },
});

Deno.test("syncFolder() syncs a folder, and fails if there is none", async () => {
  await inScratch((folder) => {
    syncFolder(folder);
    assertThrows(() => syncFolder(join(folder, "x")), Deno.errors.NotFound);
  });
});

/** What comes of a sync to which the kernel answers with an error; needs strace. */
function syncWith(error: string, folder: string): string | undefined {
  const module = import.meta.resolve("../../lib/store/files.ts");
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const code = `import { syncFolder } from ${JSON.stringify(module)};
    try { syncFolder(${JSON.stringify(folder)}); console.log("done"); }
    catch (error) { console.log(error.message); }`;
  const inject = ["-f", "-o", "/dev/null", "-e", `inject=fsync:error=${error}`];
  const args = [...inject, Deno.execPath(), "eval", "--config", config, code];
  try {
    const { stdout } = new Deno.Command("strace", { args }).outputSync();
    return new TextDecoder().decode(stdout).trim() || undefined;
  } catch {
    return undefined;
  }
}

const cannotTrace = !isLinux || syncWith("EIO", "/") === undefined;

for (const error of ["EINVAL", "ENOSYS", "EOPNOTSUPP"]) {
  Deno.test({
    name: `syncFolder() takes ${error} for an answer`,
    ignore: cannotTrace,
    async fn() {
      await inScratch((folder) => {
        assertEquals(syncWith(error, folder), "done");
      });
    },
  });
}

Deno.test({
  name: "syncFolder() fails if the disk does",
  ignore: cannotTrace,
  async fn() {
    await inScratch((folder) => {
      assert(syncWith("EIO", folder)?.startsWith("Input/output error"));
    });
  },
});
