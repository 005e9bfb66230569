/**
 * The index of a packed month: which days are in it and where. It stands in frames that
 * zstd skips, at the end of the file and twice over, so that a month is listed without
 * being decompressed, and a damaged byte costs one of the two.
 *
 * Frames as https://www.rfc-editor.org/rfc/rfc8878#section-3.1.2 has them; in each a
 * checksum of eight hexadecimal digits, and one object of JSON.
 *
 * @module
 */
import { openFile, readAt, sizeOfFile } from "../file.ts";
import { isDate } from "../format/members.ts";
import { plainName, utcSeconds } from "./names.ts";

/** An independent zstd frame with some days in it. */
export interface PackFrame {
  /** Where it begins in the file, and how many bytes it has. */
  offset: number;
  length: number;
  /** How many bytes come out of it. */
  size: number;
  /** The checksum of its bytes as they are in the file, in hexadecimal digits. */
  sha256: string;
  /** Whether it could not be read to the end; known without an index only. */
  damaged?: boolean;
}

/** A backup in a packed month. */
export interface PackedBackup {
  name: string;
  size: number;
  /** The moment of the backup. */
  date: Date;
  /** The checksum at its end, if it has one. */
  sha256: string | undefined;
  /** The number of its frame, from 0. */
  frame: number;
  /** The number of rows by table, if it says so. */
  counts: Map<string, bigint> | undefined;
}

/** What is in a packed month. */
export interface PackIndex {
  frames: PackFrame[];
  backups: PackedBackup[];
}

/** The index as it stands in the file; counts are in the order of `tables`. */
interface IndexJson {
  version: number;
  tables: string[];
  frames: PackFrame[];
  backups: {
    name: string;
    size: number;
    date: string;
    sha256: string | null;
    frame: number;
    counts: (number | null)[] | null;
  }[];
}

/** One of the sixteen numbers that begin a frame without content. */
const skippable = Uint8Array.of(0x5b, 0x2a, 0x4d, 0x18);
const headSize = 8;
const sumSize = 8;
const version = 1;
/** How much of the end is looked at, in bytes: first a little, then more. */
const tailSizes = [1 << 16, 1 << 20, 1 << 24];

const packPattern = /^backups-(\d{4}-\d\d)(?:-\d+)?\.tar\.zst$/;

/**
 * The name of the pack of a month, as in `backups-2026-02.tar.zst`.
 *
 * @param copy From 2 on if another machine's pack has that name.
 */
export function packName(month: string, copy = 1): string {
  const suffix = copy > 1 ? `-${copy}` : "";
  return `backups-${month}${suffix}.tar.zst`;
}

/** The month that a file is the pack of, as in `2026-02`. */
export function monthOfPack(name: string): string | undefined {
  return packPattern.exec(name)?.[1];
}

/** Whether a file is named as a packed month, encrypted or not. */
export function isPackName(name: string): boolean {
  return monthOfPack(plainName(name)) !== undefined;
}

/** The index as it is appended to the frames. */
export function encodeIndex(index: PackIndex): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(jsonOf(index)));
  const sum = new TextEncoder().encode(checksum(json));
  const length = sumSize + json.length;
  const once = new Uint8Array(headSize + length);
  once.set(skippable);
  new DataView(once.buffer).setUint32(4, length, true);
  once.set(sum, headSize);
  once.set(json, headSize + sumSize);
  const twice = new Uint8Array(once.length * 2);
  twice.set(once);
  twice.set(once, once.length);
  return twice;
}

/**
 * Reads the index of a pack.
 *
 * @returns The index; `undefined` if the file has none, or a damaged one.
 * @throws {Error} if the file cannot be read, or is none.
 */
export function readIndex(path: string): PackIndex | undefined {
  using file = openFile(path);
  return indexIn(file);
}

/** The index of a pack that is open; `undefined` if it has none, or a damaged one. */
export function indexIn(file: Deno.FsFile): PackIndex | undefined {
  const size = sizeOfFile(file);
  for (const tailSize of tailSizes) {
    const found = findIndex(readEnd(file, size, tailSize));
    if (found) return found;
    if (tailSize >= size) break;
  }
}

function readEnd(file: Deno.FsFile, size: number, length: number): Uint8Array {
  const some = Math.min(size, length);
  return readAt(file, size - some, some);
}

/** The last whole index in some bytes. */
function findIndex(bytes: Uint8Array): PackIndex | undefined {
  for (
    let at = bytes.lastIndexOf(skippable[0]!);
    at >= 0;
    at = at > 0 ? bytes.lastIndexOf(skippable[0]!, at - 1) : -1
  ) {
    if (!skippable.every((byte, i) => bytes[at + i] === byte)) continue;
    const index = indexAt(bytes.subarray(at));
    if (index) return index;
  }
}

function indexAt(bytes: Uint8Array): PackIndex | undefined {
  if (bytes.length < headSize + sumSize) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const payload = bytes.subarray(headSize, headSize + view.getUint32(4, true));
  const sum = new TextDecoder().decode(payload.subarray(0, sumSize));
  const json = payload.subarray(sumSize);
  if (sum !== checksum(json)) return undefined;
  try {
    return indexOf(JSON.parse(new TextDecoder().decode(json)));
  } catch {
    return undefined;
  }
}

function jsonOf({ frames, backups }: PackIndex): IndexJson {
  const tables = [
    ...new Set(backups.flatMap(({ counts }) => [...counts?.keys() ?? []])),
  ];
  return {
    version,
    tables,
    frames,
    backups: backups.map(({ name, size, date, sha256, frame, counts }) => ({
      name,
      size,
      date: utcSeconds(date),
      sha256: sha256 ?? null,
      frame,
      counts: counts
        ? tables.map((table) => numberOrNull(counts.get(table)))
        : null,
    })),
  };
}

function numberOrNull(count: bigint | undefined): number | null {
  return count === undefined ? null : Number(count);
}

function indexOf(json: IndexJson): PackIndex | undefined {
  // A later version may keep days in another way.
  if (json.version !== version) return undefined;
  const { tables, frames } = json;
  const backups = json.backups.map(({ date, sha256, counts, ...rest }) => ({
    ...rest,
    date: new Date(date),
    sha256: sha256 ?? undefined,
    counts: counts ? countsOf(tables, counts) : undefined,
  }));
  const isSane = json.backups.every(({ date, frame }) =>
    isDate(date) && frames[frame] !== undefined
  );
  return isSane ? { frames, backups } : undefined;
}

function countsOf(
  tables: string[],
  counts: (number | null)[],
): Map<string, bigint> {
  return new Map(
    tables.flatMap((table, i): [string, bigint][] => {
      const count = counts[i];
      return count == null ? [] : [[table, BigInt(count)]];
    }),
  );
}

// FNV-1a sees every change of one byte; a cryptographic one takes longer to load than
// `status` takes in all, and the days have such a one of their own.
function checksum(bytes: Uint8Array): string {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return (value >>> 0).toString(16).padStart(sumSize, "0");
}
