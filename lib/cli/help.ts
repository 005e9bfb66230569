/**
 * The texts of `--help`, from what the commands declare.
 *
 * @module
 */
import { type Command, HELP_WORD } from "./command.ts";
import { GENERAL, optionLabel, type Options, QUIET } from "./options.ts";

/** How many characters a line has at most. */
const lineWidth = 80;

const exitCodes = `Exit codes:
  0    done
  1    failed, nothing changed
  2    wrong usage
  3    done, but something was left out and named
  4    status with an age limit: something needs attention
  130  interrupted`;

/**
 * The help of the whole program.
 *
 * @param commands The commands; the first is the default.
 */
export function generalHelp(commands: readonly Command[]): string {
  const quiet = commands.filter(({ options }) => options.quiet)
    .map(({ name }) => name);
  const { root, json, ...others } = GENERAL;
  return [
    "Backs up everything that Software of You knows, and restores it.",
    "",
    "Usage:",
    ...commands.map((command) => usage(command, commands, "  ")),
    "",
    "Commands:",
    ...entries([
      ...commands.map(({ name, summary }): Term => [name, summary]),
      ...commands.flatMap(({ name, alias }): Term[] =>
        alias ? [[alias, `The same as ${name}`]] : []
      ),
      [HELP_WORD, "Show this text, or the help of the command that follows"],
    ]),
    "",
    "Options:",
    ...entries(optionTerms({
      root,
      json,
      quiet: { help: `${QUIET.help} (${quiet.join(", ")})` },
      ...others,
    })),
    "",
    exitCodes,
  ].join("\n");
}

/**
 * The help of one command.
 *
 * @param commands All commands; the first is the default.
 */
export function commandHelp(
  command: Command,
  commands: readonly Command[],
): string {
  const { summary, details, alias, arguments: declared, options } = command;
  const words = alias ? `${details} Also called ${alias}.` : details;
  const { root, json } = GENERAL;
  return [
    `${summary}.`,
    "",
    usage(command, commands, "Usage: "),
    "",
    ...wrapped(words.split(" "), "", ""),
    "",
    "Options:",
    ...entries([
      ...declared.map(({ name, help }): Term => [`<${name}>`, help]),
      ...optionTerms({ ...options, root, json }),
    ]),
    "",
    exitCodes,
  ].join("\n");
}

/** How a command is called, as in `backup.ts verify [<path>] [--root DIR]`. */
function usage(
  { name, arguments: declared, options }: Command,
  commands: readonly Command[],
  before: string,
): string {
  const isDefault = name === commands[0]!.name;
  const start = `${before}backup.ts ${isDefault ? `[${name}]` : name} `;
  const { root, json } = GENERAL;
  const words = [
    ...declared.map(({ name, optional }) =>
      optional ? `[<${name}>]` : `<${name}>`
    ),
    ...Object.entries({ ...options, root, json })
      .map(([name, option]) => `[${optionLabel(name, option)}]`),
  ];
  return wrapped(words, start, " ".repeat(start.length)).join("\n");
}

/** A term and its meaning. */
type Term = [term: string, meaning: string];

function optionTerms(options: Options): Term[] {
  return Object.entries(options).map((
    [name, option],
  ) => [optionLabel(name, option), option.help]);
}

/** Lines of terms with their meanings beside them. */
function entries(terms: Term[]): string[] {
  const width = Math.max(...terms.map(([term]) => term.length));
  return terms.flatMap(([term, meaning]) => {
    const start = `  ${term.padEnd(width)}  `;
    return wrapped(meaning.split(" "), start, " ".repeat(start.length));
  });
}

/**
 * Lines of words, none broken.
 *
 * @param start What the first line begins with.
 * @param indent What the others begin with.
 */
function wrapped(words: string[], start: string, indent: string): string[] {
  const lines: string[] = [];
  let line = start;
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && line.length + 1 + word.length > lineWidth) {
      lines.push(line);
      [line, isEmpty] = [indent, true];
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
