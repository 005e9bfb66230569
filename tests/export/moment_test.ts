/**
 * A backup is one moment, whoever writes meanwhile.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openForReading } from "../../lib/database/connection.ts";
import { exportBackup } from "../../lib/export/export.ts";
import { writeMoment } from "../../lib/export/moment.ts";
import { InterruptedError } from "../../lib/errors.ts";
import { FileSink } from "../../lib/format/writer.ts";
import { importBackup } from "../../lib/import/import.ts";
import type { Progress } from "../../lib/session.ts";
import { createUnnamed } from "../../lib/store/files.ts";
import { atInstallation, rowsIn, session } from "../support/scratch.ts";

/** Two tables that agree on a number, with rows enough for several pieces. */
const books = (mode: string) => `
PRAGMA journal_mode = ${mode};
CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE debit (id INTEGER PRIMARY KEY, sum INTEGER, text TEXT);
CREATE TABLE credit (id INTEGER PRIMARY KEY, sum INTEGER);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
INSERT INTO debit SELECT i, 1, hex(randomblob(50)) FROM n;
INSERT INTO credit SELECT id, 1 FROM debit;
`;
const transfer = "BEGIN IMMEDIATE; UPDATE debit SET sum = sum + 1; " +
  "UPDATE credit SET sum = sum + 1; INSERT INTO debit VALUES (9999, 7, 'x'); " +
  "CREATE TABLE later (x); COMMIT";

/** A session that does a step each time an export has written rows. */
function meddling(step: () => void) {
  return {
    ...session(),
    checkpoint: (progress?: Progress) => {
      if (progress?.rows) step();
      return Promise.resolve();
    },
  };
}

function sums(path: string): number[][] {
  const { tables } = JSON.parse(Deno.readTextFileSync(path));
  return ["debit", "credit"].map((name) => {
    const rows = tables[name] as { sum: number }[];
    return [rows.length, rows.reduce((all, { sum }) => all + sum, 0)];
  });
}

Deno.test("export() is one moment while another connection writes in WAL mode", async () => {
  await atInstallation(books("WAL"), async (installation) => {
    const other = new Database(installation.database);
    try {
      let looks = 0;
      const meddler = meddling(() => {
        if (++looks === 2) other.exec(transfer);
      });
      const { path, tables } = await exportBackup(installation, meddler);
      assert(looks > 2);
      assertEquals(sums(path), [[3000, 3000], [3000, 3000]]);
      assertEquals(tables.length, 3);
    } finally {
      other.close();
    }
    const query = "SELECT sum(sum) FROM credit";
    assertEquals(rowsIn(installation.database, query), [[6000]]);
  });
});

Deno.test("export() holds writers off for its moment in delete mode", async () => {
  await atInstallation(books("DELETE"), async (installation) => {
    const other = new Database(installation.database);
    try {
      other.exec("PRAGMA busy_timeout = 0");
      let looks = 0;
      const meddler = meddling(() => {
        if (++looks !== 2) return;
        assertThrows(() => other.exec(transfer), Error, "locked");
        other.exec("ROLLBACK");
      });
      const { path } = await exportBackup(installation, meddler);
      assert(looks > 2);
      assertEquals(sums(path), [[3000, 3000], [3000, 3000]]);
      other.exec(transfer);
    } finally {
      other.close();
    }
  });
});

Deno.test("export() waits for a lock, tells so once, and goes on", async () => {
  await atInstallation(books("DELETE"), async (installation) => {
    const other = new Database(installation.database);
    try {
      other.exec("BEGIN EXCLUSIVE; UPDATE debit SET sum = 5 WHERE id = 1");
      let waits = 0;
      const onWait = () => {
        waits++;
        other.exec("COMMIT");
      };
      const waiting = { ...session(), onWait };
      const { path } = await exportBackup(installation, waiting);
      assertEquals(waits, 1);
      assertEquals(sums(path)[0], [3000, 3004]);
    } finally {
      other.close();
    }
  });
});

Deno.test("import() waits for a lock and sees what was written before it", async () => {
  await atInstallation(books("DELETE"), async (installation) => {
    const { path } = await exportBackup(installation, session());
    const other = new Database(installation.database);
    try {
      other.exec("BEGIN IMMEDIATE; INSERT INTO credit VALUES (5000, 1)");
      let waits = 0;
      const onWait = () => {
        waits++;
        other.exec("COMMIT");
      };
      await importBackup(installation, path, {}, { ...session(), onWait });
      assertEquals(waits, 1);
    } finally {
      other.close();
    }
    const query = "SELECT count(*) FROM credit";
    assertEquals(rowsIn(installation.database, query), [[3001]]);
  });
});

Deno.test("export() leaves no half backup when it is interrupted", async () => {
  await atInstallation(books("DELETE"), async (installation) => {
    const first = await exportBackup(installation, session());
    const bytes = Deno.readFileSync(first.path);
    const meddler = meddling(() => {
      throw new InterruptedError();
    });
    await assertRejects(
      () => exportBackup(installation, meddler),
      InterruptedError,
    );
    assertEquals(Deno.readFileSync(first.path), bytes);
    const names = [...Deno.readDirSync(installation.backups)].map(({ name }) =>
      name
    )
      .filter((name) => name !== ".backup.lock");
    assertEquals(names.length, 1);
  });
});

Deno.test("writeMoment() tells why it failed though SQLite has ended the transaction", async () => {
  await atInstallation(books("DELETE"), async ({ database, backups }) => {
    const db = openForReading(database);
    using file = createUnnamed(backups);
    const failing = () => {
      db.exec("ROLLBACK");
      return Promise.reject(new Error("disk I/O error"));
    };
    const writing = () =>
      writeMoment(db, new FileSink(file), session(), failing);
    await assertRejects(writing, Error, "disk I/O error");
    db.close();
  });
});
