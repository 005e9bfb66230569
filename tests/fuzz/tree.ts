/**
 * JSON as a tree of its tokens: no number is rounded, no member lost, whatever the
 * code under test makes of it.
 *
 * @module
 */

/** A JSON value. */
export type Node =
  | { kind: "token"; text: string }
  | { kind: "array"; items: Node[] }
  | { kind: "object"; members: Member[] };

/** A member of an object; the name is a token, in its quotes. */
export interface Member {
  name: string;
  value: Node;
}

const token = /[{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/g;

/**
 * Takes JSON apart.
 *
 * @param text JSON that is well formed; nothing here looks whether it is.
 */
export function treeOf(text: string): Node {
  const tokens = tokensOf(text);
  let at = 0;
  const value = (): Node => {
    const text = tokens[at++]!;
    if (text === "[") return { kind: "array", items: list("]", value) };
    if (text === "{") return { kind: "object", members: list("}", member) };
    return { kind: "token", text };
  };
  const member = (): Member => {
    const name = tokens[at++]!;
    at++;
    return { name, value: value() };
  };
  const list = <T>(close: string, item: () => T): T[] => {
    const items: T[] = [];
    while (tokens[at] !== close) {
      if (tokens[at] === ",") at++;
      items.push(item());
    }
    at++;
    return items;
  };
  return value();
}

/** The tokens of a text, without the white space between them. */
export function tokensOf(text: string): string[] {
  return text.match(token) ?? [];
}

/** The text of a tree without white space. */
export function textOf(node: Node): string {
  if (node.kind === "token") return node.text;
  if (node.kind === "array") return `[${node.items.map(textOf).join(",")}]`;
  const members = node.members.map(({ name, value }) =>
    `${name}:${textOf(value)}`
  );
  return `{${members.join(",")}}`;
}

/** The last member of that name, as `JSON.parse()` has it. */
export function memberOf(node: Node, name: string): Node | undefined {
  if (node.kind !== "object") return undefined;
  return node.members.findLast((member) => JSON.parse(member.name) === name)
    ?.value;
}

/** All values in a tree, the outermost first. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  if (node.kind === "array") {
    for (const item of node.items) yield* nodesOf(item);
  }
  if (node.kind === "object") {
    for (const { value } of node.members) yield* nodesOf(value);
  }
}
