/**
 * `@std/fs` where JSR is out of reach, as upstream has it. Only what this project
 * calls is here, with upstream's names and meaning.
 *
 * @module
 */
/** Makes the folder and those above it that are missing. */
export function ensureDirSync(dir: string | URL): void {
  Deno.mkdirSync(dir, { recursive: true });
}

/**
 * Whether the path leads to something, through links.
 *
 * @param path The path to look at.
 * @param options `isFile` and `isDirectory` narrow what counts.
 * @returns `false` also for a link to nothing.
 */
export function existsSync(
  path: string | URL,
  options: { isFile?: boolean; isDirectory?: boolean } = {},
): boolean {
  try {
    const stat = Deno.statSync(path);
    if (options.isFile) return stat.isFile;
    if (options.isDirectory) return stat.isDirectory;
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
