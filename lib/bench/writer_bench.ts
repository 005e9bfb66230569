/**
 * Writing rows: as SQLite makes their JSON, and cell by cell.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { TableRows } from "../format/table_rows.ts";
import { describeTable, schemaEntries } from "../database/schema.ts";
import { escaped } from "../format/values.ts";
import { bytesOf } from "../../tests/support/reader.ts";

const db = new Database(":memory:", { int64: true, parseJson: false });

const cells = "'Message ' || i AS subject, " +
  "replace(hex(zeroblob(200)), '00', 'ab\"') AS body, i / 7.0 AS score";
const numbers = "WITH RECURSIVE n (i) AS " +
  "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) ";
db.exec(
  `CREATE TABLE plain AS ${numbers} SELECT i, ${cells} FROM n;` +
    `CREATE TABLE blobs AS ${numbers} SELECT i, ${cells}, x'00ff' AS b FROM n`,
);

for (const [name, how] of [["plain", "ranges"], ["blobs", "cells"]]) {
  const entry = schemaEntries(db).find((entry) => entry.name === name)!;
  const table = describeTable(db, entry);
  Deno.bench(`TableRows, 10,000 rows as ${how}`, () => {
    for (const { pieces } of new TableRows(db).read(table)) {
      for (const _piece of pieces);
    }
  });
}

const text = bytesOf('Plain words, "quotes" and\nlines. '.repeat(10_000));

Deno.bench(`escaped(), ${(text.length / 1e6).toFixed(1)} MB`, () => {
  for (const _piece of escaped(text));
});
