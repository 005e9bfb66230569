/**
 * Names and values that would command a terminal: none of them reaches it raw.
 *
 * @module
 */
import { assertEquals, assertNotMatch } from "@std/assert";
import { join } from "@std/path";
import { exportBackup } from "../../lib/export/export.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { atInstallation, session, withDb } from "../support/scratch.ts";

const EVIL = "\x1b[31m\x07\x9b2J\u202e\u2066\u2028\r\n\x7f";
const raw = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const hostile = `
CREATE TABLE soy_meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE "t${EVIL}" (id INTEGER PRIMARY KEY, "c${EVIL}" TEXT UNIQUE, name TEXT,
  CHECK (name <> 'bad${EVIL}'));
CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, "x${EVIL}" TEXT);
INSERT INTO "t${EVIL}" VALUES (1, 'v${EVIL}', 'n${EVIL}'), (2, 'w', 'n');
INSERT INTO contacts VALUES (1, 'Ann${EVIL}', 'x');
`;

const COMMANDS: Record<string, string[]> = {
  "an export": ["export"],
  "a proved export": ["export", "--verify"],
  "a status": ["status"],
  "a detailed status": ["status", "--details"],
  "a verification": ["verify"],
  "a preview": ["import", "saved.json", "--dry-run"],
  "an import": ["import", "saved.json"],
  "an undo": ["undo"],
  "an exact import": ["import", "saved.json", "--exact"],
  "an import of refused rows": ["import", "refused.json"],
  "an import without refused rows": [
    "import",
    "refused.json",
    "--skip-invalid",
  ],
  "an import of other columns": ["import", "columns.json"],
  "an import of a damaged file": ["import", `bad${EVIL}.json`],
  "an import of nothing": ["import", `none${EVIL}.json`],
  "an import of an unknown table": ["import", "saved.json", "--tables", EVIL],
  "an unknown command": [EVIL],
  "an unknown option": ["export", `--${EVIL}`],
  "an unknown folder": ["export", "--root", `data/${EVIL}`],
};

/** Puts a backup of the database and edits of it into the output folder. */
async function prepare(installation: Installation): Promise<void> {
  const { path } = await exportBackup(installation, session());
  const text = Deno.readTextFileSync(path);
  const save = (name: string, content: string) =>
    Deno.writeTextFileSync(join(installation.backups, name), content);
  const bare = text.replace(/,\n"counts": .*\n"sha256": .*\n\}\n$/, "\n}\n");
  const evil = JSON.stringify(EVIL).slice(1, -1);
  save("saved.json", text);
  save("refused.json", bare.replaceAll(`"name":"n`, `"name":"bad`));
  save("columns.json", bare.replaceAll('"name":', `"other${evil}":`));
  save(`bad${EVIL}.json`, bare.replace('"contacts"', "contacts"));
  save(`backup-${EVIL}.json`, "{}");
  save("backup-2020-01-01.json", `{"backup_date": "2020 (\x1b[31m\x9b)"}`);
  withDb(
    installation.database,
    (db) => db.exec("UPDATE contacts SET name = 'b'"),
  );
}

for (const as of ["words", "JSON"]) {
  Deno.test(`no hostile name reaches the terminal raw as ${as}`, async (t) => {
    await atInstallation(hostile, async (installation) => {
      await prepare(installation);
      for (const [name, args] of Object.entries(COMMANDS)) {
        const all = as === "JSON" ? [...args, "--json"] : args;
        await t.step(name, async () => {
          const { code, out, err } = await runInProcess(installation, all);
          assertEquals([0, 1, 2, 3].includes(code), true);
          assertNotMatch(out, raw);
          assertNotMatch(err, raw);
          assertNotMatch(err, /Unexpected error/);
        });
      }
    });
  });
}
