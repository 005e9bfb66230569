/**
 * Files with secret keys, as `age-keygen` and `keygen` write them.
 *
 * @module
 */
import { BackupError } from "../errors.ts";
import { withContext } from "../faults.ts";
import { readAt, readText, sizeOfFile, statFile } from "../file.ts";
import type { Keys } from "../session.ts";
import { quoted } from "../text.ts";
import { decrypt, isIdentity } from "./age.ts";
import { isEncryptedHead } from "./header.ts";

/** No file of keys is longer, in bytes. */
const mostBytes = 1 << 20;

/**
 * Reads secret keys.
 *
 * @param path The file; `-` is standard input.
 * @param passphrase Asks for the passphrase of a file that is encrypted itself.
 * @param scratch Makes a file without a name.
 * @throws {BackupError} if it can't be read, or has no secret key.
 */
export async function readIdentities(
  path: string,
  passphrase: Keys["passphrase"],
  scratch: () => Deno.FsFile,
): Promise<string[]> {
  const doing = path === "-"
    ? "Cannot read the secret key from standard input"
    : `Cannot read the secret key in ${quoted(path)}`;
  return await withContext(doing, async () => {
    const text = path === "-"
      ? readStandardInput()
      : await readFile(path, passphrase, scratch);
    return identitiesIn(text);
  }, "give the key on standard input: --identity -");
}

function identitiesIn(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw new BackupError("there is no secret key in it");
  if (lines.every(isIdentity)) return lines;
  throw new BackupError(
    lines.some((line) => line.startsWith("age1"))
      ? "it is a public key; the secret key begins with AGE-SECRET-KEY-1"
      : "it is no secret key of age, which begins with AGE-SECRET-KEY-1",
  );
}

async function readFile(
  path: string,
  passphrase: Keys["passphrase"],
  scratch: () => Deno.FsFile,
): Promise<string> {
  const { size } = statFile(path);
  if (size > mostBytes) throw new BackupError("it is too large for a key");
  const text = readText(path);
  if (!isEncryptedHead(text)) return text;
  return await decryptKey(path, passphrase, scratch);
}

// A key that lies in the open is of little use to who loses the disk that it is on, so
// age can lock it with a passphrase.
async function decryptKey(
  path: string,
  passphrase: Keys["passphrase"],
  scratch: () => Deno.FsFile,
): Promise<string> {
  using file = Deno.openSync(path);
  using plain = scratch();
  const keys = { identities: () => Promise.resolve([]), passphrase };
  await decrypt(file, plain, keys, () => Promise.resolve());
  return new TextDecoder().decode(readAt(plain, 0, sizeOfFile(plain)));
}

function readStandardInput(): string {
  const bytes = new Uint8Array(mostBytes);
  let length = 0;
  while (length < bytes.length) {
    const count = Deno.stdin.readSync(bytes.subarray(length));
    if (!count) break;
    length += count;
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}
