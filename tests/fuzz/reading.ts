/**
 * What a backup file says, read apart from the code under test.
 *
 * @module
 */
import { memberOf, type Node, textOf, treeOf } from "./tree.ts";

/** A value as the file has it. */
export type Cell =
  | { kind: "null" }
  | { kind: "integer"; value: bigint }
  | { kind: "real"; value: number }
  | { kind: "text"; value: string | Uint8Array }
  | { kind: "blob"; value: Uint8Array };

/** A row: its cells by column. */
export type FileRow = Map<string, Cell>;

/** What a file says. */
export interface Reading {
  /** The rows of each table. */
  tables: Map<string, FileRow[]>;
  /** The encoding of the database that was backed up. */
  encoding: string;
}

/**
 * Reads a file that was accepted.
 *
 * @throws {Error} where no reader can accept it.
 */
export function readingOf(bytes: Uint8Array): Reading {
  // A byte order mark is no part of the text.
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  JSON.parse(text);
  const tree = treeOf(text);
  const tables = memberOf(tree, "tables");
  if (tables?.kind !== "object") throw new Error("there are no tables");
  const encoding = memberOf(memberOf(tree, "database") ?? tree, "encoding");
  return {
    tables: new Map(
      tables.members.map((
        { name, value },
      ) => [JSON.parse(name), rowsIn(value)]),
    ),
    encoding: encoding ? JSON.parse(textOf(encoding)) : "UTF-8",
  };
}

function rowsIn(list: Node): FileRow[] {
  if (list.kind !== "array") throw new Error("a table is no list");
  return list.items.map((row) => {
    if (row.kind !== "object") throw new Error("a row is no object");
    return new Map(
      row.members.map(({ name, value }) => [JSON.parse(name), cellOf(value)]),
    );
  });
}

function cellOf(node: Node): Cell {
  if (node.kind === "object") {
    return base64Of(node) ?? { kind: "text", value: textOf(node) };
  }
  if (node.kind === "array") return { kind: "text", value: textOf(node) };
  const { text } = node;
  if (text === "null") return { kind: "null" };
  if (text === "true") return { kind: "integer", value: 1n };
  if (text === "false") return { kind: "integer", value: 0n };
  if (text.startsWith('"')) return { kind: "text", value: JSON.parse(text) };
  return numberOf(text);
}

// Writers that know doubles only put a large REAL without an exponent.
function numberOf(text: string): Cell {
  const value = Number(text);
  if (/[.eE]/.test(text)) return { kind: "real", value };
  const exact = BigInt(text);
  if (BigInt.asIntN(64, exact) === exact) {
    return { kind: "integer", value: exact };
  }
  // What nothing holds must not come in; it is like no value that a table has.
  const holds = Number.isFinite(value) && BigInt(value) === exact;
  return { kind: "real", value: holds ? value : NaN };
}

function base64Of(node: Node): Cell | undefined {
  if (node.kind !== "object") return undefined;
  const names = new Set(node.members.map(({ name }) => JSON.parse(name)));
  if (names.size < node.members.length) return undefined;
  const marker = memberOf(node, "$base64");
  const encoded = memberOf(node, "encoded");
  const type = memberOf(node, "type");
  if (!marker || textOf(marker) !== "true") return undefined;
  if (!encoded || !textOf(encoded).startsWith('"')) return undefined;
  if (names.size !== (type ? 3 : 2)) return undefined;
  const isText = type && textOf(type).startsWith('"') &&
    JSON.parse(textOf(type)) === "text";
  if (type && !isText) return undefined;
  const value = Uint8Array.fromBase64(JSON.parse(textOf(encoded)));
  return { kind: type ? "text" : "blob", value };
}
