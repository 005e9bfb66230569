/**
 * Reading a backup: the check of every byte, and rows into cells.
 *
 * @module
 */
import { JsonScanner } from "../format/json_scanner.ts";
import { ByteSource } from "../format/byte_source.ts";
import { RowReader } from "../format/row_reader.ts";
import { unescaped } from "../format/values.ts";
import { bytesOf, inspected, Trickle } from "../../tests/support/reader.ts";

const rows = 10_000;

function row(i: number): string {
  const text = `Message ${i}: "quoted" and plain words. `.repeat(8);
  const cells = { id: i, text, score: i / 7, note: null, at: "2026-03-01" };
  return JSON.stringify(cells);
}

function tables(written: (row: string, i: number) => string): Uint8Array {
  const lines = Array.from({ length: rows }, (_, i) => written(row(i), i));
  return bytesOf(`{"tables": {"t": [\n${lines.join(",\n")}\n]}}`);
}

const forms = {
  "of one shape": tables((row) => row),
  "of one shape, indented": tables((row) => row.replaceAll(',"', ',\n  "')),
  // Each row has other white space in the value that stands for its null.
  "varied": tables((row, i) => row.replace("null", `[${" ".repeat(i % 5)}]`)),
};
const escapes = bytesOf('line\\nand \\"quotes\\" and \\u00e9 '.repeat(10_000));

for (const [form, bytes] of Object.entries(forms)) {
  const megabytes = (bytes.length / 1e6).toFixed(1);
  Deno.bench({
    name: `inspect(), rows ${form}, ${megabytes} MB`,
    group: "inspect",
    fn: async () => {
      await inspected(new Trickle(bytes));
    },
  });
  Deno.bench({
    name: `RowReader, rows ${form}, ${megabytes} MB`,
    group: "rows",
    fn: () => {
      const list = bytes.subarray(bytes.indexOf(0x5b) + 1);
      const source = new ByteSource(new Trickle(list));
      const scanner = new JsonScanner(source);
      const reader = new RowReader(scanner);
      do reader.read(); while (scanner.more(0x5d));
    },
  });
}

Deno.bench(`unescaped(), ${(escapes.length / 1e6).toFixed(1)} MB`, () => {
  unescaped(escapes);
});
