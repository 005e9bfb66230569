/**
 * What the checksum of a backup counts: every byte before the line that holds
 * it, as `head -n -2 FILE | sha256sum` does.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { BackupError } from "../../lib/errors.ts";
import { inspected, READ_SIZES, sha256, Trickle } from "../support/reader.ts";

/** A file with a checksum over `counted`, which ends before its line. */
async function summed(counted: string, line = '"sha256": ', end = "\n}\n") {
  return `${counted}${line}"${await sha256(counted)}"${end}`;
}

async function holds(text: string): Promise<boolean> {
  const tries = await Promise.all(
    READ_SIZES.map((size) =>
      inspected(new Trickle(text, size)).then(() => true, (error) => {
        assertEquals(error.message.startsWith("its checksum"), true);
        return false;
      })
    ),
  );
  assertEquals(new Set(tries).size, 1);
  return tries[0]!;
}

const ROWS = '{\n"tables": {"t": [{"a":"é"}]},\n';

Deno.test("a checksum counts up to the line that holds it", async () => {
  assertEquals(await holds(await summed(ROWS)), true);
  assertEquals(await holds(await summed(ROWS, '  "sha256"  :  ')), true);
  assertEquals(await holds(await summed(ROWS, '\t"sha256":', "}")), true);
});

const uncounted = "it has content that the checksum doesn't count, in member ";

/** What is said of a file whose checksum does not count everything. */
async function saidOf(text: string): Promise<string> {
  const said = await Promise.all(
    READ_SIZES.map((size) =>
      inspected(new Trickle(text, size)).then(
        () => "",
        ({ message }) => message,
      )
    ),
  );
  assertEquals(new Set(said).size, 1);
  return said[0]!.split(", so it was")[0]!;
}

Deno.test("a checksum that does not count what else is in its line is refused", async () => {
  const line = ROWS.replaceAll("\n", " ") + '"sha256":';
  assertEquals(
    await saidOf(await summed("", line, "}")),
    uncounted + '"sha256", byte 42',
  );
  const counts = '"counts": {"t":1}, "sha256": ';
  assertEquals(
    await saidOf(await summed(ROWS, counts)),
    uncounted + '"sha256", byte 61',
  );
  // A carriage return alone ends no line.
  const mac = ROWS.replaceAll("\n", "\r") + '"sha256":';
  assertEquals(
    await saidOf(await summed("", mac, "\r}")),
    uncounted + '"sha256", byte 42',
  );
});

Deno.test("a checksum that stands before other members is refused", async () => {
  const after = `,\n${ROWS.slice(2, -2)}\n}\n`;
  assertEquals(
    await saidOf(await summed("{\n", '"sha256": ', after)),
    uncounted + '"tables", byte 89',
  );
  const counts = ',\n"counts": {"t": 1}\n}\n';
  assertEquals(
    await saidOf(await summed(ROWS, '"sha256": ', counts)),
    uncounted + '"counts", byte 120',
  );
});

Deno.test("--force takes a file whose checksum does not count everything", async () => {
  const after = `,\n${ROWS.slice(2, -2)}\n}\n`;
  const text = await summed("{\n", '"sha256": ', after);
  const { tables } = await inspected(new Trickle(text), { force: true });
  assertEquals(tables.map(({ rows }) => rows), [1]);
});

Deno.test("a checksum counts carriage returns and empty lines", async () => {
  const crlf = ROWS.replaceAll("\n", "\r\n");
  assertEquals(
    await holds(await summed(crlf, '"sha256": ', "\r\n}\r\n")),
    true,
  );
  assertEquals(await holds(await summed(`${ROWS}\n \n\r\n`)), true);
});

Deno.test("a checksum does not count less or more", async () => {
  const lines = ROWS.split("\n").map((line) => line + "\n").slice(0, -1);
  const [first, second] = [lines[0]!, lines[1]!];
  assertEquals(await holds(await summed(first, `${second}"sha256": `)), false);
  const own = await sha256(`${ROWS}"sha256": `);
  assertEquals(await holds(`${ROWS}"sha256": "${own}"\n}\n`), false);
  assertEquals(await holds(await summed(ROWS) + "\n\n"), true);
});

Deno.test("a checksum counts values of any size in the line before", async () => {
  const sizes = [
    (1 << 16) - 1,
    1 << 16,
    (1 << 16) + 1,
    (1 << 20) - 40,
    1 << 20,
  ];
  for (const size of [...sizes, 3_000_000]) {
    const value = "v".repeat(size);
    const rows = `{\n"tables": {"t": [{"a":"${value}"}]},\n`;
    const text = await summed(rows);
    assertEquals((await inspected(new Trickle(text))).tables.length, 1);
    assertEquals((await inspected(new Trickle(text, 65_537))).tables.length, 1);
    const wrong = text.replace("vv", "vw");
    const read = () => inspected(new Trickle(wrong));
    await assertRejects(read, BackupError, "its checksum doesn't match");
  }
});

Deno.test("a checksum counts rows of many lines before it", async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `{"id":${i}}`);
  const rows = `{\n"tables": {"t": [\n${lines.join(",\n")}\n]},\n`;
  const text = await summed(rows);
  for (const size of [4096, 65_536, 1 << 20]) {
    const { tables } = await inspected(new Trickle(text, size));
    assertEquals(tables[0]?.rows, 60_000);
  }
});
