/**
 * The sample database, made once for each set of options and copied from then on.
 *
 * @module
 */
import type { Database } from "@db/sqlite";
import { makeSample, type SampleOptions } from "../../lib/demo/sample.ts";
import { withDb } from "./scratch.ts";

const made = new Map<string, Uint8Array>();

/** Puts a sample where there is no file yet. */
export function putSample(path: string, options: SampleOptions = {}): void {
  putOnce(JSON.stringify(options), path, () => makeSample(path, options));
}

/** What a small sample has of the 36 tables. */
const few = ["contacts", "emails", "notes", "slack_messages", "transcripts"]
  .concat(["activity_log", "soy_meta"]);

/**
 * Puts a sample of a few tables where there is no file yet. Each step takes half of the
 * time with it, so it is for tests that are not about what is in a database.
 */
export function putSmallSample(
  path: string,
  options: SampleOptions = {},
): void {
  putOnce(`small ${JSON.stringify(options)}`, path, () => {
    makeSample(path, options);
    withDb(path, keepFew);
  });
}

/** Writes what was made under a key before, or has it made. */
function putOnce(key: string, path: string, make: () => void): void {
  const bytes = made.get(key);
  if (bytes) return Deno.writeFileSync(path, bytes, { createNew: true });
  make();
  made.set(key, Deno.readFileSync(path));
}

function keepFew(db: Database): void {
  db.exec("PRAGMA foreign_keys = OFF");
  const names = (type: string) =>
    db.prepare("SELECT name FROM sqlite_schema WHERE type = ?")
      .values<[string]>(type).map(([name]) => name);
  for (const name of names("view")) db.exec(`DROP VIEW ${name}`);
  for (const name of names("table")) {
    const isOwn = !name.startsWith("sqlite_");
    if (isOwn && !few.includes(name)) db.exec(`DROP TABLE ${name}`);
  }
  db.exec("VACUUM");
}
