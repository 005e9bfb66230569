/**
 * What the program consists of in a plugin's folder, and what was put there before.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { createHash } from "../bytes.ts";

/** A file that is put into the plugin's folder. */
export interface Part {
  /** Its path in the plugin's folder. */
  path: string;
  /** Its path in the folder of the project. */
  source: string;
  mode: number;
  /** What any version of it has, and no other file of that name. */
  mark: RegExp;
  /** Whether another file of that name is left as it is. */
  yields?: boolean;
}

/** The files, each one usable with those before it. */
export const PARTS: readonly Part[] = [
  {
    path: "backup.js",
    source: "dist/backup.js",
    mode: 0o644,
    mark: /Software of You/,
  },
  {
    path: "soy-backup.sh",
    source: "soy-backup.sh",
    mode: 0o755,
    mark: /soy-backup\.sh/,
  },
  {
    path: "deno.json",
    source: "lib/compat/bundle.json",
    mode: 0o644,
    mark: / backup\.js"/,
    yields: true,
  },
  {
    path: "commands/backup.md",
    source: "commands/backup.md",
    mode: 0o644,
    mark: /soy-backup\.sh/,
  },
];

/** The file that says what was installed. */
export const RECORD = ".soy-backup.json";

/** The checksum of each file as it was put into the plugin's folder, by its path. */
export type Installed = Record<string, string>;

/**
 * What was installed before.
 *
 * @returns Nothing if that is not known, or the record is unreadable: whatever is in
 * the way is then kept.
 */
export function readRecord(plugin: string): Installed {
  try {
    const text = Deno.readTextFileSync(join(plugin, RECORD));
    const { files } = JSON.parse(text);
    return typeof files === "object" && files ? files : {};
  } catch {
    return {};
  }
}

/** The text of the record. */
export function recordOf(files: Installed): string {
  return JSON.stringify({ installed_by: "backup.ts", files }, null, 2) + "\n";
}

/** Which files were kept as `path` was replaced, the oldest first. */
export function keptFiles(plugin: string, path: string): string[] {
  const kept: string[] = [];
  for (;;) {
    const name = keptName(path, kept.length + 1);
    if (!existsSync(join(plugin, name))) return kept;
    kept.push(name);
  }
}

/** The next name to keep `path` under. */
export function nextKept(plugin: string, path: string): string {
  return keptName(path, keptFiles(plugin, path).length + 1);
}

// It does not end in .md: every page of commands/ is a command.
function keptName(path: string, number: number): string {
  return `${path}.before-install${number > 1 ? `-${number}` : ""}`;
}

/** The file's bytes; `undefined` if there is none. */
export function bytesAt(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The SHA-256 of bytes, in hex. */
export function checksumOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
