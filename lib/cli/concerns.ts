/**
 * Words for what should worry a person: data that has gone missing, old backups.
 *
 * @module
 */
import { countedRows, inListedOrder } from "../soy/tables.ts";
import type { Loss } from "../store/losses.ts";
import type { Concern } from "../store/concerns.ts";
import { ago, counted, grouped, printable } from "../text.ts";

/** How many tables are named of each kind. */
const named = 5;

/** The tables that have lost all of their rows, for `--json`. */
export function emptiedTables(
  losses: readonly Loss[],
): { name: string; rows: number }[] {
  return losses.filter(({ now }) => now === 0)
    .map(({ name, before }) => ({ name, rows: before }));
}

/**
 * The warning that data is missing, in one line for all tables.
 *
 * @param losses The tables that have lost rows.
 * @param backup The name of the backup that has them.
 * @returns Nothing if there is no loss.
 */
export function lossWarnings(
  losses: readonly Loss[],
  backup: string | undefined,
): string[] {
  if (losses.length === 0) return [];
  const name = printable(backup ?? "");
  const wayOut = "If you didn't delete them, run /backup " +
    (backup ? `import ${name}` : "status");
  const which = backup ? `your backup ${name}` : "your last backup";
  const [only] = losses;
  if (losses.length === 1 && only!.now === 0) {
    const had = countedRows(only!.name, only!.before);
    return [`WARNING: ${which} has ${had}; the database has none. ${wayOut}`];
  }
  return [
    `WARNING: ${sentences(inListedOrder([...losses])).join("; ")}. ` +
    `${which[0]!.toUpperCase()}${which.slice(1)} has them. ${wayOut}`,
  ];
}

/** Says what a concern is and what to do about it, without the tables of a loss. */
export function concernWords({ kind, since }: Concern, now: Date): string {
  const when = since ? ago(since, now) : "";
  switch (kind) {
    case "loss":
      return "data is missing that a backup has; run /backup status";
    case "absent":
      return "there is no backup; run /backup";
    case "stale":
      return `the newest backup was made ${when}; run /backup`;
    case "failed":
      return `the newest backup failed its verification ${when}; run /backup`;
    case "unopened":
      return "no key was shown to open the encrypted backups, so they don't " +
        "count yet; run /backup verify --identity with the file of the key";
    case "second":
      return "the second place " +
        (since ? `was last complete ${when}` : "was never complete") +
        "; connect it and run /backup";
    case "unproved":
      return (since
        ? `the last verification of a backup was ${when}`
        : "no backup was ever verified") + "; run /backup verify";
  }
}

function sentences(losses: Loss[]): string[] {
  const emptied = losses.filter(({ now }) => now === 0);
  const shrunk = losses.filter(({ now }) => now > 0);
  return [
    ...tables(emptied, "that had data", "is empty", "are empty")
      .map((head) =>
        `${head}: ${
          listed(emptied, ({ name, before }) => countedRows(name, before))
        }`
      ),
    ...tables(shrunk, "", "lost many rows", "lost many rows").map((head) =>
      `${head}: ${
        listed(
          shrunk,
          ({ name, before, now }) =>
            `${grouped(before - now)} of ${countedRows(name, before)}`,
        )
      }`
    ),
  ];
}

function tables(
  losses: Loss[],
  which: string,
  one: string,
  many: string,
): string[] {
  if (losses.length === 0) return [];
  const verb = losses.length === 1 ? one : many;
  const words = [counted(losses.length, "table"), which, verb];
  return [words.filter(Boolean).join(" ")];
}

function listed(losses: Loss[], words: (loss: Loss) => string): string {
  const more = losses.length - named;
  const shown = losses.slice(0, named).map(words);
  return more > 0
    ? `${shown.join(", ")} and ${counted(more, "table")} more`
    : shown.join(", ");
}
