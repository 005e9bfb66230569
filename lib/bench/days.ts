/**
 * A history to measure and to try: daily backups of a database in use, made by the
 * exporter itself with a clock that is moved from day to day.
 *
 * `deno task bench:days FOLDER --days 30 --size 20`
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { parseArgs } from "@std/cli/parse-args";
import { Random } from "../demo/random.ts";
import { makeSample } from "../demo/sample.ts";
import { exportBackup } from "../export/export.ts";
import { type Session, sessionOf } from "../session.ts";
import { type Installation, installationAt } from "../store/installation.ts";
import { megabytesPerScale } from "./workshop.ts";

/** Texts that a person or a sync writes, by table. */
const texts: Readonly<Record<string, string>> = {
  activity_log: "details",
  calendar_events: "description",
  commitments: "description",
  contact_interactions: "summary",
  contacts: "notes",
  emails: "body_preview",
  notes: "content",
  signals: "detail",
  slack_messages: "content",
  transcripts: "raw_text",
};

/** Letters of made-up words, the frequent ones first. */
const consonants = "t n s r l d c m p g h b f v w".split(" ");
const vowels = "e a o i u".split(" ");

/** How many words there are to choose from. */
const vocabulary = 60_000;

const day = 24 * 60 * 60 * 1000;

/** What kind of history to make. */
export interface DaysOptions {
  /** The moment of the newest backup; the present unless told. */
  last?: Date;
  /** Called after each day's backup; the first day is 1. */
  onDay?: (day: number, installation: Installation) => void | Promise<void>;
}

/**
 * Makes an installation with a backup of each day, one row in a hundred touched from
 * one day to the next.
 *
 * @param folder A folder without an installation; made if it is missing.
 * @param days How many days.
 * @param megabytes How large the database is to be.
 */
export async function makeDays(
  folder: string,
  days: number,
  megabytes: number,
  { last = new Date(), onDay }: DaysOptions = {},
): Promise<Installation> {
  const installation = installationAt(folder);
  Deno.mkdirSync(installation.data, { recursive: true });
  Deno.mkdirSync(installation.backups, { recursive: true });
  makeSample(installation.database, {
    scale: megabytes / megabytesPerScale,
    now: new Date(last.getTime() - days * day),
  });
  const rewrite = writerOf(new Random(1, "days"));
  rewrite(installation.database, "1");
  for (let number = 1; number <= days; number++) {
    const touched = `(rowid * 7919 + ${number} * 31) % 9973 % 100 = 0`;
    if (number > 1) rewrite(installation.database, touched);
    const moment = new Date(last.getTime() - (days - number) * day);
    const session: Session = {
      ...sessionOf(new AbortController().signal),
      now: () => moment,
    };
    await exportBackup(installation, session);
    await onDay?.(number, installation);
  }
  return installation;
}

/**
 * Makes what writes other texts of the same length into the rows that a condition
 * names. The sample's own sentences are so few that they would shrink to a tenth;
 * these shrink as prose does, since a few words are frequent and most are rare.
 */
function writerOf(random: Random): (path: string, where: string) => void {
  const words = Array.from({ length: vocabulary }, () => madeWord(random));
  const prose = (length: number) => {
    let text = "";
    while (text.length < length) {
      text += words[Math.floor(vocabulary ** random.next() ** 0.5)] + " ";
    }
    return text.slice(0, length);
  };
  return (path, where) => {
    const db = new Database(path, { int64: true });
    try {
      db.exec("BEGIN");
      for (const [table, column] of Object.entries(texts)) {
        const rows = db.prepare(
          `SELECT rowid, length(${column}) FROM ${table} WHERE ${where}`,
        ).values<[number, number | null]>();
        const update = db.prepare(
          `UPDATE ${table} SET ${column} = ? WHERE rowid = ?`,
        );
        for (const [id, length] of rows) update.run(prose(length ?? 0), id);
        update.finalize();
      }
      db.exec("COMMIT");
    } finally {
      db.close();
    }
  };
}

function madeWord(random: Random): string {
  let word = "";
  for (let syllables = random.int(1, 4); syllables > 0; syllables--) {
    for (const letters of [consonants, vowels, consonants]) {
      word += random.pickEarly(letters);
    }
  }
  return word;
}

if (import.meta.main) {
  const { _: [folder], days, size } = parseArgs(Deno.args, {
    string: ["_", "days", "size"],
  });
  if (folder === undefined) {
    console.error("Name a folder: FOLDER --days 30 --size 20");
    Deno.exit(2);
  }
  const { backups } = await makeDays(
    String(folder),
    Number(days ?? 30),
    Number(size ?? 20),
  );
  const files = [...Deno.readDirSync(backups)];
  console.log(`${files.length} backups in ${backups}`);
}
