/**
 * The command `keygen`.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { BackupError, EXIT, UsageError } from "../errors.ts";
import { withContext } from "../faults.ts";
import type { Installation } from "../store/installation.ts";
import { PRIVATE_MODE } from "../store/files.ts";
import { utcSeconds } from "../store/names.ts";
import { printable, quoted } from "../text.ts";
import { type Answer, type Command, defineCommand } from "./command.ts";

/** Makes a pair of keys to encrypt backups with. */
export const keygenCommand: Command = defineCommand({
  name: "keygen",
  summary: "Make a key to encrypt backups with",
  details:
    "Writes the secret key into a new file that only you may read, and shows " +
    "the public key. Keep the secret key somewhere else than the backups: on " +
    "paper, in a password manager, on another disk. Without it nobody can open " +
    "an encrypted backup.",
  arguments: [{
    name: "file",
    help:
      "the new file for the secret key, outside of output/; - writes it to " +
      "standard output",
    needed: "a new file for the secret key, as in keygen ~/soy-backup-key.txt",
  }],
  options: {},
  async run({ paths: [path = ""] }, { installation, session, asJson }) {
    // The key would be made, perhaps used, and never be seen.
    if (path === "-" && asJson) {
      throw new UsageError(
        "keygen - writes the secret key alone to standard output, and takes no " +
          "--json; name a file for the key instead",
      );
    }
    const { makeKeyPair } = await import("../age/age.ts");
    mustBeOutside(path, installation);
    const { identity, recipient } = await makeKeyPair();
    const text = `# created: ${utcSeconds(session.now())}\n` +
      `# public key: ${recipient}\n${identity}\n`;
    if (path === "-") return toStandardOutput(text, recipient);
    const doing = `Cannot write the secret key to ${quoted(path)}`;
    const wayOut = "have it written to standard output: keygen -";
    await withContext(doing, () => writeNew(path, text), wayOut);
    return answer(path, recipient);
  },
});

// A key beside the backups is a lock with the key in it, and a synced folder takes both.
function mustBeOutside(path: string, { backups }: Installation): void {
  if (path === "-") return;
  const folder = realPath(dirname(path));
  const output = realPath(backups);
  const inside = folder === output || folder.startsWith(join(output, "/"));
  if (!inside) return;
  throw new BackupError(
    `Cannot write the secret key to ${quoted(path)}: the key must not lie ` +
      "beside the backups; choose a file outside of output/",
  );
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

function writeNew(path: string, text: string): void {
  const options = { createNew: true, mode: PRIVATE_MODE };
  try {
    Deno.writeTextFileSync(path, text, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new BackupError("there is a file already, perhaps a key in use");
  }
}

function answer(path: string, recipient: string): Answer {
  return {
    exitCode: EXIT.done,
    json: { file: path, recipient },
    lines: [
      `Secret key written to ${printable(path, 1000)}.`,
      { whole: `Public key: ${recipient}` },
      "",
      ...nextSteps(path, recipient),
    ],
    warnings: [],
  };
}

// Standard output is the key alone, so that it can be sent into a file.
function toStandardOutput(text: string, recipient: string): Answer {
  return {
    exitCode: EXIT.done,
    json: { file: "-", recipient },
    lines: text.trimEnd().split("\n").map((whole) => ({ whole })),
    warnings: nextSteps("FILE", recipient),
  };
}

function nextSteps(path: string, recipient: string): string[] {
  const file = printable(path, 1000);
  return [
    "1. Keep a copy of the secret key away from this computer. Without it the " +
    "encrypted backups are lost.",
    `2. Write the public key into output/recipients.txt: ${recipient}`,
    `3. After the next backup show that the key opens it: verify --identity ${file}`,
  ];
}
