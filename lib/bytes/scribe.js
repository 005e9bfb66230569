/**
 * Bytes on their way: counted into a checksum, checked for being UTF-8 and, where
 * there is a file, written to it.
 *
 * This file imports nothing of the project and is JavaScript, because its text is
 * also the program of a thread (see `remote_scribe.ts`): a thread that came from a
 * file of its own would need the right to read that file, and a compiled program
 * cannot take types off.
 *
 * @module
 */
// @ts-check

const [{ isUtf8 }, { createHash }] = await Promise.all([
  import("node:buffer"),
  import("node:crypto"),
]);

/** The disk gets its work in parts of so many bytes, and not all at the end. */
const syncEvery = 32 << 20;

/** Takes bytes, piece by piece. */
export class Scribe {
  #hash = createHash("sha256");
  #utf8 = new Utf8Check();
  #file;
  #unsynced = 0;

  /** @param {Deno.FsFile} [file] Where the bytes go; without one nowhere. */
  constructor(file) {
    this.#file = file;
  }

  /**
   * Takes the next bytes.
   *
   * @param {Uint8Array} bytes
   * @throws {Error} where the disk is full or the file too large.
   */
  put(bytes) {
    this.#hash.update(bytes);
    this.#utf8.update(bytes);
    if (this.#file) this.#write(this.#file, bytes);
  }

  /**
   * @param {Deno.FsFile} file
   * @param {Uint8Array} bytes
   */
  #write(file, bytes) {
    for (let at = 0; at < bytes.length;) {
      at += file.writeSync(bytes.subarray(at));
    }
    this.#unsynced += bytes.length;
    if (this.#unsynced < syncEvery) return;
    file.syncDataSync();
    this.#unsynced = 0;
  }

  /**
   * The SHA-256 of all bytes so far, in hexadecimal, and whether they are UTF-8;
   * more may follow.
   *
   * @returns {{ checksum: string, utf8: boolean }}
   */
  state() {
    const checksum = this.#hash.copy().digest("hex");
    return { checksum, utf8: this.#utf8.valid };
  }

  /** Makes sure that the bytes are on the disk. */
  sync() {
    this.#file?.syncSync();
  }

  /** Begins anew, with an empty file. */
  restart() {
    this.#hash = createHash("sha256");
    this.#utf8 = new Utf8Check();
    this.#unsynced = 0;
    this.#file?.truncateSync(0);
    this.#file?.seekSync(0, Deno.SeekMode.Start);
  }

  /** Does nothing: the file belongs to the caller. */
  close() {}
}

/** Serves a `RemoteScribe`; the thread's program ends with a call of this. */
export function serve() {
  const thread = /** @type {any} */ (globalThis);
  /** @type {Desk} */
  let desk;
  thread.onmessage = (/** @type {MessageEvent} */ { data }) => {
    if (desk) desk.take(data);
    else desk = new Desk(data);
  };
}

/** @typedef {Uint8Array<ArrayBuffer> | "state" | "sync" | "restart"} Message */

/**
 * One scribe's side of the memory that both threads see: three counters (what is
 * done, the length of an answer, whether it is closed), then the answer.
 */
class Desk {
  #counters;
  #reply;
  /** @type {Scribe | undefined} */
  #scribe;

  /** @param {{ memory: SharedArrayBuffer, path?: string }} start */
  constructor({ memory, path }) {
    this.#counters = new Int32Array(memory, 0, 3);
    this.#reply = new Uint8Array(memory, 12);
    try {
      const file = path ? Deno.openSync(path, { write: true }) : undefined;
      this.#scribe = new Scribe(file);
    } catch (error) {
      this.#tell("NoThread", error);
    }
    this.#count();
  }

  /**
   * Does what a message says; after a fault, or once closed, nothing more.
   *
   * @param {Message} message
   */
  take(message) {
    const closed = Atomics.load(this.#counters, 2) > 0;
    if (this.#scribe && !closed) this.#obey(this.#scribe, message);
    this.#count();
  }

  /**
   * @param {Scribe} scribe
   * @param {Message} message
   */
  #obey(scribe, message) {
    try {
      if (typeof message === "string") {
        this.#answer({ result: scribe[message]() });
        return;
      }
      scribe.put(message);
      // Left to the garbage collector, pieces would pile up by the hundred.
      message.buffer.transfer(0);
    } catch (error) {
      this.#scribe = undefined;
      this.#tell(/** @type {Error} */ (error).name, error);
    }
  }

  /** Tells the other thread that one thing more is done. */
  #count() {
    Atomics.add(this.#counters, 0, 1);
    Atomics.notify(this.#counters, 0);
  }

  /**
   * Leaves a fault as an answer.
   *
   * @param {string} name
   * @param {unknown} error
   */
  #tell(name, error) {
    const message = String(/** @type {Error} */ (error).message).slice(0, 500);
    this.#answer({ fault: { name, message } });
  }

  /**
   * Leaves an answer; none is left while the other thread may be reading one.
   *
   * @param {unknown} answer
   */
  #answer(answer) {
    const bytes = new TextEncoder().encode(JSON.stringify(answer));
    this.#reply.set(bytes);
    Atomics.store(this.#counters, 1, bytes.length);
  }
}

/** Checks bytes that come in pieces for being UTF-8. */
export class Utf8Check {
  /** @type {Uint8Array} */
  #tail = new Uint8Array(0);
  #valid = true;

  /** Whether all bytes so far are, the last character whole. */
  get valid() {
    return this.#valid && this.#tail.length === 0;
  }

  /**
   * Counts these bytes in.
   *
   * @param {Uint8Array} bytes
   */
  update(bytes) {
    if (!this.#valid || bytes.length === 0) return;
    const rest = this.#finishCharacter(bytes);
    const whole = rest.length - unfinished(rest);
    this.#valid &&= isUtf8(rest.subarray(0, whole));
    if (whole < rest.length) this.#tail = rest.slice(whole);
  }

  /**
   * Completes the character that the last piece broke off.
   *
   * @param {Uint8Array} bytes
   * @returns {Uint8Array} What follows it.
   */
  #finishCharacter(bytes) {
    let at = 0;
    while (this.#tail.length > 0 && at < bytes.length) {
      const longer = new Uint8Array([...this.#tail, bytes[at++] ?? 0]);
      const open = unfinished(longer);
      this.#valid &&= open > 0 ? open === longer.length : isUtf8(longer);
      this.#tail = open > 0 && this.#valid ? longer : new Uint8Array(0);
    }
    return bytes.subarray(at);
  }
}

/**
 * How many bytes at the end begin a character that is not all there.
 *
 * @param {Uint8Array} bytes
 */
function unfinished(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}
