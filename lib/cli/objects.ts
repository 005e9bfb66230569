/**
 * Triggers and views that an import creates, in words.
 *
 * @module
 */
import type { SchemaObject } from "../database/schema.ts";
import type { ImportOutcome } from "../import/import.ts";
import { counted, printable } from "../text.ts";

/** The created triggers, or the created views. */
export function ofType(
  { createdObjects }: ImportOutcome,
  type: "trigger" | "view",
): SchemaObject[] {
  return createdObjects.filter((object) => object.type === type);
}

/**
 * A line for the triggers and one for the views: a trigger changes rows by itself, and the
 * file alone says which.
 */
export function objectLines(outcome: ImportOutcome, dryRun: boolean): string[] {
  const triggers = ofType(outcome, "trigger")
    .map(({ name, table }) => `${printable(name)} (on ${printable(table)})`);
  const views = ofType(outcome, "view").map(({ name }) => printable(name));
  const kinds: [string, string[]][] = [
    ["trigger", triggers],
    ["view", views],
  ];
  const would = dryRun ? "would come" : "came";
  return kinds.filter(([, names]) => names.length > 0).map(([kind, names]) =>
    `With it ${would} ${counted(names.length, kind)} of the backup` +
    `${kind === "trigger" ? ", which change rows by themselves" : ""}: ` +
    `${names.join(", ")}.`
  );
}
