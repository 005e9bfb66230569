/**
 * The documents, as the tests read them.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { main } from "../../lib/cli/main.ts";
import { PROJECT } from "../support/process.ts";

/** Every document, from the project's folder. */
export const DOCUMENTS = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  "commands/backup.md",
  ...[...Deno.readDirSync(join(PROJECT, "docs"))]
    .map(({ name }) => `docs/${name}`)
    .filter((path) => path.endsWith(".md"))
    .sort(),
];

/** The text of a document. */
export function readDocument(path: string): string {
  return Deno.readTextFileSync(join(PROJECT, path));
}

/** The text of a section, without its heading. */
export function section(text: string, heading: string): string {
  const start = text.indexOf(`\n## ${heading}\n`);
  if (start < 0) throw new Error(`There is no section "${heading}"`);
  const end = text.indexOf("\n## ", start + 1);
  return text.slice(start, end < 0 ? undefined : end);
}

/** The links of a document, as paths from the project's folder and anchors. */
export function linksOf(path: string): { path: string; anchor: string }[] {
  return [...readDocument(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = "", anchor = ""] = target.split("#");
      return { path: file ? join(dirname(path), file) : path, anchor };
    });
}

/** The anchors of a document, as GitHub makes them from the headings. */
export function anchorsOf(path: string): string[] {
  return [...readDocument(path).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  );
}

/** The options that a text names. */
export function optionsIn(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)].map(([, name]) => name!),
  );
}

/** What a run of the program in this process says on standard output. */
export async function says(args: string[], root = "."): Promise<string> {
  const lines: string[] = [];
  await main({
    args,
    terminal: {
      out: (line) => lines.push(line),
      err: () => {},
      bold: (text) => text,
    },
    root: () => root,
  });
  return lines.join("\n");
}
