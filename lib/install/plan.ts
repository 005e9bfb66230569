/**
 * What has to be done to put the program into a plugin's folder, and to take it out.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { sameBytes } from "../bytes.ts";
import { BackupError } from "../errors.ts";
import { quoted } from "../text.ts";
import { withHook, withoutHook } from "./hooks.ts";
import {
  bytesAt,
  checksumOf,
  type Installed,
  keptFiles,
  nextKept,
  type Part,
  PARTS,
  readRecord,
  RECORD,
  recordOf,
} from "./parts.ts";
import { copiesOf } from "./plugin.ts";
import type { Step } from "./steps.ts";

const hooksPath = "hooks/hooks.json";
const linkPath = "data/backups";
const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];

/** What is to be done, and what is left as it is. */
export interface Plan {
  steps: Step[];
  /** What a person has to know besides. */
  notes: string[];
}

/**
 * Plans to put everything into the plugin's folder that is not there yet.
 *
 * @param project The folder of the project, with the bundle in it.
 * @param plugin The plugin's folder.
 * @throws {BackupError} if the plugin's hooks cannot be understood, or a file of the
 * project is missing.
 */
export function planInstall(project: string, plugin: string): Plan {
  const installed = readRecord(plugin);
  const contents = PARTS.map((part) => ({
    part,
    content: sourceOf(project, part),
  }));
  const yielded = contents.filter(({ part, content }) =>
    yieldsAt(plugin, part, content)
  );
  const put = contents.filter((each) => !yielded.includes(each));
  const record = Object.fromEntries(
    put.map(({ part, content }) => [part.path, checksumOf(content)]),
  );
  return {
    steps: [
      ...put.flatMap(({ part, content }) =>
        putStep(plugin, part, content, installed)
      ),
      ...hookStep(plugin),
      ...linkStep(plugin),
      ...recordStep(plugin, record),
    ],
    notes: yielded.map(({ part: { path } }) =>
      `${path} is another program's and stays as it is, so the tasks of the ` +
      "terminal are missing; /backup works without them"
    ),
  };
}

function sourceOf(project: string, { source }: Part): Uint8Array {
  const path = join(project, source);
  const bytes = bytesAt(path);
  if (bytes) return bytes;
  throw new BackupError(
    `Cannot find ${quoted(path)}; run this in the whole project`,
  );
}

function yieldsAt(
  plugin: string,
  { path, mark, yields }: Part,
  content: Uint8Array,
): boolean {
  const before = bytesAt(join(plugin, path));
  return Boolean(yields && before) && !sameBytes(before!, content) &&
    !mark.test(decoder.decode(before));
}

function putStep(
  plugin: string,
  { path, mode }: Part,
  content: Uint8Array,
  installed: Installed,
): Step[] {
  const before = bytesAt(join(plugin, path));
  if (before && sameBytes(before, content)) return [];
  const step = { path, content, mode };
  if (!before) return [{ ...step, words: "added" }];
  if (checksumOf(before) === installed[path]) {
    return [{ ...step, words: "updated" }];
  }
  const keptAs = nextKept(plugin, path);
  return [{
    ...step,
    keptAs,
    words: `added; what was there is kept as ${keptAs}`,
  }];
}

function hookStep(plugin: string): Step[] {
  const before = textAt(plugin, hooksPath);
  const after = withHook(before);
  return after === before ? [] : [{
    path: hooksPath,
    content: encoder.encode(after),
    words: "looks after the backups when a session starts",
  }];
}

// The program may read what is below data/ only, but through links.
function linkStep(plugin: string): Step[] {
  const target = copiesOf(plugin);
  // A link that leads nowhere does not count.
  if (!target || existsSync(join(plugin, linkPath))) return [];
  const words = "a link to the copies that Software of You makes by itself";
  return [{ path: linkPath, target, words }];
}

function recordStep(plugin: string, record: Installed): Step[] {
  const text = recordOf(record);
  return textAt(plugin, RECORD) === text ? [] : [{
    path: RECORD,
    content: encoder.encode(text),
    words: "notes what was put here",
  }];
}

/**
 * Plans to take out what was put into the plugin's folder, and to put back what it
 * had replaced. Backups, snapshots and data stay.
 *
 * @param plugin The plugin's folder.
 * @throws {BackupError} if the plugin's hooks cannot be understood.
 */
export function planUninstall(plugin: string): Plan {
  const installed = readRecord(plugin);
  const hooks = textAt(plugin, hooksPath);
  const after = hooks === undefined ? undefined : withoutHook(hooks);
  const hook = hooks === after ? [] : [{
    path: hooksPath,
    ...after === undefined ? {} : { content: encoder.encode(after) },
    words: "no longer looks after the backups",
  }];
  const isLink = linkAt(plugin) !== undefined &&
    linkAt(plugin) === copiesOf(plugin);
  const link = isLink ? [{ path: linkPath, words: "link removed" }] : [];
  const parts = PARTS.toReversed()
    .flatMap((part) => takeStep(plugin, part, installed));
  const record = existsSync(join(plugin, RECORD))
    ? [{ path: RECORD, words: "removed" }]
    : [];
  return { steps: [...hook, ...link, ...parts, ...record], notes: [] };
}

function takeStep(
  plugin: string,
  { path, mark }: Part,
  installed: Installed,
): Step[] {
  const before = bytesAt(join(plugin, path));
  const isOurs = (bytes: Uint8Array | undefined) =>
    bytes !== undefined && mark.test(decoder.decode(bytes));
  // An update of the application may have put its own file here.
  if (before && !isOurs(before)) return [];
  const from = keptFiles(plugin, path)
    .findLast((kept) => !isOurs(bytesAt(join(plugin, kept))));
  const isChanged = before && checksumOf(before) !== installed[path];
  const keptAs = isChanged ? nextKept(plugin, path) : undefined;
  if (!before && !from) return [];
  const words = [
    from ? `${from} put back` : "removed",
    ...keptAs ? [`what was there is kept as ${keptAs}`] : [],
  ].join("; ");
  return [{ path, words, ...from && { from }, ...keptAs && { keptAs } }];
}

function textAt(plugin: string, path: string): string | undefined {
  const bytes = bytesAt(join(plugin, path));
  return bytes && decoder.decode(bytes);
}

/** What the link to the application's copies leads to, if it is a link. */
function linkAt(plugin: string): string | undefined {
  try {
    return Deno.readLinkSync(join(plugin, linkPath));
  } catch {
    return undefined;
  }
}
