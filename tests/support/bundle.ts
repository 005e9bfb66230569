/**
 * The tool put into one file, which needs nothing beside it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { PROJECT } from "./process.ts";

/** Makes the bundle in a folder and gives its path. */
export async function makeBundle(folder: string): Promise<string> {
  const path = join(folder, "backup.js");
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "deno", "--minify", "--no-lock"],
      ...["--config", join(PROJECT, "deno.json"), "--output", path],
      join(PROJECT, "backup.ts"),
    ],
    cwd: folder,
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  return path;
}
