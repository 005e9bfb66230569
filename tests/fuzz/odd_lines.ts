/**
 * Command lines that nobody means to type.
 *
 * @module
 */
import { join } from "@std/path";
import type { Command } from "../../lib/cli/command.ts";
import type { Installation } from "../../lib/store/installation.ts";
import type { Random } from "../support/random_values.ts";
import { pick } from "./odd.ts";

const VALUES = ["", " ", ",", ",,", "0", "007", "no", "-", "--", "---", "="]
  .concat(["contacts", "CONTACTS", "contacts,,tags", "nowhere", '"', "'", "*"])
  .concat(["\0", "a\0b", "\x1b[31m", "\u202e", "\ud800", "👋", "..", ".", "~"])
  .concat(["x".repeat(256), "x".repeat(4096), "é".repeat(4096), "__proto__"])
  .concat(["a/".repeat(3000), "/dev/null", "/proc/self/mem", "file:///etc"]);

/**
 * A random line, mostly with a command of the program. Names in it lie below the
 * working directory or its parent, so both must be of the test.
 */
export function oddLine(
  random: Random,
  commands: readonly Command[],
  installation: Installation,
  backup: string,
): string[] {
  const command = pick(random, commands);
  const paths = pathsOf(installation, backup);
  const value = () => pick(random, random(2) ? paths : VALUES);
  const option = () => {
    const own = [
      ...Object.keys(command.options),
      "json",
      "help",
      "version",
      "root",
    ];
    const flag = `--${pick(random, random(8) ? own : VALUES)}`;
    return pick(random, [[flag], [flag], [`${flag}=${value()}`], [
      flag,
      value(),
    ]]);
  };
  const name = random(12) ? command.name : pick(random, VALUES);
  const words = [name];
  if (random(3)) words.push(value());
  for (let left = random(4); left > 0; left--) words.push(...option());
  if (random(10) === 0) words.push("--", value());
  return words;
}

function pathsOf({ root, data, backups }: Installation, backup: string) {
  const loop = join(root, "loop");
  const folder = join(root, "folder.json");
  try {
    Deno.mkdirSync(folder);
    Deno.symlinkSync("loop", loop);
    Deno.symlinkSync("nowhere", join(root, "dangling"));
  } catch { /* made before */ }
  return [root, data, backups, backup, backup, backup, loop, folder]
    .concat([join(root, "dangling"), join(backup, "below"), "sound.json"])
    .concat([join(data, "soy.db"), join(root, "missing")]);
}
