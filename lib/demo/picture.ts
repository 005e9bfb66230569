/**
 * The picture of the README: a database is lost, found missing, restored and
 * compared with the backup, as a terminal shows it. The words come from a real run of the
 * program on the sample database; only dates and times are replaced by fixed
 * ones, so that every run draws the same picture.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import type { Terminal } from "../cli/terminal.ts";
import type { Installation } from "../store/installation.ts";
import { makeSample } from "./sample.ts";
import { atTen, COLUMNS, onStage, perform, TODAY } from "./stage.ts";

/** Where the picture is kept, as the README links to it. */
export const PICTURE: string = join(
  dirname(fromFileUrl(import.meta.url)),
  "../../docs/session.svg",
);

type Style = "command" | "bold" | "plain" | "warning" | "note";

/** A line of the terminal. */
interface Line {
  style: Style;
  text: string;
}

/** Pixels of a line, of a character, and around all of them. */
const [lineHeight, characterWidth, margin] = [20, 7.9, 20];
/** How many tables of a report are shown; the others are counted. */
const shownTables = 3;
/** How many lines a long sentence may take. */
const sentenceLines = 2;
const bold = "\x1b[1m";

/**
 * Draws the picture from a run in a scratch folder.
 *
 * @returns The text of the SVG file.
 * @throws {Error} if a command of the session fails.
 */
export async function drawSession(): Promise<string> {
  return svg(await onStage(playSession));
}

async function playSession(installation: Installation): Promise<Line[]> {
  makeSample(installation.database);
  await run(installation, "export");
  const [backup] = [...Deno.readDirSync(installation.backups)];
  Deno.removeSync(installation.database);
  return [
    note("# Your contacts, e-mails and notes are gone."),
    ...command("rm data/soy.db"),
    ...await run(installation, "status"),
    note(""),
    note("# Bring them back from the backup."),
    ...await run(installation, "import", backup!.name),
    note(""),
    note("# Is all of it back? Compare every value with the backup."),
    ...await run(installation, "import", backup!.name, "--dry-run"),
  ].map(({ style, text }) => ({ style, text: fixedDates(text) }))
    .flatMap(wrapped);
}

async function run(
  installation: Installation,
  ...args: string[]
): Promise<Line[]> {
  const lines: Line[] = [];
  const terminal: Terminal = {
    out: (text) => lines.push(outLine(text)),
    err: (text) => lines.push({ style: "warning", text }),
    bold: (text) => bold + text,
  };
  await perform(installation, args, terminal);
  return [...command(`deno task ${args.join(" ")}`), ...shortened(lines)];
}

function outLine(text: string): Line {
  return text.startsWith(bold)
    ? { style: "bold", text: text.slice(bold.length) }
    : { style: "plain", text };
}

function command(text: string): Line[] {
  return [{ style: "command", text: `$ ${text}` }];
}

function note(text: string): Line {
  return { style: "note", text };
}

/** A report with its first tables only: they stand after an empty line. */
function shortened(lines: Line[]): Line[] {
  const empty = lines.findIndex(({ text }) => text === "");
  if (empty < 0) return lines;
  // The first line of the table names its columns.
  const end = empty + 2 + shownTables;
  const rest = lines.length - end;
  return rest > 1
    ? [...lines.slice(0, end), note(`… and ${rest} more tables`)]
    : lines;
}

/** Every day is the same: names of files have the day, and lists have it, too. */
function fixedDates(text: string): string {
  return atTen(text.replace(/\d{4}-\d\d-\d\d(?=\D|$)/g, TODAY));
}

function wrapped({ style, text }: Line): Line[] {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(/(?<=\S)(?= )/)) {
    if (row.length + word.length > COLUMNS) {
      rows.push(row);
      row = word.trimStart();
    } else row += word;
  }
  rows.push(row);
  if (style === "plain" || style === "bold") cut(rows);
  return rows.map((text) => ({ style, text }));
}

/** Cuts a sentence that is too long for the picture, and shows that it did. */
function cut(rows: string[]): void {
  if (rows.length <= sentenceLines) return;
  rows.length = sentenceLines;
  rows.push(`${rows.pop()!.slice(0, COLUMNS - 2)} …`);
}

const palette = `
    .screen { fill: #ffffff; stroke: #d0d7de }
    text { fill: #1f2328; font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
    .command { fill: #0550ae; font-weight: 600 }
    .bold { font-weight: 600 }
    .warning { fill: #9a6700 }
    .note { fill: #59636e }
    @media (prefers-color-scheme: dark) {
      .screen { fill: #0d1117; stroke: #3d444d }
      text { fill: #f0f6fc }
      .command { fill: #79c0ff }
      .warning { fill: #d29922 }
      .note { fill: #9198a1 }
    }
  `;

function svg(lines: Line[]): string {
  const width = Math.ceil(COLUMNS * characterWidth) + 2 * margin;
  const height = lines.length * lineHeight + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `  <title id="title">A lost database comes back from its backup</title>`,
    `  <desc id="desc">A terminal session: the database is deleted, status finds it missing, import restores it, and a preview of the same import finds that nothing differs anymore.</desc>`,
    `  <style>${palette}</style>`,
    `  <rect class="screen" x="0.5" y="0.5" width="${width - 1}" height="${
      height - 1
    }" rx="8"/>`,
    ...lines.map(drawn),
    "</svg>\n",
  ].join("\n");
}

function drawn({ style, text }: Line, index: number): string {
  const y = margin + (index + 0.7) * lineHeight;
  return `  <text class="${style}" x="${margin}" y="${y}" xml:space="preserve">${
    escaped(text)
  }</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

if (import.meta.main) Deno.writeTextFileSync(PICTURE, await drawSession());
