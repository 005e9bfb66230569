/**
 * Backups as files on the disk, and their rows.
 *
 * @module
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { BackupFile } from "../../lib/format/backup_file.ts";
import { inScratch } from "../support/scratch.ts";
import { whole } from "../support/backup_text.ts";

async function withBackup(
  content: string,
  test: (backup: BackupFile) => void,
): Promise<void> {
  await inScratch(async (folder) => {
    const path = join(folder, "backup-2026-02-19.json");
    Deno.writeTextFileSync(path, content);
    const backup = await BackupFile.open(path);
    try {
      test(backup);
    } finally {
      backup.close();
    }
  });
}

/** The number in the first column of each row. */
function numbers(backup: BackupFile, table: number): unknown[] {
  const span = backup.tables[table]!;
  return Array.from(backup.rows(span), ({ values }) => values[0]);
}

Deno.test("BackupFile.open() tells what the file says of itself", async () => {
  await withBackup(await whole(), (backup) => {
    assertEquals(backup.name, "backup-2026-02-19.json");
    assertEquals(backup.handMade, false);
    assertEquals(backup.members.format_version, 1);
    assertEquals(backup.tables.map(({ name }) => name), ["t", "u"]);
  });
});

Deno.test("BackupFile.rows() gives tables in any order, and again", async () => {
  const content = '\ufeff{"tables": {"a": [ {"n":1} , {"n":2} ],"é":[],' +
    '"b":[{"n":3},\r\n{"n":4}]}}';
  await withBackup(content, (backup) => {
    assertEquals(numbers(backup, 2), [3, 4]);
    assertEquals(numbers(backup, 0), [1, 2]);
    assertEquals(numbers(backup, 1), []);
    assertEquals(numbers(backup, 2), [3, 4]);
  });
});

Deno.test("BackupFile.rows() gives rows that are larger than a window", async () => {
  const sizes = [3_000_000, 1, 1_048_576, 70_000];
  const rows = sizes.map((size) => `{"n":${size},"x":"${"é".repeat(size)}"}`);
  await withBackup(`{"tables":{"t":[${rows.join(",\n")}]}}`, (backup) => {
    const found: unknown[] = [];
    // A row's bytes hold until the next one is asked for.
    for (const { values } of backup.rows(backup.tables[0]!)) {
      const bytes = values[1] as Uint8Array;
      const same = bytes.every((byte, i) => byte === (i % 2 ? 0xa9 : 0xc3));
      found.push([values[0], bytes.length, same]);
    }
    assertEquals(found, sizes.map((size) => [size, size * 2, true]));
  });
});

Deno.test("BackupFile.rows() gives rows of many lines whole", async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `{"n":${i},"s":"\\t"}`);
  await withBackup(`{"tables":{"t":[\n${rows.join(",\n")}\n]}}`, (backup) => {
    const found = numbers(backup, 0);
    assertEquals(found.length, rows.length);
    assertEquals(found.every((n, i) => n === i), true);
  });
});

Deno.test("BackupFile.rows() names the row that has no place in SQLite", async () => {
  const content = '{"tables":{"t":[{"n":1},{"n":99999999999999999999}]}}';
  await withBackup(content, (backup) => {
    const read = () => numbers(backup, 0);
    const error = assertThrows(read, BackupError);
    assertEquals(
      error.message,
      'an integer that 64 bits do not hold in table "t", row 2, byte 50',
    );
  });
});

Deno.test("BackupFile.open() says what is no file", async () => {
  await inScratch(async (folder) => {
    const missing = join(folder, "missing.json");
    const faults: [string, string][] = [
      [missing, "there is no such file"],
      [folder, "it is a folder"],
      ["/dev/null", "it is no file"],
    ];
    for (const [path, what] of faults) {
      const open = () => BackupFile.open(path);
      const error = await assertRejects(open, BackupError);
      assertEquals(error.message, `Cannot read backup "${path}": ${what}`);
    }
  });
});
