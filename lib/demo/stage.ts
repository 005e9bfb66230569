/**
 * Where the program is run for the documents: an installation in a scratch folder, and
 * a clock that always shows the same.
 *
 * @module
 */
import { main } from "../cli/main.ts";
import type { Terminal } from "../cli/terminal.ts";
import { type Installation, installationAt } from "../store/installation.ts";

/** The day on which everything in the documents happens. */
export const TODAY = "2026-03-01";

/** Characters in a line of the terminal. */
export const COLUMNS = 88;

/** Runs a step with an empty installation, which is removed afterwards. */
export async function onStage<T>(
  step: (installation: Installation) => Promise<T>,
): Promise<T> {
  const folder = Deno.makeTempDirSync({ prefix: "soy-backup-documents-" });
  try {
    const installation = installationAt(folder);
    Deno.mkdirSync(installation.data);
    Deno.mkdirSync(installation.backups);
    return await step(installation);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/**
 * Runs a command.
 *
 * @param terminal Gets what it says.
 * @throws {Error} if it fails, with its warnings and errors.
 */
export async function perform(
  { root }: Installation,
  args: string[],
  terminal: Terminal,
): Promise<void> {
  const faults: string[] = [];
  const err = (line: string) => {
    faults.push(line);
    terminal.err(line);
  };
  const code = await main({
    args: [...args, "--root", root],
    terminal: { ...terminal, err },
    root: () => root,
  });
  if (code === 0) return;
  const words = [args.join(" "), `ended with ${code}`, ...faults];
  throw new Error(words.join("; "));
}

/** Makes every time of {@linkcode TODAY} ten o'clock, in lists and in names of files. */
export function atTen(text: string): string {
  return text.replace(new RegExp(`(${TODAY}) \\d\\d:\\d\\d`, "g"), "$1 10:00")
    .replace(new RegExp(`(${TODAY})-\\d{6}`, "g"), "$1-100000");
}
