/**
 * The tool put into one file, which needs nothing beside it. It is made once for all
 * tests, and again after a change of the sources.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { PROJECT } from "./process.ts";

/** Bundles by the digest of their sources; the project ignores `dist`. */
const shelf = join(PROJECT, "dist", "tests");

/** Bundles that have been there for longer are of older sources, in milliseconds. */
const keptFor = 86_400_000;

let made: Promise<string> | undefined;

/** Puts the bundle into a folder, with all that belongs to it, and gives its path. */
export async function makeBundle(folder: string): Promise<string> {
  made ??= bundled(join(shelf, digestOfSources()));
  const from = await made;
  for (const { name } of Deno.readDirSync(from)) {
    Deno.copyFileSync(join(from, name), join(folder, name));
  }
  return join(folder, "backup.js");
}

async function bundled(folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  Deno.mkdirSync(shelf, { recursive: true });
  removeOld();
  const own = Deno.makeTempDirSync({ dir: shelf, prefix: "new-" });
  await bundleInto(own);
  try {
    Deno.renameSync(own, folder);
  } catch (error) {
    // Another run was faster with the same sources.
    if (!existsSync(folder)) throw error;
    Deno.removeSync(own, { recursive: true });
  }
  return folder;
}

async function bundleInto(folder: string): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "deno", "--minify", "--no-lock"],
      ...["--config", join(PROJECT, "deno.json")],
      ...["--output", join(folder, "backup.js"), join(PROJECT, "backup.ts")],
    ],
    cwd: folder,
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
}

function digestOfSources(): string {
  const hash = createHash("sha256").update(Deno.version.deno);
  const files = ["backup.ts", "deno.json", "deno.lock", ...filesBelow("lib")];
  for (const path of files.sort()) {
    hash.update(`\n${path}\n`).update(Deno.readFileSync(join(PROJECT, path)));
  }
  return hash.digest("hex").slice(0, 32);
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(join(PROJECT, folder))].flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory ? filesBelow(path) : [path];
  });
}

function removeOld(): void {
  for (const { name } of Deno.readDirSync(shelf)) {
    const path = join(shelf, name);
    try {
      const age = Date.now() - Deno.statSync(path).mtime!.getTime();
      if (age > keptFor) Deno.removeSync(path, { recursive: true });
    } catch (error) {
      // Another run may have removed it, or finished it.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
