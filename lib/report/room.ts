/**
 * How much room the backups take, and how much less they would if they were packed.
 *
 * @module
 */
import { basename } from "@std/path";
import { packableIn } from "../pack/inventory.ts";
import { frameDays } from "../pack/months.ts";
import { WINDOW } from "../pack/zstd.ts";
import type { BackupEntry } from "../store/catalog.ts";
import { monthOfBackup } from "../store/names.ts";

// Measured on months of backups of 20 MB, a row in a hundred touched from day to day
// (docs/speed.md).
/** What the first backup of a frame takes, as a part of its size. */
const firstPart = 0.26;
/** What each of the others takes. */
const otherPart = 0.01;

/** Where the bytes are. */
export interface Room {
  /** The bytes of all files. */
  bytes: number;
  /** How many backups `tidy` would pack. */
  packable: number;
  /** Their bytes now. */
  packableBytes: number;
  /** About how many bytes they would take. */
  packedBytes: number;
  /** Packed months: the name of the file, its bytes, and those of the days in it. */
  packs: { name: string; bytes: number; plainBytes: number; days: number }[];
}

/** Finds out where the bytes are, by the sizes of the files alone. */
export function measureRoom(backups: readonly BackupEntry[]): Room {
  const plain = backups.filter(({ form }) => form !== "packed");
  const packs = packsOf(backups);
  const packable = packableIn(backups);
  const months = Map.groupBy(packable, ({ name }) => monthOfBackup(name)!);
  return {
    bytes: sum(plain.map(({ size }) => size)) +
      sum(packs.map(({ bytes }) => bytes)),
    packable: packable.length,
    packableBytes: sum(packable.map(({ size }) => size)),
    packedBytes: Math.round(sum([...months.values()].map(packedSize))),
    packs,
  };
}

function packsOf(backups: readonly BackupEntry[]): Room["packs"] {
  const packed = backups.filter(({ form }) => form === "packed");
  return [...Map.groupBy(packed, ({ path }) => path)].map(([path, days]) => ({
    name: basename(path),
    bytes: Deno.statSync(path).size,
    plainBytes: sum(days.map(({ size }) => size)),
    days: days.length,
  }));
}

function packedSize(month: BackupEntry[]): number {
  return sum(
    month.map(({ size }, i) =>
      size * (i % frameDays === 0 || size > WINDOW ? firstPart : otherPart)
    ),
  );
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
