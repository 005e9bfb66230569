/**
 * For whom backups are encrypted: the public keys in `recipients.txt`, a file in the
 * format of `age -R`.
 *
 * @module
 */
import { join } from "@std/path";
import { createHash } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import { withContext } from "../faults.ts";
import { readText } from "../file.ts";
import { quoted } from "../text.ts";

/** The name of the file. */
export const RECIPIENTS_NAME = "recipients.txt";

/** Who can open what is encrypted. */
export interface Recipients {
  /** The public keys, as in `age1…`. */
  keys: string[];
  /** Says whether they are the same as another time. */
  fingerprint: string;
}

/**
 * Reads the public keys.
 *
 * @param folder The folder of the backups.
 * @returns `undefined` if there is no such file.
 * @throws {BackupError} if it has no key, or a line that is none.
 */
export async function readRecipients(
  folder: string,
): Promise<Recipients | undefined> {
  const path = join(folder, RECIPIENTS_NAME);
  const doing = `Cannot read ${quoted(path)}`;
  return await withContext(doing, async () => {
    const text = tryRead(path);
    if (text === undefined) return undefined;
    const keys = await keysIn(text);
    const fingerprint = createHash("sha256")
      .update(new TextEncoder().encode(keys.toSorted().join("\n"))).digest(
        "hex",
      );
    return { keys, fingerprint };
  });
}

function tryRead(path: string): string | undefined {
  try {
    return readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function keysIn(text: string): Promise<string[]> {
  const { isRecipient } = await import("./age.ts");
  const keys: string[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const key = line.trim();
    if (key === "" || key.startsWith("#")) continue;
    if (!isRecipient(key)) throw new BackupError(lineFault(i + 1, key));
    keys.push(key);
  }
  if (keys.length > 0) return [...new Set(keys)];
  throw new BackupError(
    "it has no public key; make one with keygen, or remove the file",
  );
}

// A secret key in the wrong file must not be shown.
function lineFault(line: number, key: string): string {
  if (/^AGE-SECRET-KEY/i.test(key)) {
    return `line ${line} is a secret key, which must not lie beside the ` +
      "backups; move it away, and write its public key (age1…) there";
  }
  const kind = key.startsWith("ssh-") ? "an SSH key" : "no public key of age";
  return `line ${line} is ${kind}; a public key begins with age1`;
}
