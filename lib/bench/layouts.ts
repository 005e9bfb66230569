/**
 * A backup as other programs write it, and what it costs to read it then.
 *
 * @module
 */
import { BYTE } from "../format/json_syntax.ts";
import type { Job, Way } from "./jobs.ts";
import { removed, type Workshop } from "./workshop.ts";

const chunkSize = 1 << 20;
const space = 0x20;
/** What follows the counts in a backup: its checksum doesn't match in another layout. */
const endSize = ',\n"sha256": ""\n}\n'.length + 64;

/** The jobs over backups in other layouts. */
export function layoutJobs(shop: Workshop): Job[] {
  const { backup, oneLine, pretty } = shop;
  const files = { "as exported": backup, "on one line": oneLine, pretty };
  const job = (title: string, way: (file: string) => Omit<Way, "name">) => ({
    title,
    ways: Object.entries(files).map(([name, file]) => ({ name, ...way(file) })),
  });
  const { tool, root, emptyRoot, emptyDatabase } = shop;
  return [
    job("Import into nothing, by layout", (file) => ({
      prepare: () => removed(emptyDatabase),
      command: [...tool.bundle, "import", file, "--root", emptyRoot],
    })),
    job("import --dry-run, by layout", (file) => ({
      command: [...tool.bundle, "import", file, "--dry-run", "--root", root],
    })),
    job("verify, by layout", (file) => ({
      command: [...tool.bundle, "verify", file, "--root", root],
    })),
  ];
}

/** Writes the backup without any white space, and with all that people like. */
export function makeLayouts({ backup, oneLine, pretty }: Workshop): void {
  layOut(backup, oneLine, "");
  layOut(backup, pretty, "\n  ");
}

/**
 * Writes a backup in another layout.
 *
 * @param line What comes after brackets and commas; any such thing is allowed.
 */
function layOut(from: string, to: string, line: string): void {
  const input = Deno.openSync(from);
  const output = Deno.openSync(to, { write: true, create: true });
  const printer = new Printer(new TextEncoder().encode(line));
  const chunk = new Uint8Array(chunkSize);
  for (let left = Deno.statSync(from).size - endSize; left > 0;) {
    const count = input.readSync(chunk.subarray(0, left)) ?? left;
    output.writeSync(printer.print(chunk.subarray(0, count)));
    left -= count;
  }
  output.writeSync(new TextEncoder().encode("}"));
  input.close();
  output.close();
}

/** Prints JSON that comes in pieces. */
class Printer {
  #inString = false;
  #escaped = false;
  #out: Uint8Array<ArrayBuffer>;

  constructor(readonly line: Uint8Array) {
    this.#out = new Uint8Array(chunkSize * (line.length + 1));
  }

  /** Gives bytes that hold until the next call. */
  print(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    let end = 0;
    for (const byte of bytes) {
      const inString = this.#inString;
      this.#step(byte);
      if (!inString && byte <= space) continue;
      this.#out[end++] = byte;
      if (inString || !breaks(byte)) continue;
      this.#out.set(this.line, end);
      end += this.line.length;
    }
    return this.#out.subarray(0, end);
  }

  #step(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BYTE.quote) this.#inString = !this.#inString;
    else this.#escaped = byte === BYTE.backslash;
  }
}

function breaks(byte: number): boolean {
  return byte === BYTE.comma || byte === BYTE.openBrace ||
    byte === BYTE.openBracket;
}
