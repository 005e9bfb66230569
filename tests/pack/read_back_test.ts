/**
 * A pack that is not read back as it was written, as from a bad disk.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { Compressor } from "../../lib/pack/compressor.ts";
import { planMonths } from "../../lib/pack/months.ts";
import { writePack } from "../../lib/pack/write.ts";
import { listBackups } from "../../lib/store/catalog.ts";
import { readIndex } from "../../lib/store/pack_index.ts";

import { atDays, filesIn } from "./days.ts";

/** A file of which one byte is read as another. */
function faultyAt(place: number, file: Deno.FsFile): Deno.FsFile {
  let at = 0;
  const faulty: Pick<Deno.FsFile, "seekSync" | "readSync"> = {
    seekSync: (offset, whence) => at = file.seekSync(offset, whence),
    readSync(bytes) {
      const count = file.readSync(bytes) ?? 0;
      const found = place - at;
      if (found >= 0 && found < count) bytes[found]! ^= 1;
      at += count;
      return count || null;
    },
  };
  return faulty as Deno.FsFile;
}

Deno.test("a pack that is not read back as it was written is refused", async () => {
  await atDays(27, async ({ backups: folder, root }, files) => {
    const backups = listBackups(folder).backups.slice(7).reverse();
    const [plan] = planMonths({ packs: new Map() }, backups, new Set());
    using compressor = new Compressor();
    const path = join(root, "pack");
    const write = async (faulty?: number) => {
      Deno.writeFileSync(path, new Uint8Array());
      using file = Deno.openSync(path, { write: true });
      using real = Deno.openSync(path, { read: true });
      const copy = faulty === undefined ? real : faultyAt(faulty, real);
      const onBytes = async () => {};
      const job = { file, copy, old: undefined, compressor, onBytes };
      await writePack(job, plan!.frames);
    };
    await write();
    const { frames } = readIndex(path)!;
    assertEquals(frames.length, 2);
    for (const { offset, length } of frames) {
      for (const place of [0, 9, length >> 1, length - 1]) {
        await assertRejects(
          () => write(offset + place),
          BackupError,
          "not read back as it was written",
        );
      }
    }
    assertEquals(filesIn(folder), files);
  });
});
