/**
 * age's form for text: base64 between two lines, which `age -a` writes
 * (https://age-encryption.org/v1, "ASCII armor").
 *
 * @module
 */
import { ARMOR } from "./header.ts";

/** The bytes that a text stands for: a stage of a stream. */
export function armorDecoder(): TransformStream<
  Uint8Array<ArrayBuffer>,
  Uint8Array<ArrayBuffer>
> {
  const lines = new ArmorLines();
  // Bytes that are not ASCII are refused as base64.
  const decoder = new TextDecoder("latin1");
  let rest = "";
  return new TransformStream({
    transform(bytes, controller) {
      const parts = (rest + decoder.decode(bytes)).split("\n");
      rest = parts.pop() ?? "";
      const decoded = lines.take(parts);
      if (decoded.length > 0) controller.enqueue(decoded);
    },
    flush() {
      lines.take([rest]);
      lines.end();
    },
  });
}

/** The lines of such a text, one after the other. */
class ArmorLines {
  #place: "before" | "inside" | "after" = "before";

  /**
   * Decodes the next lines.
   *
   * @throws {Error} if they are not where they may be, or not base64.
   */
  take(lines: readonly string[]): Uint8Array<ArrayBuffer> {
    const base64 = lines.filter((line) => this.#isData(line.trimEnd()));
    const options = { lastChunkHandling: "strict" } as const;
    return Uint8Array.fromBase64(base64.join(""), options);
  }

  /** @throws {Error} if the last line has not come. */
  end(): void {
    if (this.#place !== "after") throw new Error("the text is cut short");
  }

  #isData(line: string): boolean {
    if (this.#place === "inside" && line !== ARMOR.end) return true;
    const expected = { before: ARMOR.begin, inside: ARMOR.end, after: "" };
    const isLast = this.#place === "after";
    if (line !== expected[this.#place] && !(isLast && line.trim() === "")) {
      throw new Error("a line is out of place");
    }
    this.#place = this.#place === "before" ? "inside" : "after";
    return false;
  }
}
