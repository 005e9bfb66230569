/**
 * age's form for text.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { armorDecoder } from "../../lib/age/armor.ts";

const [begin, end] = [
  "-----BEGIN AGE ENCRYPTED FILE-----",
  "-----END AGE ENCRYPTED FILE-----",
];

/** Bytes as such a text: base64 in lines of 64. */
function armored(bytes: Uint8Array, newline = "\n"): string {
  const base64 = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return [begin, ...base64, end, ""].join(newline);
}

/** Decodes a text that comes in pieces. */
async function decoded(text: string, size: number): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, index) => bytes.slice(index * size, (index + 1) * size),
  );
  const stream = ReadableStream.from(pieces).pipeThrough(armorDecoder());
  return await new Response(stream).bytes();
}

Deno.test("a text gives the bytes that it stands for, in whatever pieces it comes", async () => {
  for (const length of [0, 1, 47, 48, 49, 96, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => at * 7 % 256);
    for (const size of [1, 3, 35, 64, 65, 10_000]) {
      for (const newline of ["\n", "\r\n"]) {
        const found = await decoded(armored(bytes, newline), size);
        assertEquals([length, size, found], [length, size, bytes]);
      }
    }
  }
});

Deno.test("a text that is damaged is refused", async () => {
  const text = armored(new Uint8Array(100).fill(65));
  const wrong: Record<string, string> = {
    "cut short": text.slice(0, 120),
    "without its last line": text.slice(0, text.indexOf(end)),
    "with something before it": `Hello\n${text}`,
    "with something after it": `${text}Hello\n`,
    "twice": text + text,
    "with another letter": text.replace("QUFB", "QU!B"),
    "with its end in the middle": text.replace("QUFB", "QUF="),
  };
  for (const [name, damaged] of Object.entries(wrong)) {
    assertEquals(damaged === text, false, name);
    await assertRejects(() => decoded(damaged, 50), Error);
  }
});
