/**
 * What the tool does, whether it is run from its sources or as one file.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { dumpAll } from "../support/dump.ts";
import { makeInstallation } from "../support/scratch.ts";
import {
  atSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

/** A test of the program, or of the file that it was put into. */
export interface MainCase {
  name: string;
  check(entry?: string): Promise<void>;
}

/** The tests. */
export const MAIN_CASES: MainCase[] = [
  { name: "without arguments it makes a backup", check: exportsByDefault },
  { name: "a database lost comes back with every row", check: restoresAll },
  { name: "status names the backup that export made", check: namesBackup },
  { name: "--json answers with one object and no words", check: answersJson },
  { name: "--json answers an error with one object too", check: failsInJson },
  { name: "--quiet says nothing", check: keepsQuiet },
  { name: "a wrong line exits with 2 and one line", check: refusesWrongLine },
  { name: "a failure exits with 1 and one line", check: failsInOneLine },
];

function exportsByDefault(entry?: string): Promise<void> {
  return atSample(async (installation) => {
    const { code, out, err } = await tool(installation, [], { entry });
    assertEquals([code, err], [0, ""]);
    const [first = "", second = "", ...rest] = out.split("\n");
    assertMatch(first, /^Backup saved\. 31 contacts, .* 8 projects, .*\.$/);
    assertMatch(first, /, 12 narratives exported\.$/);
    assertMatch(
      second,
      /^output\/backup-\d{4}-\d\d-\d\d\.json, \d+(\.\d)? (KB|MB)$/,
    );
    assertEquals(rest, [""]);
    assertEquals(namesIn(installation.backups), [second.slice(7, 29)]);
  });
}

function restoresAll(entry?: string): Promise<void> {
  return atSample(async (installation) => {
    const source = await makeBackup(installation);
    // Those an import keeps out and the one that it writes into itself.
    const apart = ["activity_log", "generated_views", "schema_migrations"];
    const before = dumpAll(installation.database, [...apart, "soy_meta"]);
    Deno.removeSync(installation.database);
    const { code, out } = await tool(installation, ["import", source], {
      entry,
    });
    assertEquals(code, 0);
    assertMatch(out, /^Imported 31 contacts, .* from backup\.\n/);
    assertEquals(
      dumpAll(installation.database, [...apart, "soy_meta"]),
      before,
    );
  });
}

function namesBackup(entry?: string): Promise<void> {
  return atSample(async (installation) => {
    await makeBackup(installation);
    const { code, out, err } = await tool(installation, ["status"], { entry });
    assertEquals([code, err], [0, ""]);
    const [first, second = ""] = out.split("\n");
    assertEquals(first, "Last backup: just now. 1 backup file found.");
    assert(second.trim().startsWith(namesIn(installation.backups)[0]!));
  });
}

function answersJson(entry?: string): Promise<void> {
  return atSample(async (installation) => {
    const { code, out, err } = await tool(installation, ["--json"], { entry });
    assertEquals([code, err, out.split("\n").length], [0, "", 2]);
    const answer = JSON.parse(out);
    assertEquals(answer.command, "export");
    assertEquals([answer.ok, answer.exit_code], [true, 0]);
    assertEquals(answer.tables[0], { name: "contacts", rows: 31 });
    const { size } = Deno.statSync(join(installation.root, answer.file));
    assertEquals(answer.bytes, size);
  });
}

function failsInJson(entry?: string): Promise<void> {
  return atSample(async (installation) => {
    const args = ["import", "output/none.json", "--json"];
    const { code, out, err } = await tool(installation, args, { entry });
    assertEquals([code, out.split("\n").length], [1, 2]);
    const { error, ...rest } = JSON.parse(out);
    assertEquals(rest, { ok: false, exit_code: 1 });
    assertEquals(err, `Error: ${error}\n`);
  });
}

function keepsQuiet(entry?: string): Promise<void> {
  return atSample(async (installation) => {
    const { code, out, err } = await tool(installation, ["--quiet"], { entry });
    assertEquals([code, out, err], [0, "", ""]);
    assertEquals(namesIn(installation.backups).length, 1);
  });
}

function refusesWrongLine(entry?: string): Promise<void> {
  return atSample(async (installation) => {
    const { code, out, err } = await tool(installation, ["--nope"], { entry });
    assertEquals([code, out], [2, ""]);
    assertEquals(err, 'Unknown option "--nope"; see --help\n');
    assertEquals(namesIn(installation.backups), []);
  });
}

function failsInOneLine(entry?: string): Promise<void> {
  return atSample(async ({ root }) => {
    const empty = makeInstallation(root, "empty");
    const { code, out, err } = await tool(empty, [], { entry });
    assertEquals([code, out], [1, ""]);
    assertMatch(err, /^Error: Cannot find a database: [^\n]+ with import\n$/);
  });
}
