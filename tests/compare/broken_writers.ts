/**
 * Writers that are broken on purpose, each in one way.
 *
 * @module
 */
import { assert } from "@std/assert";
import { Buffer } from "node:buffer";
import { FileSink } from "../../lib/format/writer.ts";
import { BackupWriter } from "../../lib/format/writer.ts";
import type { RowPieces } from "../../lib/format/table_rows.ts";

/** A database in which each of them has something to break. */
export const breakable = `
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b, r REAL, n);
CREATE TABLE other (x); CREATE TABLE empty (x); CREATE INDEX by_a ON t (a);
CREATE TRIGGER watch AFTER DELETE ON t BEGIN SELECT 1; END; PRAGMA user_version = 7;
INSERT INTO t (a, b, r, n) VALUES ('first', x'c0ffee', 3.0, 4.0), ('second', x'00', 1.5, 5);
DELETE FROM t WHERE id = 2; INSERT INTO t (a, b, r, n) VALUES ('third', x'01', 2.5, 6);
INSERT INTO t (a, b, r, n) VALUES ('fourth', x'02', 1.5, 7); DELETE FROM t WHERE id = 4;
INSERT INTO other VALUES (1), (2)`;

/** Does a step with a method in another's place. */
async function patched<T, K extends keyof T>(
  target: T,
  method: K,
  other: (original: T[K]) => T[K],
  step: () => Promise<void>,
): Promise<void> {
  const original = target[method];
  target[method] = other(original);
  try {
    await step();
  } finally {
    target[method] = original;
  }
}

// Pieces hold until the next are asked for.
function* joined(rows: Iterable<RowPieces>): Generator<RowPieces> {
  for (const { rows: count, pieces } of rows) {
    yield { rows: count, pieces: [Buffer.concat([...pieces])] };
  }
}

/** Does a step while what is written is changed on its way, checksum and all. */
export async function rewriting(
  change: (text: string) => string,
  step: () => Promise<void>,
): Promise<void> {
  let changes = 0;
  const rewrite = () =>
    patched(
      FileSink.prototype,
      "write",
      (write) =>
        function (this: FileSink, bytes) {
          const text = new TextDecoder().decode(bytes);
          const other = change(text);
          if (other !== text) changes++;
          write.call(this, new TextEncoder().encode(other));
        },
      step,
    );
  // Rows of some values are written in small pieces, none of which is a whole cell.
  await patched(
    BackupWriter.prototype,
    "table",
    (write) =>
      function (this: BackupWriter, name, rows, checkpoint) {
        return write.call(this, name, joined(rows), checkpoint);
      },
    rewrite,
  );
  assert(changes > 0, "the writer was not broken at all");
}

/** Does a step while a table is not written at all. */
export function withoutTable(
  table: string,
  step: () => Promise<void>,
): Promise<void> {
  return patched(
    BackupWriter.prototype,
    "table",
    (write) =>
      function (this: BackupWriter, name, rows, checkpoint) {
        if (name === table) return Promise.resolve(0);
        return write.call(this, name, rows, checkpoint);
      },
    step,
  );
}

/** Does a step while the last bytes are not written. */
export function cutShort(step: () => Promise<void>): Promise<void> {
  return patched(
    FileSink.prototype,
    "text",
    (write) =>
      function (this: FileSink, text) {
        const isLast = text.endsWith('"\n}\n');
        write.call(this, isLast ? text.slice(0, -40) : text);
      },
    step,
  );
}

/** Changes of the text that a broken writer may make. */
export const mistakes: Record<string, (text: string) => string> = {
  "drops a row and counts it": (text) => text.replace(/\{"x":1\},\n/, ""),
  "drops a row and its count": (text) =>
    text.replace(/\{"x":1\},\n/, "").replace('"other": 2', '"other": 1'),
  "writes a row twice": (text) =>
    text.replace('{"x":1}', '{"x":1},\n{"x":1}').replace(
      '"other": 2',
      '"other": 3',
    ),
  "changes a number by one": (text) => text.replace('"x":2', '"x":3'),
  "writes 3.0 as 3 in a REAL column": (text) =>
    text.replace('"r":3.0', '"r":3'),
  "writes 4.0 as 4": (text) => text.replace('"n":4.0', '"n":4'),
  "writes 5 as 5.0": (text) => text.replace('"n":6', '"n":6.0'),
  "swaps two columns": (text) =>
    text.replace(/"a":("first"),"b":(\{.*?\})/, '"a":$2,"b":$1'),
  "loses the last character of a text": (text) => text.replace("third", "thir"),
  "writes NULL for a BLOB": (text) =>
    text.replace(/\{"\$base64":true,"encoded":"wP\/u"\}/, "null"),
  "writes a BLOB as text": (text) =>
    text.replace('"encoded":"wP/u"', '"encoded":"wP/u","type":"text"'),
  "leaves a column out": (text) => text.replace('"r":2.5,', ""),
  "puts rows in another order": (text) =>
    text.replace(/(\{"x":1\}),\n(\{"x":2\})/, "$2,\n$1"),
};

/** Mistakes beside the rows. */
export const besideRows: Record<string, (text: string) => string> = {
  "loses an index": (text) => text.replace(/\{"type":"index".*\n/, ""),
  "loses a trigger": (text) => text.replace(/,\n\{"type":"trigger".*/, ""),
  "writes a lower counter": (text) =>
    text.replace('"sequences": {"t": 4}', '"sequences": {"t": 1}'),
  "writes another version": (text) =>
    text.replace('"user_version":7', '"user_version":6'),
};
