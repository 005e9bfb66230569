/**
 * Damage done to a backup: to its bytes, its tokens, or its structure.
 *
 * @module
 */
import type { Random } from "../support/random_values.ts";
import { type Member, type Node, nodesOf, textOf, treeOf } from "./tree.ts";
import { oddName, oddValue, pick } from "./odd.ts";

/** Damages a file; it may come out as it was. */
export type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Flips, puts in, takes out, doubles or swaps bytes. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const [from, to] = range(bytes.length, random);
  const [head, piece, tail] = [
    bytes.subarray(0, from),
    bytes.subarray(from, to),
    bytes.subarray(to),
  ];
  const [next, end] = range(tail.length, random);
  const noise = Uint8Array.from({ length: 1 + random(4) }, () => random(256));
  const flipped = piece.map((byte) => byte ^ 1 << random(8));
  return pick(random, [
    () => joined(head, flipped, tail),
    () => joined(head, noise, piece, tail),
    () => joined(head, tail),
    () => joined(head, piece, piece, tail),
    () => swapped(head, piece, tail, next, end),
    () => head.slice(),
  ])();
}

// Short ones are most likely to leave something that still is a backup.
function range(length: number, random: Random): [number, number] {
  const from = random(length + 1);
  const longest = pick(random, [1, 2, 8, 64, 1000]);
  return [from, Math.min(length, from + 1 + random(longest))];
}

function swapped(
  head: Uint8Array,
  piece: Uint8Array,
  tail: Uint8Array,
  next: number,
  end: number,
): Uint8Array {
  const [between, other] = [tail.subarray(0, next), tail.subarray(next, end)];
  return joined(head, other, between, piece, tail.subarray(end));
}

function joined(...pieces: Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

const anyToken = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/** Puts another token in the place of one; the layout stays. */
export function mutateTokens(bytes: Uint8Array, random: Random): Uint8Array {
  const text = decoder.decode(bytes);
  const found = pick(random, [...text.matchAll(anyToken)]);
  const [old] = found;
  const other = /^[{}[\],:]$/.test(old)
    ? pick(random, ["{", "}", "[", "]", ",", ":", "", "[]", "{}", old + old])
    : oddValue(random, old);
  const after = text.slice(found.index + old.length);
  return encoder.encode(text.slice(0, found.index) + other + after);
}

/** Takes out, doubles, moves, renames or replaces members, rows and values. */
export function mutateStructure(bytes: Uint8Array, random: Random): Uint8Array {
  const tree = treeOf(decoder.decode(bytes));
  const nodes = [...nodesOf(tree)];
  for (let times = 1 + random(3); times > 0; times--) {
    const node = pick(random, nodes);
    if (node.kind === "token") node.text = oddValue(random, node.text);
    if (node.kind === "array") mutateList(node.items, nodes, random);
    if (node.kind === "object") mutateMembers(node.members, nodes, random);
  }
  return encoder.encode(textOf(tree));
}

function mutateMembers(members: Member[], nodes: Node[], random: Random): void {
  const member = members[random(members.length)];
  if (!member) return;
  pick(random, [
    () => void (member.name = JSON.stringify(oddName(random, member.name))),
    () => void (member.value = copied(pick(random, nodes))),
    () => mutateList(members, members, random),
  ])();
}

function mutateList<T>(list: T[], others: T[], random: Random): void {
  const at = random(list.length);
  const item = list[at];
  if (item === undefined) return;
  pick(random, [
    () => void list.splice(at, 1),
    () => void list.splice(random(list.length), 0, copied(item)),
    () => void list.splice(random(list.length), 0, ...list.splice(at, 1)),
    () => void (list[at] = copied(pick(random, others))),
    () => void list.reverse(),
  ])();
}

// A value within itself would have no end.
function copied<T>(value: T): T {
  return structuredClone(value);
}
