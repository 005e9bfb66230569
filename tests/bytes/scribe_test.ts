/**
 * What a scribe says of bytes that come in pieces, on either thread.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  type ByteScribe,
  NoThread,
  RemoteScribe,
} from "../../lib/bytes/remote_scribe.ts";
import { Scribe, Utf8Check } from "../../lib/bytes/scribe.js";
import { withScribe } from "../../lib/bytes/start.ts";
import { BackupError } from "../../lib/errors.ts";
import { bytesOf, sha256 } from "../support/reader.ts";
import { inScratch } from "../support/scratch.ts";

const kinds: [string, (path: string, file: Deno.FsFile) => ByteScribe][] = [
  ["Scribe", (_path, file) => new Scribe(file)],
  ["RemoteScribe", (path) => new RemoteScribe(path)],
];

for (const [name, open] of kinds) {
  /** Does a step with a scribe that writes into a new file. */
  const scribing = (step: (scribe: ByteScribe, path: string) => unknown) =>
    inScratch(async (folder) => {
      const path = join(folder, "file");
      using file = Deno.openSync(path, { write: true, create: true });
      const scribe = open(path, file);
      try {
        await step(scribe, path);
      } finally {
        scribe.close();
      }
    });

  Deno.test(`${name} tells SHA-256 and UTF-8 of all bytes so far`, () =>
    scribing(async (scribe) => {
      const state = { checksum: await sha256(""), utf8: true };
      assertEquals(scribe.state(), state);
      scribe.put(bytesOf("first "));
      scribe.put(bytesOf(""));
      scribe.put(Uint8Array.of(0xc3));
      assertEquals(scribe.state().utf8, false);
      scribe.put(Uint8Array.of(0xa9));
      const checksum = await sha256("first é");
      assertEquals(scribe.state(), { checksum, utf8: true });
    }));

  Deno.test(`${name} writes every byte in order`, () =>
    scribing(async (scribe, path) => {
      const pieces = Array.from(
        { length: 300 },
        (_, i) => new Uint8Array(i % 3 === 0 ? i : 200_000).fill(i % 256),
      );
      const whole = new Uint8Array(await new Blob(pieces).arrayBuffer());
      for (const piece of pieces) scribe.put(piece);
      scribe.sync();
      assertEquals(Deno.readFileSync(path), whole);
      const hash = await crypto.subtle.digest("SHA-256", whole);
      assertEquals(scribe.state().checksum, new Uint8Array(hash).toHex());
    }));

  Deno.test(`${name} begins anew with an empty file`, () =>
    scribing(async (scribe, path) => {
      scribe.put(Uint8Array.of(0xff, 0xff));
      scribe.restart();
      scribe.put(bytesOf("x"));
      scribe.sync();
      assertEquals(Deno.readTextFileSync(path), "x");
      const checksum = await sha256("x");
      assertEquals(scribe.state(), { checksum, utf8: true });
    }));

  Deno.test(`${name} leaves a piece alone that is part of a buffer`, () =>
    scribing((scribe) => {
      const buffer = bytesOf("abc");
      scribe.put(buffer.subarray(1));
      scribe.state();
      assertEquals(buffer, bytesOf("abc"));
    }));
}

Deno.test("RemoteScribe tells a fault of the other thread with the next call", () => {
  const scribe = new RemoteScribe("/dev/full");
  try {
    scribe.put(bytesOf("x"));
    const full = () => scribe.state();
    assertThrows(full, Error, "No space left on device");
    assertThrows(full, Error, "No space left on device");
    assertThrows(() => scribe.put(bytesOf("y")), Error, "No space left");
  } finally {
    scribe.close();
  }
});

/** Does a step where the program of every thread is another. */
async function withProgram<T>(
  program: string,
  step: () => Promise<T>,
): Promise<T> {
  const original = globalThis.Worker;
  globalThis.Worker = class extends original {
    constructor() {
      super(`data:text/javascript,${program}`, { type: "module" });
    }
  };
  try {
    return await step();
  } finally {
    globalThis.Worker = original;
  }
}

const soon = { start: 100, work: 100 };

Deno.test("RemoteScribe gives up a thread that never begins", async () => {
  await withProgram("", () => {
    const scribe = new RemoteScribe(undefined, soon);
    assertThrows(() => scribe.state(), NoThread, "has not begun");
    scribe.close();
    return Promise.resolve();
  });
});

Deno.test("RemoteScribe tells that the disk takes nothing where a thread stops", async () => {
  const once = "onmessage = ({ data }) => data.memory && " +
    "Atomics.add(new Int32Array(data.memory, 0, 1), 0, 1)";
  await withProgram(once, () => {
    const scribe = new RemoteScribe(undefined, { start: 3000, work: 100 });
    const stopped = () => scribe.state();
    assertThrows(stopped, BackupError, "the disk has taken nothing");
    scribe.close();
    return Promise.resolve();
  });
});

Deno.test("RemoteScribe is no thread where the file cannot be opened", () => {
  const scribe = new RemoteScribe("/no/such/folder/file");
  assertThrows(() => scribe.state(), NoThread, "No such file");
  scribe.close();
});

Deno.test("RemoteScribe tells with the next call that its program cannot run", async () => {
  await withProgram("%7B", async () => {
    const scribe = new RemoteScribe(undefined, soon);
    while (true) {
      try {
        scribe.put(bytesOf("x"));
      } catch (error) {
        assert(error instanceof NoThread);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    scribe.close();
  });
});

Deno.test("withScribe() does its step again, in an empty file, without a thread", async () => {
  await inScratch(async (folder) => {
    const path = join(folder, "file");
    Deno.writeTextFileSync(path, "what a first try has left");
    using file = Deno.openSync(path, { write: true });
    let tries = 0;
    await withProgram("", () =>
      withScribe(1e9, { path, file }, (scribe) => {
        scribe.put(bytesOf(`try ${++tries}`));
        scribe.sync();
        return Promise.resolve();
      }));
    assertEquals(Deno.readTextFileSync(path), "try 2");
  });
});

function isValid(bytes: Uint8Array, size: number): boolean {
  const check = new Utf8Check();
  for (let at = 0; at < bytes.length; at += size) {
    check.update(bytes.subarray(at, at + size));
  }
  return check.valid;
}

Deno.test("Utf8Check takes text in pieces of any size", () => {
  const texts = ["", "plain", "é", "名", "👋", "aé名👋\0\u2028\u{10ffff}z"];
  for (const text of texts) {
    for (const size of [1, 2, 3, 4, 5, 100]) {
      assertEquals(isValid(bytesOf(text), size), true, text);
    }
  }
});

Deno.test("Utf8Check refuses what is not UTF-8 in pieces of any size", () => {
  const broken = ["80", "c0af", "c3", "e282", "f09f98", "eda080", "f4908080"]
    .concat(["ff", "c328", "e28228", "61c3c3a9", "8080808080", "f8808080"]);
  for (const hex of broken) {
    for (const around of ["", "61", "c3a9", "f09f918b"]) {
      const bytes = Uint8Array.fromHex(around + hex + around);
      for (const size of [1, 2, 3, 4, 5, 100]) {
        assertEquals(isValid(bytes, size), false, bytes.toHex());
      }
    }
  }
});

Deno.test("Utf8Check never forgives", () => {
  const check = new Utf8Check();
  check.update(Uint8Array.of(0xff));
  check.update(bytesOf("plain text"));
  assertEquals(check.valid, false);
});
