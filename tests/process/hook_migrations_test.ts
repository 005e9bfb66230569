/**
 * The hook beside the application's start: its migrations, which never wait for a lock,
 * do not fail because of it, and no backup shows half of one.
 *
 * The environment variable BACKUP_TEST_STARTS asks for more starts than the two by
 * default for each journal mode.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { makeBundle } from "../support/bundle.ts";
import { namesIn } from "../support/installation.ts";
import { makePlugin } from "../support/plugin.ts";
import { runOf, toolCommand } from "../support/process.ts";
import { putSample } from "../support/sample.ts";
import { inScratch, withDb } from "../support/scratch.ts";

const starts = Number(Deno.env.get("BACKUP_TEST_STARTS") ?? 2);

/** As many as the application has. */
const migrations = 23;

type JournalMode = "delete" | "wal";

/** An installation as the application makes it: its data is behind links. */
interface Home {
  root: string;
  database: string;
  output: string;
}

function makeHome(folder: string, mode: JournalMode): Home {
  const [root, data] = [join(folder, "plugin"), join(folder, "home")];
  makePlugin(root, data);
  const home = {
    root,
    database: join(data, "soy.db"),
    output: join(data, "output"),
  };
  putSample(home.database, { scale: 0.2 });
  withDb(home.database, (db) =>
    db.exec(
      `PRAGMA journal_mode = ${mode}; CREATE TABLE first_half (n INTEGER);
       CREATE TABLE second_half (n INTEGER); INSERT INTO first_half VALUES (0);
       INSERT INTO second_half VALUES (0)`,
    ));
  return home;
}

/** One after the other, each with a connection of its own; gives what failed. */
async function migrate({ database }: Home, start: number): Promise<string[]> {
  const failed: string[] = [];
  for (let i = 1; i <= migrations; i++) {
    await pause(Math.random() * 40);
    try {
      withDb(database, (db) => db.exec(migration(start * 100 + i)));
    } catch (error) {
      failed.push(String(error));
    }
  }
  return failed;
}

function migration(n: number): string {
  return `PRAGMA busy_timeout = 0; BEGIN;
    UPDATE first_half SET n = ${n};
    DROP VIEW IF EXISTS v_people; CREATE VIEW v_people AS SELECT * FROM contacts;
    INSERT OR REPLACE INTO modules (name, version) VALUES ('crm', '1.0.0');
    UPDATE contacts SET updated_at = datetime('now'), notes = notes || ' ';
    UPDATE second_half SET n = ${n}; COMMIT`;
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

async function startHook(home: Home): Promise<string[]> {
  const entry = join(home.root, "backup.js");
  const command = toolCommand(["hook"], { cwd: home.root, entry });
  const { code, out, err } = runOf(await command.output());
  assertEquals([code, out, err], [0, "", ""]);
  return namesIn(home.output).filter((name) => name.startsWith("backup-"));
}

function mustBeWhole(path: string): void {
  const { tables } = JSON.parse(Deno.readTextFileSync(path));
  assertEquals(tables.first_half, tables.second_half);
}

/** Every other start finds that a backup is due. */
async function startTogether(home: Home, start: number): Promise<void> {
  for (const name of start % 2 ? [] : namesIn(home.output)) {
    Deno.removeSync(join(home.output, name));
  }
  const [failed, backups] = await Promise.all([
    migrate(home, start),
    startHook(home),
  ]);
  assertEquals(failed, [], `start ${start}`);
  assertEquals(backups.length, 1);
  for (const name of backups) mustBeWhole(join(home.output, name));
}

for (const mode of ["delete", "wal"] as const) {
  Deno.test(`beside the hook no migration fails, journal mode ${mode}`, async () => {
    await inScratch(async (folder) => {
      const home = makeHome(folder, mode);
      await makeBundle(home.root);
      for (let start = 0; start < starts; start++) {
        await startTogether(home, start);
      }
    });
  });
}

Deno.test("control: such migrations fail beside whoever reads", async () => {
  await inScratch(async (folder) => {
    const home = makeHome(folder, "delete");
    const db = new Database(home.database);
    try {
      db.exec("BEGIN; SELECT * FROM sqlite_schema");
      const failed = await migrate(home, 1);
      assertEquals(failed.length, migrations);
      assert(failed.every((error) => error.includes("database is locked")));
    } finally {
      db.close();
    }
  });
});
