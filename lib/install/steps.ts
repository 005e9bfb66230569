/**
 * Changes to the plugin's folder: planned first, then made.
 *
 * @module
 */
import { ensureDirSync } from "@std/fs";
import { basename, dirname, join } from "@std/path";
import { withContext } from "../faults.ts";
import { quoted } from "../text.ts";

/** One change; paths are relative to the plugin's folder. */
export interface Step {
  /** What is changed. */
  path: string;
  /** What it comes to, in words. */
  words: string;
  /** What the file holds from then on. */
  content?: Uint8Array;
  /** The mode of that file. */
  mode?: number;
  /** What a link leads to from then on. */
  target?: string;
  /** The name that what was there gets, instead of being replaced or removed. */
  keptAs?: string;
  /** Another file, which takes this one's place. */
  from?: string;
}

/**
 * Makes the changes. Files are written beside their places first, so that a folder
 * without room, or that may not be written, is as it was.
 *
 * @param plugin The plugin's folder.
 * @param steps The changes, in the order in which they are made.
 * @throws {BackupError} if one cannot be made; what was made until then stays, and
 * the next run makes the rest.
 */
export async function makeSteps(
  plugin: string,
  steps: readonly Step[],
): Promise<void> {
  try {
    for (const step of steps) await stage(plugin, step);
    for (const step of steps) await make(plugin, step);
  } finally {
    for (const { path } of steps) discard(tempFor(join(plugin, path)));
  }
}

async function stage(
  plugin: string,
  { path, content, mode = 0o644 }: Step,
): Promise<void> {
  if (!content) return;
  const full = join(plugin, path);
  await withContext(`Cannot write ${quoted(full)}`, () => {
    ensureDirSync(dirname(full));
    const temp = tempFor(full);
    // A run that was killed may have left one.
    remove(temp);
    Deno.writeFileSync(temp, content, { createNew: true });
    Deno.chmodSync(temp, mode);
  });
}

async function make(plugin: string, step: Step): Promise<void> {
  const full = join(plugin, step.path);
  await withContext(`Cannot change ${quoted(full)}`, () => {
    if (step.keptAs) Deno.renameSync(full, join(plugin, step.keptAs));
    if (step.content) return Deno.renameSync(tempFor(full), full);
    if (step.target) return makeLink(step.target, full);
    if (step.from) return Deno.renameSync(join(plugin, step.from), full);
    remove(full);
  });
}

// A link that leads nowhere may be in the way.
function makeLink(target: string, path: string): void {
  remove(path);
  Deno.symlinkSync(target, path);
}

function tempFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.soy-backup.tmp`);
}

// What could not be made cannot be removed either, and its own error matters more.
function discard(path: string): void {
  try {
    remove(path);
  } catch { /* said already */ }
}

/** Removes a file or a link, if it is there. */
function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
