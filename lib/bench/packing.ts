/**
 * Thirty daily backups in little room: `tidy` beside gzip, zstd, restic and borg.
 *
 * @module
 */
import { join } from "@std/path";
import { fileSize } from "../text.ts";
import { makeDays } from "./days.ts";
import { type CommandWords, isRunnable, measure, settle } from "./measure.ts";
import type { Tool } from "./tool.ts";

const days = 30;

/** One way to keep a month. */
interface PackWay {
  name: string;
  probe?: CommandWords;
  /** Whether the days after the month are there, too, which stay as they are. */
  later?: boolean;
  /** Packs the month; run by `sh` in an empty folder beside the backups. */
  pack: string;
  /** Where the result is. */
  result: string;
  /** Gets the twelfth day back into the file `day`. */
  unpack: string;
}

/**
 * Packs a month of backups in each way, and prints size, time and memory.
 *
 * @param folder An empty folder.
 * @param megabytes How large the database is.
 */
export async function benchPacking(
  folder: string,
  tool: Tool,
  megabytes: number,
): Promise<void> {
  // January; the last seven days stay plain.
  const last = new Date(2026, 1, 6, 18, 0);
  const made = join(folder, "made");
  const { backups } = await makeDays(made, days + 7, megabytes, { last });
  const names = [...Deno.readDirSync(backups)].map(({ name }) => name).sort();
  const month = names.slice(0, days);
  const bytes = month.reduce(
    (sum, name) => sum + Deno.statSync(join(backups, name)).size,
    0,
  );
  console.log(
    `\n# ${days} daily backups, ${fileSize(bytes)}, one of them ` +
      `${fileSize(bytes / days)}\n`,
  );
  console.log("| way | MB | s | peak MB | s to get day 12 back |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const way of waysOf(tool, month)) {
    if (way.probe && !isRunnable(way.probe)) {
      console.log(`| ${way.name} | not here | | | |`);
      continue;
    }
    const files = way.later ? names : month;
    await measureWay(way, join(folder, "work"), backups, files);
  }
}

async function measureWay(
  { name, pack, result, unpack }: PackWay,
  work: string,
  backups: string,
  names: string[],
): Promise<void> {
  Deno.mkdirSync(join(work, "output"), { recursive: true });
  for (const name of names) {
    Deno.copyFileSync(join(backups, name), join(work, "output", name));
  }
  const inWork = (script: string): CommandWords => [
    "sh",
    "-ec",
    `cd '${work}'; ${script}`,
  ];
  settle();
  const packing = await measure(inWork(pack));
  const size = sizeOf(join(work, result));
  settle();
  const unpacking = await measure(inWork(unpack));
  console.log(
    `| ${name} | ${(size / 1e6).toFixed(1)} | ${packing.seconds.toFixed(2)} ` +
      `| ${packing.peak.toFixed(0)} | ${unpacking.seconds.toFixed(2)} |`,
  );
  Deno.removeSync(work, { recursive: true });
}

function waysOf(tool: Tool, month: string[]): PackWay[] {
  const day = month[11]!;
  const own = tool.bundle.map((word) => `'${word}'`).join(" ");
  return [
    {
      name: "backup.ts tidy, then tar",
      later: true,
      pack: `${own} tidy --root .`,
      result: "output/backups-2026-01.tar.zst",
      unpack: `tar --zstd -xOf output/backups-2026-01.tar.zst ${day} >day`,
    },
    {
      name: "gzip, one by one",
      probe: ["gzip", "--version"],
      pack: "gzip -r output",
      result: "output",
      unpack: `gzip -dc output/${day}.gz >day`,
    },
    {
      name: "tar, zstd -3 --long=27",
      probe: ["zstd", "--version"],
      pack: "tar cf - output | zstd -q -3 --long=27 -o month.tar.zst",
      result: "month.tar.zst",
      unpack: `tar --zstd -xOf month.tar.zst output/${day} >day`,
    },
    ...repositories(day),
  ];
}

/** The peers that keep backups in a folder of their own. */
function repositories(day: string): PackWay[] {
  const borg =
    "BORG_BASE_DIR=$PWD BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes";
  const restic = "RESTIC_PASSWORD=x RESTIC_CACHE_DIR=$PWD/cache";
  return [
    {
      name: "restic",
      probe: ["restic", "version"],
      pack: `export ${restic}; restic init -q -r repo; ` +
        "for f in output/*; do restic backup -q -r repo $f; done",
      result: "repo",
      unpack: `export ${restic}; id=$(restic snapshots -r repo --json | ` +
        `grep -o '"id":"[0-9a-f]*"' | sed -n 12p | cut -d'"' -f4); ` +
        `restic dump -q -r repo $id output/${day} >day`,
    },
    {
      name: "borg",
      probe: ["borg", "--version"],
      pack: `export ${borg}; borg init -e none repo; ` +
        "for f in output/*; do borg create -C zstd,3 repo::$(basename $f) $f; done",
      result: "repo",
      unpack: `export ${borg}; borg extract --stdout repo::${day} >day`,
    },
  ];
}

/** The bytes of a file, or of all files in a folder. */
function sizeOf(path: string): number {
  const { isFile, size } = Deno.statSync(path);
  if (isFile) return size;
  return [...Deno.readDirSync(path)]
    .reduce((sum, { name }) => sum + sizeOf(join(path, name)), 0);
}
