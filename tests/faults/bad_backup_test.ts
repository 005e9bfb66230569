/**
 * Files that are no whole backup: one line, and the database as it was.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { atSmallSample, edit, namesIn } from "../support/installation.ts";
import { session } from "../support/scratch.ts";

/** Damages a good backup. */
type Damage = (path: string) => void;

const higher = (text: string) =>
  text.replace(/"format_version": ?1\b/, '"format_version":999');
const cases: [string, Damage, RegExp][] = [
  ["no file", Deno.removeSync, /there is no such file/],
  ["a folder", asFolder, /it is a folder/],
  ["an empty file", (path) => Deno.truncateSync(path), /the file is empty/],
  ["words", (path) => edit(path, () => "Dear diary"), /it is no JSON object/],
  [
    "a file cut in half",
    (path) => cutBy(path, 0.5),
    /ends too early in table "/,
  ],
  [
    "a file without its last byte but one",
    (path) => cutBy(path, -2),
    /ends too early/,
  ],
  ["a flipped bit in a name", flipBit, /checksum/],
  ["a higher version", (path) => edit(path, higher), /version is 999/],
  [
    "something after its end",
    (path) => edit(path, (text) => text + "{}"),
    /more after the closing brace/,
  ],
];

for (const [name, damage, reason] of cases) {
  Deno.test(`import of ${name} fails in one line and changes nothing`, async () => {
    await atSmallSample(async (installation) => {
      const path = await backupOf(installation);
      damage(path);
      const before = Deno.readFileSync(installation.database);
      await assertRefused(installation, path, reason);
      assertEquals(Deno.readFileSync(installation.database), before);
      assertEquals(namesIn(installation.data), ["soy.db"]);
    });
  });

  Deno.test(`import of ${name} into nothing makes no database`, async () => {
    await atSmallSample(async (installation) => {
      const path = await backupOf(installation);
      damage(path);
      Deno.removeSync(installation.database);
      await assertRefused(installation, path, reason);
      assertEquals(namesIn(installation.data), []);
    });
  });
}

/** Makes a backup and gives its path. */
async function backupOf(installation: Installation): Promise<string> {
  return (await exportBackup(installation, session())).path;
}

async function assertRefused(
  installation: Installation,
  path: string,
  reason: RegExp,
): Promise<void> {
  const { code, out, err } = await runInProcess(installation, [
    "import",
    path,
  ]);
  assertEquals([code, out], [1, ""]);
  assertMatch(err, /^Error: Cannot [^\n]+$/);
  assertMatch(err, reason);
}

function asFolder(path: string): void {
  Deno.removeSync(path);
  Deno.mkdirSync(path);
}

/** Cuts to a part of the size, or by so many bytes where it is negative. */
function cutBy(path: string, part: number): void {
  const { size } = Deno.statSync(path);
  Deno.truncateSync(path, part < 0 ? size + part : Math.floor(size * part));
}

function flipBit(path: string): void {
  const bytes = Deno.readFileSync(path);
  const name = new TextEncoder().encode('"name":');
  const at = bytes.findIndex((_, i) =>
    name.every((byte, j) => bytes[i + j] === byte)
  );
  assert(at > 0);
  // The last bit of a letter makes another letter of it: still valid JSON.
  const letter = at + name.length + 2;
  bytes[letter] = bytes[letter]! ^ 1;
  Deno.writeFileSync(path, bytes);
}
