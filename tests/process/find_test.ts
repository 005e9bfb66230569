/**
 * `find` as a process, with the permissions of daily use: encrypted backups and months,
 * and a signal in the middle.
 *
 * @module
 */
import {
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { atDays, packNames, plainNames, tidied } from "../pack/days.ts";
import { inside, namesIn, tool } from "../support/installation.ts";
import type { Run } from "../support/process.ts";
import { RunningTool } from "../support/running.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

const made = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO contacts VALUES (1, 'Tom'), (7, 'Sarah Chen');`;
const goneAfter = 3;
const days = 12;
const lastSeen = "backup-2026-01-03.json";

/** Makes daily backups, the first five of which are packed; then one row is gone. */
function atHistory(
  test: (installation: Installation) => Promise<void>,
): Promise<void> {
  return atInstallation(made, async (installation) => {
    for (let day = 1; day <= days; day++) {
      const now = () => new Date(2026, 0, day, 12);
      await exportBackup(installation, { ...session(), now });
      if (day === goneAfter) {
        withDb(
          installation.database,
          (db) => db.exec("DELETE FROM contacts WHERE id = 7"),
        );
      }
    }
    await tidied(installation);
    assertEquals(packNames(installation), ["backups-2026-01.tar.zst"]);
    await test(installation);
  });
}

/** Encrypts files of the backups' folder; the key that opens them is in the data's. */
async function encrypt(
  { backups, data }: Installation,
  names: string[],
): Promise<void> {
  const identity = await generateX25519Identity();
  Deno.writeTextFileSync(join(data, "key.txt"), `${identity}\n`);
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  for (const name of names) {
    const path = join(backups, name);
    const bytes = await encrypter.encrypt(Deno.readFileSync(path));
    Deno.writeFileSync(`${path}.age`, bytes, { mode: 0o600 });
    Deno.removeSync(path);
  }
}

const withKey = ["--identity", "data/key.txt"];

Deno.test("find looks into encrypted backups and months with a key", async () => {
  await atHistory(async (installation) => {
    const plain = plainNames(installation).slice(0, 2);
    await encrypt(installation, [...packNames(installation), ...plain]);
    const files = namesIn(installation.backups);
    const run = await tool(installation, ["find", "sarah", ...withKey]);
    assertEquals([run.code, run.err], [0, ""]);
    assert(
      run.out.includes(`import ${lastSeen} --only contacts:7`),
      run.out,
    );
    const life = await tool(
      installation,
      ["find", "contacts:7", "--json", ...withKey],
    );
    assertEquals([life.code, life.err], [0, ""]);
    const { record } = JSON.parse(life.out);
    assertEquals([record.backups, record.here], [goneAfter, false]);
    const kinds = record.events.map(({ kind }: { kind: string }) => kind);
    assertEquals(kinds, ["first", "gone"]);
    assertEquals(namesIn(installation.backups), files);
  });
});

Deno.test("without the key find names what it could not look into", async () => {
  await atHistory(async (installation) => {
    const [oldest] = plainNames(installation);
    await encrypt(installation, [...packNames(installation), oldest!]);
    const run = await tool(installation, ["find", "sarah"]);
    assertEquals(run.code, 3);
    const lines = run.err.trim().split("\n");
    assertEquals(lines.length, 2);
    for (const line of lines) {
      assertMatch(line, /^Left out: backups?-.*\.age: it is encrypted; --iden/);
    }
    await encrypt(installation, []);
    const other = await tool(installation, ["find", "sarah", ...withKey]);
    assertEquals(other.code, 3);
    for (const line of other.err.trim().split("\n")) {
      assertMatch(line, /^Left out: backups?-.*\.age: this key .* not open it/);
    }
  });
});

Deno.test("a signal stops find, and nothing decrypted is left", async (t) => {
  await atDays(40, async (installation) => {
    const { backups } = installation;
    await tidied(installation);
    await encrypt(installation, packNames(installation));
    const [month] = namesIn(backups).filter((name) => name.endsWith(".age"));
    // Copies under the names of other months make it take its time.
    for (let number = 1; number <= 12; number++) {
      const name = `backups-2024-${
        String(number).padStart(2, "0")
      }.tar.zst.age`;
      Deno.copyFileSync(join(backups, month!), join(backups, name));
    }
    const before = namesIn(backups);
    const find = () =>
      new RunningTool(["find", "budget", ...withKey], inside(installation));
    await t.step("SIGKILL", async () => {
      const running = find();
      assert(await running.reaches(() => running.listens));
      running.signal("SIGKILL");
      assertEquals((await running.end()).code, 137);
      assertEquals(namesIn(backups), before);
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      await t.step(signal, async () => {
        assertEquals(await heeded(find, signal), {
          code: 130,
          out: "",
          err: "Error: Interrupted: nothing was changed\n",
        });
        assertEquals(namesIn(backups), before);
      });
    }
  });
});

/** Sends a signal to runs until one heeds it: the first may not listen to it yet. */
async function heeded(
  start: () => RunningTool,
  signal: Deno.Signal,
): Promise<Run> {
  for (let tries = 1;; tries++) {
    const running = start();
    assert(await running.reaches(() => running.listens));
    running.signal(signal);
    const run = await running.end();
    if (run.err || tries === 5) return run;
  }
}

Deno.test("import --keep-newer leaves alone what is newer, with the permissions of daily use", async () => {
  const sql = `CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT,
      updated_at TEXT);
    INSERT INTO contacts VALUES (1, 'Tom', '2026-01-01 10:00:00'),
      (2, 'Ann', '2026-01-01 10:00:00');`;
  await atInstallation(sql, async (installation) => {
    const now = () => new Date(Date.UTC(2026, 0, 2));
    await exportBackup(installation, { ...session(), now });
    withDb(installation.database, (db) =>
      db.exec(
        `UPDATE contacts SET name = 'Thomas', updated_at = '2026-01-03 10:00:00'
          WHERE id = 1;
        UPDATE contacts SET name = 'Anna' WHERE id = 2;`,
      ));
    const args = ["import", "latest", "--keep-newer"];
    const run = await tool(installation, args);
    assertEquals([run.code, run.err], [0, ""]);
    withDb(installation.database, (db) => {
      const rows = db.prepare("SELECT name FROM contacts ORDER BY id").values();
      assertEquals(rows, [["Thomas"], ["Ann"]]);
    });
  });
});
