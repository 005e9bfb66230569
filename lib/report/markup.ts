/**
 * HTML of which every value is text, unless it is HTML made here.
 *
 * @module
 */
import { printable } from "../text.ts";

/** A piece of HTML. */
export class Html {
  constructor(readonly text: string) {}
}

/** What can stand in a template; nothing is written for `undefined`. */
export type Value = Html | string | number | undefined | readonly Value[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Makes HTML of a template: names of tables and files may be hostile, so what is put
 * in is escaped, control characters and marks of direction included.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(markup`<p>${"<b>"}</p>`.text, "<p>&lt;b&gt;</p>");
 * ```
 */
export function markup(
  parts: TemplateStringsArray,
  ...values: readonly Value[]
): Html {
  const text = parts.map((part, i) => part + textOf(values[i]));
  return new Html(text.join(""));
}

function textOf(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(textOf).join("");
  return printable(String(value), Infinity)
    .replace(/[&<>"']/g, (character) => entities[character]!);
}
