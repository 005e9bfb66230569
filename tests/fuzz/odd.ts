/**
 * Values and names that a backup seldom has, and a mutation puts in.
 *
 * @module
 */
import type { Random } from "../support/random_values.ts";

/** One of them. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random(items.length)]!;
}

const NUMBERS = ["0", "-0", "1", "2", "5", "-1", "1.0", "-0.0", "1e0", "1e400"]
  .concat(["-9.0e+999", "9223372036854775807", "9223372036854775808"])
  .concat(["-9223372036854775808", "-9223372036854775809", "5e-324", "1e-400"])
  .concat(["100000000000000000000", "123456789012345678901234567890", "1e22"])
  .concat(["0.1000000000000000055511151231257827", "9007199254740993", "1E5"])
  .concat(["01", "+1", ".5", "1.", "0x10", "NaN", "Infinity", "--1", "1e"])
  .concat(["7".repeat(400), `0.${"0".repeat(400)}1`, "1000000.0", "500.5"]);

const TEXTS = ["", "a", "A", "1", "1.0", " 2", "1e2", "0x10", "x@x.example"]
  .concat(["zoe@X.example", "\0", "\u001b[31m", "\u202e", "👋", "\ud800"])
  .concat(["\udc00\ud800", "\ufeff", "\ufffd", "null", "x".repeat(5000)])
  .concat(["UTF-16le", "UTF-8", "2026-02-30T00:00:00Z", "CREATE TABLE a (b)"]);

const NAMES = ["id", "ID", "name", "rowid", "oid", "_rowid_", "x", "__proto__"]
  .concat(["constructor", "toString", "sqlite_schema", "sqlite_sequence", ""])
  .concat([
    "soy_stage",
    "soy_kept",
    "c0",
    "mask",
    "n",
    'a"b',
    "a'b",
    "a]b",
    "\0",
  ])
  .concat([
    "contacts",
    "CONTACTS",
    "loose",
    "notes",
    "twice",
    "named",
    "hidden",
  ])
  .concat(["tables", "counts", "schema", "database", "sha256", "форма", ";--"]);

const FORMS = ["null", "true", "false", "[]", "{}", "[1,[2,{}]]", '{"a":{}}']
  .concat(['{"$base64":true,"encoded":"AA=="}', '{"$base64":true}', "nul"])
  .concat(['{"$base64":true,"encoded":"//79","type":"text"}', "undefined"])
  .concat(['{"$base64":true,"encoded":"A"}', '{"$base64":1,"encoded":""}'])
  .concat(['{"$base64":true,"encoded":"","type":"blob"}', '"\\u12"', "'a'"])
  .concat(['{"$base64":true,"encoded":"AB=="}', '"\\x"', '"a\nb"', '"', ""]);

const DEPTHS = [2, 500, 990, 1001, 5000, 100_000];

/** A token or a value in the place of `old`. */
export function oddValue(random: Random, old: string): string {
  return pick(random, [
    () => pick(random, NUMBERS),
    () => pick(random, NUMBERS),
    () => JSON.stringify(pick(random, TEXTS)),
    () => JSON.stringify(pick(random, NAMES)),
    () => pick(random, FORMS),
    () => edited(random, old),
    () => edited(random, old),
    () => nested(pick(random, DEPTHS), pick(random, ["[", '{"a":'])),
  ])();
}

/** A name in the place of a name token. */
export function oddName(random: Random, old: string): string {
  return random(3) === 0 ? pick(random, TEXTS) : pick(random, [
    pick(random, NAMES),
    JSON.parse(old).toUpperCase(),
    JSON.parse(old) + " ",
  ]);
}

function edited(random: Random, old: string): string {
  const at = random(old.length + 1);
  const character = pick(random, [...'0123456789aAzZ .e-"\\,()']);
  return old.slice(0, at) + character + old.slice(at + random(2));
}

function nested(depth: number, open: string): string {
  return open.repeat(depth) + "1" + (open === "[" ? "]" : "}").repeat(depth);
}
