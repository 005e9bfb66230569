/**
 * The outputs in docs/daily-use.md. Its `console` blocks name the commands; they are
 * run one after the other at a sample in which a contact was deleted two weeks ago,
 * and what they say is put below them.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { dirname, fromFileUrl, join } from "@std/path";
import { exportBackup } from "../export/export.ts";
import { sessionOf } from "../session.ts";
import type { Installation } from "../store/installation.ts";
import { makeSample } from "./sample.ts";
import { atTen, COLUMNS, onStage, perform, TODAY } from "./stage.ts";

/** Where the page is kept. */
export const DAILY_USE: string = join(
  dirname(fromFileUrl(import.meta.url)),
  "../../docs/daily-use.md",
);

const prompt = "$ deno task backup ";
/** How many lines of an output are shown; the others are counted. */
const shownLines = 16;
const before = ["2026-02-07", "2026-02-14"];
const after = ["2026-02-21", "2026-02-28"];
/** Who is deleted, with all that belongs to her. */
const lost = 26;

/**
 * Runs the commands of a page and puts what they say below them.
 *
 * @param page The text of the page. Each line of a `console` block that begins with
 * `$ deno task backup` is a command; other lines of such blocks are replaced.
 * @returns The text with the outputs of this run.
 * @throws {Error} if a command fails.
 */
export function withOutputs(page: string): Promise<string> {
  return onStage(async (installation) => {
    await begin(installation);
    return await filled(page, installation);
  });
}

async function begin(installation: Installation): Promise<void> {
  makeSample(installation.database, { now: new Date("2026-02-01T12:00:00Z") });
  for (const day of before) await backUp(installation, day);
  lose(installation);
  for (const day of after) await backUp(installation, day);
}

/** The names of backups have the local day, so that it is noon in every time zone. */
function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00`);
}

async function backUp(installation: Installation, day: string): Promise<void> {
  const session = sessionOf(new AbortController().signal);
  await exportBackup(installation, { ...session, now: () => noonOf(day) });
}

function lose({ database }: Installation): void {
  const db = new Database(database);
  try {
    db.exec("PRAGMA foreign_keys = ON");
    for (const table of ["emails", "slack_messages"]) {
      db.exec(`DELETE FROM ${table} WHERE contact_id = ${lost}`);
    }
    // Nothing in the schema ties these to a contact.
    for (const table of ["notes", "entity_tags", "signals"]) {
      const isHers = `entity_type = 'contact' AND entity_id = ${lost}`;
      db.exec(`DELETE FROM ${table} WHERE ${isHers}`);
    }
    db.exec(`DELETE FROM contacts WHERE id = ${lost}`);
  } finally {
    db.close();
  }
}

async function filled(
  page: string,
  installation: Installation,
): Promise<string> {
  const lines: string[] = [];
  let isConsole = false;
  for (const line of page.split("\n")) {
    if (line.startsWith("```")) isConsole = line === "```console";
    const isCommand = isConsole && line.startsWith(prompt);
    if (!isConsole || isCommand || line.startsWith("```")) lines.push(line);
    if (isCommand) lines.push(...await run(installation, wordsOf(line)));
  }
  return lines.join("\n");
}

/** The words of a command, which may stand in double quotes. */
function wordsOf(line: string): string[] {
  const words = line.slice(prompt.length).match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replaceAll('"', ""));
}

async function run(
  installation: Installation,
  words: string[],
): Promise<string[]> {
  const said: string[] = [];
  await perform(installation, words, {
    out: (text) => said.push(text),
    err: (text) => said.push(text),
    bold: (text) => text,
    outColumns: COLUMNS,
  });
  const text = said.join("\n").trimEnd();
  return shortened(fixedToday(text).split("\n"));
}

function shortened(lines: string[]): string[] {
  const rest = lines.length - shownLines;
  if (rest <= 1) return lines;
  return [...lines.slice(0, shownLines), `… and ${rest} more lines`];
}

/** Today is the day of the story, whenever it is told. */
function fixedToday(text: string): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  const days = [now, local].map((date) => date.toISOString().slice(0, 10));
  return atTen(days.reduce((text, day) => text.replaceAll(day, TODAY), text));
}

if (import.meta.main) {
  const page = Deno.readTextFileSync(DAILY_USE).replaceAll("\r\n", "\n");
  Deno.writeTextFileSync(DAILY_USE, await withOutputs(page));
}
