/**
 * The keys that a person gives: a file with `--identity`, or a passphrase on the
 * terminal.
 *
 * @module
 */
import { EXIT, InterruptedError } from "../errors.ts";
import type { Keys } from "../session.ts";
import { createUnnamed } from "../store/files.ts";

/**
 * The keys of a run.
 *
 * @param identity The file with the secret keys, if one was given.
 * @param scratch Where a key that is encrypted itself is decrypted, in a file without a
 * name.
 */
export function keysOf(identity: string | undefined, scratch: string): Keys {
  const passphrase = once(askPassphrase);
  const identities = once(async () => {
    if (identity === undefined) return [];
    const { readIdentities } = await import("../age/identities.ts");
    return await readIdentities(
      identity,
      passphrase,
      () => createUnnamed(scratch),
    );
  });
  return { identities, passphrase };
}

/** A backup may be opened twice; a person is asked once. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => answer ??= ask();
}

const encoder = new TextEncoder();

/** Asks for a passphrase without showing it; `undefined` if nobody can be asked. */
async function askPassphrase(): Promise<string | undefined> {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) return undefined;
  // First, since whoever sees the question may type at once. Ctrl-C comes as a key then;
  // a signal would leave the terminal as it is now.
  Deno.stdin.setRaw(true);
  Deno.stderr.writeSync(encoder.encode("\rPassphrase: \x1b[K"));
  const restore = () => {
    Deno.stdin.setRaw(false);
    Deno.stderr.writeSync(encoder.encode("\n"));
  };
  const forget = onSignals(restore);
  try {
    return await readHidden();
  } finally {
    forget();
    restore();
  }
}

/** Does a step before a signal from elsewhere ends the program. */
function onSignals(step: () => void): () => void {
  if (Deno.build.os === "windows") return () => {};
  const listeners = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map(
    (signal) => {
      const listener = () => {
        step();
        Deno.exit(EXIT.interrupted);
      };
      Deno.addSignalListener(signal, listener);
      return () => Deno.removeSignalListener(signal, listener);
    },
  );
  return () => listeners.forEach((forget) => forget());
}

/** Ctrl-C and Ctrl-\. */
const stopKeys = [0x03, 0x1c];
const endOfLine = [0x0a, 0x0d, 0x04];
const backspace = [0x08, 0x7f];

async function readHidden(): Promise<string> {
  let typed: number[] = [];
  const byte = new Uint8Array(1);
  // While this waits, signals are heard.
  while (await Deno.stdin.read(byte)) {
    const [value = 0] = byte;
    if (stopKeys.includes(value)) throw new InterruptedError();
    if (endOfLine.includes(value)) break;
    if (backspace.includes(value)) typed = withoutLast(typed);
    else typed.push(value);
  }
  return new TextDecoder().decode(Uint8Array.from(typed));
}

// A letter of UTF-8 goes with all of its bytes.
function withoutLast(bytes: number[]): number[] {
  const rest = bytes.slice(0, -1);
  const last = bytes.at(-1) ?? 0;
  return (last & 0xc0) === 0x80 ? withoutLast(rest) : rest;
}
