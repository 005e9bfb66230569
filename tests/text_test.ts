/**
 * Text that is safe for a terminal, and JSON in pieces.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { jsonLine, jsonPieces, OneByOne, printable } from "../lib/text.ts";

function* items(count: number): Generator<unknown> {
  for (let i = 0; i < count; i++) yield { i, text: `\u009b"${i}` };
}

Deno.test("printable() lets no character through that a terminal obeys", () => {
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code);
    const isObeyed = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(character);
    const shown = isObeyed
      ? `\\u${code.toString(16).padStart(4, "0")}`
      : character;
    assertEquals(printable(character), shown);
  }
});

Deno.test("jsonPieces() gives what jsonLine() gives", () => {
  const made = (list: (count: number) => unknown) => ({
    "na\u0007me": "x",
    date: new Date(0),
    none: undefined,
    nothing: null,
    empty: list(0),
    tables: [{ rows: list(3), odd: [] }, { rows: list(1) }, "text"],
  });
  const whole = made((count) => [...items(count)]);
  const pieces = jsonPieces(made((count) => new OneByOne(items(count))));
  assertEquals([...pieces].join(""), jsonLine(whole));
  assertEquals([...jsonPieces(whole)].join(""), jsonLine(whole));
});

Deno.test("jsonPieces() makes an item when it is written, in pieces of some size", () => {
  let made = 0;
  const counted = function* () {
    for (const item of items(100_000)) {
      made++;
      yield item;
    }
  };
  const pieces = jsonPieces({ rows: new OneByOne(counted()) });
  const { value } = pieces.next();
  assert(made < 10_000, String(made));
  assert(value!.length >= 1 << 16 && value!.length < 1 << 17);
});

Deno.test("jsonPieces() reads what is in lists within lists twice, however deep", () => {
  const depth = 200;
  let reads = 0;
  let value: unknown = new OneByOne(items(1));
  for (let i = 0; i < depth; i++) {
    const inner = value;
    value = {
      get inner() {
        reads++;
        return inner;
      },
    };
  }
  const json = [...jsonPieces(value)].join("");
  assertEquals(json.length, jsonLine([...items(1)]).length + depth * 10);
  assertEquals(reads, 2 * depth);
});
