/**
 * Encrypting and decrypting files in age's format (https://age-encryption.org/v1), so
 * that any program for age opens what is written here.
 *
 * @module
 */
import {
  Decrypter,
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import {
  BackupError,
  InterruptedError,
  KeyError,
  messageOf,
} from "../errors.ts";
import { faultOf } from "../faults.ts";
import { writeAll } from "../file.ts";
import type { Checkpoint, Keys } from "../session.ts";
import { armorDecoder } from "./armor.ts";
import { headOf, isArmored, isEncryptedHead } from "./header.ts";

/** How much is read at once, in bytes: age's own pieces. */
const readSize = 1 << 16;

/** A pair of keys of the kind X25519, which every program for age knows. */
export interface KeyPair {
  /** The secret key, as in `AGE-SECRET-KEY-1…`. */
  identity: string;
  /** The public key, as in `age1…`. */
  recipient: string;
}

/** Makes a new pair of keys. */
export async function makeKeyPair(): Promise<KeyPair> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * Encrypts a file.
 *
 * @param from What is encrypted, from its first byte.
 * @param to Where it goes.
 * @param recipients Who can open it.
 * @param checkpoint Called now and then; throws to stop.
 * @param onWrite Is given the bytes that are written.
 * @throws {Error} if the file cannot be read or written.
 */
export async function encrypt(
  from: Deno.FsFile,
  to: Deno.FsFile,
  recipients: readonly string[],
  checkpoint: Checkpoint,
  onWrite: (bytes: Uint8Array) => void = () => {},
): Promise<void> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  await pump(await encrypter.encrypt(bytesOf(from, checkpoint)), to, onWrite);
}

/**
 * Decrypts a file.
 *
 * @param from The encrypted file, from its first byte.
 * @param to Where it goes; what is there after an error is worth nothing.
 * @param keys Where the secret keys come from.
 * @param checkpoint Called now and then; throws to stop.
 * @throws {KeyError} if no key opens it.
 * @throws {BackupError} if it is damaged.
 */
export async function decrypt(
  from: Deno.FsFile,
  to: Deno.FsFile,
  keys: Keys | undefined,
  checkpoint: Checkpoint,
): Promise<void> {
  const head = headOf(from);
  if (!isEncryptedHead(head)) {
    throw new BackupError("it is not a file that age has encrypted");
  }
  try {
    const decrypter = await decrypterFor(head, keys);
    const bytes = bytesOf(from, checkpoint);
    const binary = isArmored(head) ? bytes.pipeThrough(armorDecoder()) : bytes;
    await pump(await decrypter.decrypt(binary), to);
  } catch (error) {
    throw explained(error);
  }
}

/** Whether some text is a secret key. */
export function isIdentity(identity: string): boolean {
  try {
    new Decrypter().addIdentity(identity);
    return true;
  } catch {
    return false;
  }
}

/** Whether some text is a public key. */
export function isRecipient(recipient: string): boolean {
  try {
    new Encrypter().addRecipient(recipient);
    return true;
  } catch {
    return false;
  }
}

async function decrypterFor(
  head: string,
  keys: Keys | undefined,
): Promise<Decrypter> {
  const decrypter = new Decrypter();
  if (needsPassphrase(head)) {
    const passphrase = await keys?.passphrase();
    if (passphrase === undefined) {
      throw new KeyError(
        "it is encrypted with a passphrase, which can only be asked for on a " +
          "terminal",
      );
    }
    decrypter.addPassphrase(passphrase);
    return decrypter;
  }
  const identities = await identitiesOf(keys);
  if (identities.length === 0) {
    throw new KeyError(
      "it is encrypted; give the file with the secret key with --identity FILE",
    );
  }
  for (const identity of identities) decrypter.addIdentity(identity);
  return decrypter;
}

async function identitiesOf(
  keys: Keys | undefined,
): Promise<readonly string[]> {
  try {
    return await keys?.identities() ?? [];
  } catch (error) {
    const isOther = !(error instanceof BackupError) ||
      error instanceof InterruptedError;
    throw isOther ? error : new KeyError(messageOf(error), { cause: error });
  }
}

// The first stanza of the header tells; it stands in the second line. Of a text the
// first line has it.
function needsPassphrase(head: string): boolean {
  const binary = isArmored(head) ? atob(head.split("\n")[1] ?? "") : head;
  return binary.split("\n")[1]?.startsWith("-> scrypt ") ?? false;
}

function bytesOf(
  file: Deno.FsFile,
  checkpoint: Checkpoint,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  file.seekSync(0, Deno.SeekMode.Start);
  return new ReadableStream({
    async pull(controller) {
      await checkpoint();
      const bytes = new Uint8Array(readSize);
      const count = file.readSync(bytes);
      if (count) controller.enqueue(bytes.subarray(0, count));
      else controller.close();
    },
  });
}

async function pump(
  stream: ReadableStream<Uint8Array>,
  to: Deno.FsFile,
  onWrite: (bytes: Uint8Array) => void = () => {},
): Promise<void> {
  for await (const bytes of stream) {
    onWrite(bytes);
    writeAll(to, bytes);
  }
}

// The package's own messages say what of the format is wrong, not what to do.
function explained(error: unknown): unknown {
  const isKnown = error instanceof BackupError ||
    error instanceof InterruptedError || faultOf(error) !== undefined;
  if (isKnown) return error;
  const message = messageOf(error);
  if (/no identity matched/.test(message)) {
    return new KeyError("this key or passphrase does not open it");
  }
  // Whoever writes the file says how much work a passphrase costs, up to years.
  if (/work factor is too high/.test(message)) {
    return new KeyError(
      "to try a passphrase on it would take far too much time and memory; " +
        "open it with age -d if you trust whoever made it",
    );
  }
  return new BackupError(
    "it is damaged: its content is not what was encrypted",
    { cause: error },
  );
}
