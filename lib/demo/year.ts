/**
 * A year of backups to look at: days without one, a holiday, a loss that was put right,
 * packed months, backups that were verified and others that weren't, a second place.
 *
 * `deno run -RWE lib/demo/year.ts FOLDER [DAYS]`
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { join } from "@std/path";
import { exportBackup } from "../export/export.ts";
import { tidy } from "../pack/tidy.ts";
import { bringUpToDate } from "../second/sync.ts";
import { type Session, sessionOf } from "../session.ts";
import { listBackups } from "../store/catalog.ts";
import { type Installation, installationAt } from "../store/installation.ts";
import { noteProof } from "../store/proofs.ts";
import { Random } from "./random.ts";
import { makeSample } from "./sample.ts";

/** The moment of the newest backup, in local time. */
export const YEAR_END: Date = new Date(2026, 2, 1, 18, 4);

/** How many days there are unless told. */
const fullYear = 330;

/** A session whose clock stands still. */
export function sessionThen(moment: Date): Session {
  return { ...sessionOf(new AbortController().signal), now: () => moment };
}

/**
 * Makes an installation with a year of backups.
 *
 * @param folder An empty folder.
 * @param days How many days from the first backup to the last.
 */
export async function makeYear(
  folder: string,
  days: number = fullYear,
): Promise<Installation> {
  const installation = installationAt(folder);
  Deno.mkdirSync(installation.data, { recursive: true });
  Deno.mkdirSync(join(installation.backups, "second-place"), {
    recursive: true,
  });
  const now = momentOf(1, days);
  makeSample(installation.database, { scale: 0.02, now });
  const random = new Random(1, "year");
  for (let number = 1; number <= days; number++) {
    await playDay(installation, number, days, random);
  }
  await bringUpToDate(installation, sessionThen(YEAR_END));
  return installation;
}

function momentOf(number: number, days: number): Date {
  // Not by hours: days of a change of the clock have others than 24.
  const moment = new Date(YEAR_END);
  moment.setDate(moment.getDate() - (days - number));
  return moment;
}

async function playDay(
  installation: Installation,
  number: number,
  days: number,
  random: Random,
): Promise<void> {
  const { database, data } = installation;
  const session = sessionThen(momentOf(number, days));
  const lossAt = days - 40;
  const kept = join(data, "before-loss.db");
  if (number === lossAt) {
    Deno.copyFileSync(database, kept);
    change(database, "DELETE FROM contact_interactions");
  }
  if (number === lossAt + 2) Deno.renameSync(kept, database);
  change(database, work(random));
  if (!isMissed(number, days, random)) {
    await exportBackup(installation, session);
  }
  if (number % 7 === 0 || number > days - 10) prove(installation, session);
  if (number === days - 50) {
    await tidy(installation, session, { dryRun: false, keep: {} });
  }
}

/** Without a backup: two weeks of holiday, and now and then a day. */
function isMissed(number: number, days: number, random: Random): boolean {
  const forgotten = random.chance(0.08);
  const holiday = Math.round(days * 0.4);
  if (number === 1 || number > days - 3) return false;
  if (Math.abs(number - (days - 39)) <= 1) return false;
  return forgotten || number >= holiday && number < holiday + 15;
}

function prove({ backups }: Installation, { now }: Session): void {
  const [newest] = listBackups(backups).backups;
  const moment = new Date(now().getTime() + 60_000);
  noteProof(backups, newest!, moment, true);
}

/** What a person and a sync do in a day. */
function work(random: Random): string {
  const mails = random.int(4, 30);
  return `
    INSERT INTO emails (gmail_id, direction, from_address, subject, snippet,
      received_at)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        LIMIT ${mails})
      SELECT lower(hex(randomblob(8))), 'inbound', 'someone@example.com',
        'About ' || i, 'What we talked about, in a few words', datetime('now') FROM n;
    INSERT INTO notes (entity_type, entity_id, content)
      SELECT 'contact', id, 'Said so' FROM contacts
      ORDER BY id LIMIT ${random.int(0, 4)};
    INSERT INTO contact_interactions (contact_id, type, direction, occurred_at)
      SELECT contact_id, type, direction, occurred_at FROM contact_interactions
      LIMIT ${random.int(1, 8)};
    UPDATE contacts SET notes = 'Met on day ${random.int(1, 999)}'
      WHERE id % 9 = ${random.int(0, 8)};
    DELETE FROM follow_ups WHERE id = ${random.int(1, 400)};
    ${
    random.chance(0.15)
      ? `DELETE FROM emails WHERE id % 97 = ${random.int(0, 96)};`
      : ""
  }`;
}

function change(path: string, sql: string): void {
  const db = new Database(path);
  try {
    db.exec(`BEGIN; ${sql}; COMMIT`);
  } finally {
    db.close();
  }
}

if (import.meta.main) {
  const [folder, days] = Deno.args;
  if (folder === undefined) {
    console.error("Name an empty folder");
    Deno.exit(2);
  }
  const { backups } = await makeYear(folder, days ? Number(days) : undefined);
  console.log(`A year of backups in ${backups}`);
}
