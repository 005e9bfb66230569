/**
 * The texts of `--help`, from what the commands declare.
 *
 * @module
 */
import { type Command, HELP_WORD } from "./command.ts";
import { wrapWords } from "./layout.ts";
import { GENERAL, optionLabel, type Options, QUIET } from "./options.ts";

/** How many characters a line has at most, and at least. */
const [widest, narrowest] = [80, 40];

function widthFor(columns = widest): number {
  return Math.max(narrowest, Math.min(columns, widest));
}

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
 * @param columns How many characters the terminal has in a line, if there is one.
 */
export function generalHelp(
  commands: readonly Command[],
  columns?: number,
): string {
  const width = widthFor(columns);
  const quiet = commands.filter(({ options }) => options.quiet)
    .map(({ name }) => name);
  const { root, json, ...others } = GENERAL;
  return [
    ...sentences(
      "Backs up everything that Software of You knows, and restores it.",
      width,
    ),
    "",
    "Usage:",
    ...commands.map((command) => usage(command, commands, "  ", width)),
    "",
    "Commands:",
    ...entries([
      ...commands.map(({ name, summary }): Term => [name, summary]),
      ...commands.flatMap(({ name, alias }): Term[] =>
        alias ? [[alias, `The same as ${name}`]] : []
      ),
      [HELP_WORD, "Show this text, or the help of the command that follows"],
    ], width),
    "",
    "Options:",
    ...entries(
      optionTerms({
        root,
        json,
        quiet: { help: `${QUIET.help} (${quiet.join(", ")})` },
        ...others,
      }),
      width,
    ),
    "",
    exitCodes,
  ].join("\n");
}

/**
 * The help of one command.
 *
 * @param commands All commands; the first is the default.
 * @param columns How many characters the terminal has in a line, if there is one.
 */
export function commandHelp(
  command: Command,
  commands: readonly Command[],
  columns?: number,
): string {
  const width = widthFor(columns);
  const { summary, details, alias, arguments: declared, options } = command;
  const words = alias ? `${details} Also called ${alias}.` : details;
  const { root, json } = GENERAL;
  return [
    ...sentences(`${summary}.`, width),
    "",
    usage(command, commands, "Usage: ", width),
    "",
    ...sentences(words, width),
    "",
    "Options:",
    ...entries([
      ...declared.map(({ name, help }): Term => [`<${name}>`, help]),
      ...optionTerms({ ...options, root, json }),
    ], width),
    "",
    exitCodes,
  ].join("\n");
}

function sentences(text: string, width: number): string[] {
  return wrapWords(text.split(" "), "", "", width);
}

/** How a command is called, as in `backup.ts verify [<path>] [--root DIR]`. */
function usage(
  { name, arguments: declared, options }: Command,
  commands: readonly Command[],
  before: string,
  width: number,
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
  return wrapWords(words, start, " ".repeat(start.length), width).join("\n");
}

/** A term and its meaning. */
type Term = [term: string, meaning: string];

function optionTerms(options: Options): Term[] {
  return Object.entries(options).map((
    [name, option],
  ) => [optionLabel(name, option), option.help]);
}

/** Lines of terms with their meanings beside them. */
function entries(terms: Term[], columns: number): string[] {
  const width = Math.max(...terms.map(([term]) => term.length));
  return terms.flatMap(([term, meaning]) => {
    const start = `  ${term.padEnd(width)}  `;
    return wrapWords(
      meaning.split(" "),
      start,
      " ".repeat(start.length),
      columns,
    );
  });
}
