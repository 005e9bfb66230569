/**
 * The window over a file, and what leaves it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ByteSource } from "../../lib/format/byte_source.ts";
import { bytesOf, READ_SIZES, textOf, Trickle } from "../support/reader.ts";

/** Reads on until the next `count` bytes have been stepped over. */
function step(source: ByteSource, count = Infinity): string {
  let text = "";
  for (let i = 0; i < count && source.fill(); i++) {
    text += String.fromCharCode(source.bytes[source.pos++]!);
  }
  return text;
}

/** What has left the window of a source so far. */
function watched(content: string, size?: number) {
  const passed: string[] = [];
  const source = new ByteSource(new Trickle(content, size), 0, (bytes) => {
    passed.push(textOf(bytes));
  });
  return { source, passed: () => passed.join("") };
}

for (const size of READ_SIZES) {
  Deno.test(`ByteSource gives each byte once, ${size} at a time`, () => {
    const content = "first line\nsecond line\n\nlast line without an end";
    const { source, passed } = watched(content, size);
    assertEquals(step(source), content);
    assertEquals(source.fill(), false);
    const held = textOf(source.bytes.subarray(0, source.end));
    assertEquals(passed() + held, content);
  });

  Deno.test(`ByteSource holds what must be kept, ${size} at a time`, () => {
    const { source, passed } = watched("ab\ncdefghijkl\nmn", size);
    step(source, 4);
    source.keep = source.pos - 1;
    step(source, 9);
    const kept = source.bytes.subarray(source.keep, source.pos);
    assertEquals(textOf(kept), "cdefghijkl");
    assert("ab\n".startsWith(passed()));
    assertEquals(source.offset, 13);
  });

  Deno.test(`ByteSource passes up to the line, ${size} at a time`, () => {
    const { source, passed } = watched("one\ntwo\nthree", size);
    step(source, 10);
    assertEquals(source.passLine(), true);
    assertEquals(passed(), "one\ntwo\n");
    assertEquals(source.offset, 10);
    assertEquals(step(source), "ree");
  });

  Deno.test(`ByteSource passes nothing of the first line, ${size} at a time`, () => {
    const { source, passed } = watched("one line", size);
    step(source, 5);
    assertEquals(source.passLine(), true);
    assertEquals(passed(), "");
  });
}

Deno.test("ByteSource counts offsets from where it began", () => {
  const source = new ByteSource(new Trickle("abc"), 1000);
  assertEquals(source.offset, 1000);
  step(source, 2);
  assertEquals(source.offset, 1002);
});

Deno.test("ByteSource finds nothing in an empty file", () => {
  const source = new ByteSource(new Trickle(""));
  assertEquals(source.fill(), false);
  assertEquals([source.offset, source.end], [0, 0]);
});

Deno.test("ByteSource keeps a value that is larger than its window", () => {
  const value = "v".repeat(5_000_000);
  const { source, passed } = watched(`a\n${value}z`);
  step(source, 2);
  source.keep = source.pos;
  step(source, value.length);
  const kept = source.bytes.subarray(source.keep, source.pos);
  assertEquals(kept.length, value.length);
  assert(kept.every((byte) => byte === 0x76));
  source.keep = -1;
  assertEquals(step(source), "z");
  assert(`a\n${value}z`.startsWith(passed()));
});

Deno.test("ByteSource stays small while lines pass through it", () => {
  const line = bytesOf("a line of some length\n".repeat(1000));
  let left = 400;
  const source = new ByteSource({
    readSync: (into) => {
      if (left-- === 0) return null;
      into.set(line);
      return line.length;
    },
  });
  let count = 0;
  while (source.fill()) {
    count += source.end - source.pos;
    source.pos = source.end;
  }
  assertEquals(count, 400 * line.length);
  assert(source.bytes.length <= 4 << 20);
});
