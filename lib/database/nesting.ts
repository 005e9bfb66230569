/**
 * How deeply a definition is nested, as SQLite's parser counts.
 *
 * @module
 */
import { sqlTokens } from "./sql.ts";

const word = /^[\w$\u0080-\uffff"'`[]/;
const query = /^(?:select|with|values)$/;
const prefix = /^(?:not|[-+~])$/;

/** The most that `parserDepth()` may give, if SQLite 3.40 is to read it. */
export const MOST_DEPTH = 95;

/**
 * How many places a statement takes at most on the stack of SQLite's parser. That of
 * SQLite 3.40 has 100: a database with a definition that needs more can't be read by it
 * at all. Newer versions have no such limit.
 *
 * The weights are measured: so many times each form of nesting fits into that stack.
 *
 * @param sql The statement.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parserDepth("CREATE TABLE t (a CHECK ((a) > '((('))"), 11);
 * ```
 */
export function parserDepth(sql: string): number {
  const open: { end: string; weight: number }[] = [];
  let [depth, deepest, prefixes, before] = [0, 0, 0, ""];
  const enter = (end: string, weight: number) => {
    open.push({ end, weight });
    depth += weight;
  };
  for (const { text } of sqlTokens(sql)) {
    if (text === "(") {
      enter(")", prefixes + parenthesisAfter(before));
    } else if (text === "case") {
      enter("end", prefixes + 4);
    } else if (before === "(" && query.test(text)) {
      open.at(-1)!.weight += 4;
      depth += 4;
    } else if (open.at(-1)?.end === text) {
      depth -= open.pop()!.weight;
    }
    prefixes = prefix.test(text) ? prefixes + 1 : 0;
    deepest = Math.max(deepest, depth + prefixes);
    before = text;
  }
  return deepest;
}

// A call or a list keeps what it belongs to on the stack, an operand its operator.
function parenthesisAfter(before: string): number {
  if (before === "(") return 1;
  return word.test(before) ? 5 : 3;
}
