/**
 * The plugin's folder: how it is found and known.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { dirname, join, resolve } from "@std/path";
import { BackupError } from "../errors.ts";
import { quoted } from "../text.ts";

/** What a plugin folder of Software of You has, and no other folder. */
const signs = [".claude-plugin/plugin.json", "data/migrations"];

/**
 * The full path of the plugin's folder.
 *
 * @param given The folder that was named, if one was.
 * @param home The person's home folder, in which the plugin usually is.
 * @throws {BackupError} if there is no such folder, or it is not the plugin's.
 */
export function findPlugin(
  given: string | undefined,
  home: string | undefined,
): string {
  const usual = home && join(home, ".software-of-you");
  const folder = given ?? usual;
  const wayOut = "name the plugin's folder with --plugin DIR";
  if (!folder) {
    throw new BackupError(`Cannot tell the home folder; ${wayOut}`);
  }
  const missing = signs.find((sign) => !existsSync(join(folder, sign)));
  if (missing) {
    throw new BackupError(
      `Cannot find Software of You: there is no ${
        quoted(join(folder, missing))
      }; ${wayOut}`,
    );
  }
  return resolve(folder);
}

/**
 * The folder `backups` beside the file that `data/soy.db` is a link to, in which the
 * application keeps copies of its database.
 *
 * @returns `undefined` if the database is no link, or there is no such folder.
 */
export function copiesOf(plugin: string): string | undefined {
  const data = join(plugin, "data");
  try {
    const target = Deno.readLinkSync(join(data, "soy.db"));
    const folder = join(dirname(resolve(data, target)), "backups");
    return existsSync(folder, { isDirectory: true }) ? folder : undefined;
  } catch {
    return undefined;
  }
}
