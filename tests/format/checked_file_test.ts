/**
 * What is applied is what was checked: a file that is rewritten between its readings.
 *
 * @module
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { CheckedFile } from "../../lib/format/checked_file.ts";
import { importBackup } from "../../lib/import/import.ts";
import { verifyFile } from "../../lib/compare/verify.ts";
import { inScratch, rowsIn, session } from "../support/scratch.ts";
import { atPair, outputs } from "../support/pair.ts";

const rows = (name: string, count: number) =>
  `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
   WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
   INSERT INTO t SELECT i, '${name}' FROM n`;

/** Rewrites a file in place, with as many bytes and the time that it had. */
function rewrite(path: string, change: (text: string) => string): void {
  const { mtime } = Deno.statSync(path);
  const text = change(Deno.readTextFileSync(path));
  const file = Deno.openSync(path, { write: true });
  file.writeSync(new TextEncoder().encode(text));
  file.truncateSync(text.length);
  file.close();
  Deno.utimeSync(path, mtime!, mtime!);
}

/** A session that does something as soon as the work has come so far. */
function sessionWith(doing: RegExp, step: () => void) {
  let done = false;
  return {
    ...session(),
    checkpoint: (progress?: { doing: string }) => {
      if (!done && progress && doing.test(progress.doing)) {
        done = true;
        step();
      }
      return Promise.resolve();
    },
  };
}

const changes: Record<string, (text: string) => string> = {
  "with one letter changed": (text) => {
    const half = text.length / 2;
    return text.slice(0, half) + text.slice(half).replace("Anna", "Anne");
  },
  "cut off": (text) => text.slice(0, text.length / 2),
  "with another last row": (text) => text.replace(/Anna"\}\n\]/, 'Anne"}\n]'),
};

for (const [what, change] of Object.entries(changes)) {
  for (const [into, local] of [["a database", rows("Ben", 5)], ["none", ""]]) {
    Deno.test(`import() into ${into} refuses a file ${what} after it was checked`, async () => {
      await atPair(rows("Anna", 50_000), local!, async (here, path) => {
        const at = sessionWith(
          /Copying|Importing/,
          () => rewrite(path, change),
        );
        const run = () => importBackup(here, path, { exact: true }, at);
        await assertRejects(
          run,
          BackupError,
          "was changed while it was being read",
        );
        assertEquals(outputs(here), []);
        if (local) {
          const left = "SELECT DISTINCT name FROM t";
          assertEquals(rowsIn(here.database, left), [["Ben"]]);
        }
      });
    });
  }
}

Deno.test("verifyFile() does not prove a file that was changed after it was checked", async () => {
  await atPair(rows("Anna", 50_000), rows("Ben", 5), async (here, path) => {
    const change = () => rewrite(path, changes["with one letter changed"]!);
    const { problems } = await verifyFile(
      here,
      path,
      sessionWith(/Test/, change),
    );
    assertEquals(problems.length, 1);
    assertEquals(/was changed/.test(problems[0]!), true);
  });
});

Deno.test("CheckedFile gives the bytes of any place again, and none that changed", async () => {
  await inScratch((folder) => {
    const path = join(folder, "file");
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i * i % 251);
    for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
      Deno.writeFileSync(path, bytes.subarray(0, size));
      const file = new CheckedFile(Deno.openSync(path));
      assertEquals(readOn(file, 0), bytes.slice(0, size));
      for (const at of [0, 1, 65_535, 65_536, 100_000, size]) {
        assertEquals(readOn(file, at), bytes.slice(at, size));
      }
      Deno.writeFileSync(path, Uint8Array.of(1), { append: true });
      assertEquals(readOn(file, 0), bytes.slice(0, size));
      if (size > 70_000) {
        Deno.writeFileSync(
          path,
          bytes.map((byte, i) => byte + Number(i === 10)),
        );
        assertEquals(readOn(file, 65_536), bytes.slice(65_536, size));
        assertThrows(() => readOn(file, 65_535), BackupError, "was changed");
      }
      file.close();
    }
    return Promise.resolve();
  });
});

function readOn(file: CheckedFile, from: number): Uint8Array {
  file.seek(from);
  const read: number[] = [];
  const into = new Uint8Array(30_000);
  for (let count; (count = file.readSync(into));) {
    read.push(...into.subarray(0, count));
  }
  return Uint8Array.from(read);
}
