/**
 * The zstd frames of a file, found by their headers alone, as RFC 8878 has them: for a
 * pack whose index is gone.
 *
 * @module
 */
import { readAt, readInto, sizeOfFile } from "../file.ts";
import type { PackFrame } from "../store/pack_index.ts";

/** Where a frame is in the file. */
export type FramePlace = Pick<PackFrame, "offset" | "length">;

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
/** A block has 128 KB at most, and three bytes before it. */
const largestBlock = (1 << 17) + 3;
/** The header of a frame has so many bytes at most, and that of a block fewer. */
const largestHeader = 18;
/** How much is read ahead, in bytes: more than the largest block. */
const readAtOnce = 1 << 18;
/** How much is searched at once for the next frame, in bytes. */
const searchSize = 1 << 20;

/**
 * The frames with content, in the file's order. One that is damaged or cut short ends
 * where the next one begins.
 */
export function findFrames(file: Deno.FsFile): FramePlace[] {
  const size = sizeOfFile(file);
  const frames: FramePlace[] = [];
  for (let offset = 0; offset < size;) {
    const magic = readAt(file, offset, 8);
    const kind = magic.length < 8 ? 0 : uint32(magic, 0);
    const isSkippable = kind - kind % 16 === skippableMagic;
    const end = isSkippable
      ? offset + 8 + uint32(magic, 4)
      : kind === frameMagic
      ? frameEnd(file, offset)
      : undefined;
    const whole = end !== undefined && end <= size;
    const next = whole ? end : nextMagic(file, offset + 1) ?? size;
    if (kind === frameMagic) frames.push({ offset, length: next - offset });
    offset = next;
  }
  return frames;
}

function frameEnd(file: Deno.FsFile, offset: number): number | undefined {
  let end = offset;
  for (const part of partsOf(new ReadAhead(file), offset)) {
    if (part === undefined) return undefined;
    end = part.offset + part.length;
  }
  return end;
}

/**
 * The parts of a frame: its header, each block, and the checksum. What can't be a block
 * ends them with `undefined`.
 */
function* partsOf(
  file: ReadAhead,
  offset: number,
): Generator<FramePlace | undefined> {
  const descriptor = file.at(offset + 4, 1)[0] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const contentSize = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const header = 5 + (isSingle ? 0 : 1) + dictionary + contentSize;
  yield { offset, length: header };
  let at = offset + header;
  for (let isLast = false; !isLast;) {
    const head = file.at(at, 3);
    if (head.length < 3) return yield undefined;
    const block = head[0]! | head[1]! << 8 | head[2]! << 16;
    isLast = (block & 1) === 1;
    const type = block >> 1 & 3;
    if (type === 3) return yield undefined;
    const length = 3 + (type === 1 ? 1 : block >> 3);
    yield { offset: at, length };
    at += length;
  }
  if ((descriptor & 4) !== 0) yield { offset: at, length: 4 };
}

/** Bytes of a file by their places; it is read in larger pieces. */
class ReadAhead {
  #memory = new Uint8Array(readAtOnce);
  #offset = 0;
  #length = 0;

  constructor(readonly file: Deno.FsFile) {}

  /**
   * Some bytes; fewer if the file ends before. They are gone when others are asked for.
   *
   * @param length Not more than is read at once.
   */
  at(offset: number, length: number): Uint8Array {
    const isHeld = offset >= this.#offset &&
      offset + length <= this.#offset + this.#length;
    if (!isHeld) {
      this.#offset = offset;
      this.#length = readInto(this.#memory, this.file, offset);
    }
    const from = offset - this.#offset;
    return this.#memory.subarray(from, Math.min(from + length, this.#length));
  }
}

/**
 * The bytes of a frame, each block by itself; it is gone when the next one is asked for.
 * If more came at once, Deno 2.9.6 would end the process on damaged content: an error is
 * thrown to nobody if it is found when the first piece of the output has been taken.
 *
 * @param reaches Waits until the file is there up to some place, or has ended.
 */
export async function* blocksIn(
  file: Deno.FsFile,
  { offset, length }: FramePlace,
  reaches: (end: number) => Promise<void> | void = () => {},
): AsyncGenerator<Uint8Array> {
  const ahead = new ReadAhead(file);
  const end = offset + length;
  let at = offset;
  await reaches(at + largestHeader);
  for (const part of partsOf(ahead, offset)) {
    const size = Math.min(part?.length ?? end - at, end - at);
    if (size <= 0) return;
    await reaches(at + size + largestHeader);
    // A damaged header may tell of a huge block; the first bytes will do to refuse it.
    yield ahead.at(at, Math.min(size, largestBlock));
    at += size;
  }
}

/** Where the next frame begins, of whichever kind. */
function nextMagic(file: Deno.FsFile, from: number): number | undefined {
  for (let offset = from;; offset += searchSize - 3) {
    const bytes = readAt(file, offset, searchSize);
    for (let at = 0; at + 4 <= bytes.length; at++) {
      const magic = uint32(bytes, at);
      if (magic === frameMagic) return offset + at;
      if (magic - magic % 16 === skippableMagic) return offset + at;
    }
    if (bytes.length < searchSize) return undefined;
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return (a | b << 8 | c << 16 | d << 24) >>> 0;
}
