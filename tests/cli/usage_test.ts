/**
 * Command lines that are wrong, and those that only look so.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { COMMANDS } from "../../lib/cli/main.ts";
import { runInProcess } from "../support/in_process.ts";
import {
  atSample,
  makeBackup,
  namesIn,
  tool,
} from "../support/installation.ts";

const names = COMMANDS.map(({ name }) => name);
const commands = `the commands are ${names.join(", ")}`;
const pathNeeded =
  "import needs the path of a backup; status lists the backups";

const likeKeygen = "as in keygen ~/soy-backup-key.txt";
const likeFind = "as in find 'Sarah Chen' or find contacts:7";
const likeShow = "as in contacts or contacts:12";
const snapshots = "undo --list shows them";

const bothLists = "--tables and --except exclude each other; give one";

const wrongLines: [string[], string][] = [
  [["--nope"], 'Unknown option "--nope"; see --help'],
  [["--nope=1"], 'Unknown option "--nope=1"; see --help'],
  [["status", "-x"], 'Unknown option "-x"; see --help'],
  [["--no-quiet"], 'Unknown option "--no-quiet"; see --help'],
  [["--quit"], 'Unknown option "--quit"; did you mean --quiet?'],
  [["exprt"], 'Unknown command "exprt"; did you mean export?'],
  [["restor"], 'Unknown command "restor"; did you mean restore?'],
  [["restore"], pathNeeded],
  [["list", "--exact"], "status takes no --exact; see --help"],
  [["hlep"], 'Unknown command "hlep"; did you mean help?'],
  [["help", "exprt"], 'Unknown command "exprt"; did you mean export?'],
  [["recover"], `Unknown command "recover"; ${commands}`],
  [["7"], `Unknown command "7"; ${commands}`],
  [[""], `Unknown command ""; ${commands}`],
  [["export", "a.json"], 'export takes no "a.json"; see --help'],
  [["status", "007"], 'status takes no "007"; see --help'],
  [["import", "a", "b c"], 'import takes no "b c"; see --help'],
  [["export", "--", "--json"], 'export takes no "--json"; see --help'],
  [["import"], pathNeeded],
  [["import", ""], pathNeeded],
  [["keygen"], `keygen needs a new file for the secret key, ${likeKeygen}`],
  [["find"], `find needs what to look for, ${likeFind}`],
  [["find", "root", "-"], 'find takes no "-"; see --help'],
  [["find", ""], `find needs what to look for, ${likeFind}`],
  [["show", "latest", ""], `show needs a table or a record, ${likeShow}`],
  [["undo", ""], `undo needs the name of a snapshot; ${snapshots}`],
  [["--root"], "--root needs a value; see --help"],
  [["--root="], "--root needs a value; see --help"],
  [["status", "--root", "--json"], "--root needs a value; see --help"],
  [["--root", "a", "--root", "b"], "--root is given twice; give it once"],
  [["status", "--quiet"], "status takes no --quiet; see --help"],
  [["import", "a", "--tables", "b", "--except", "c"], bothLists],
  [["import", "a", "--tables="], "--tables needs a value; see --help"],
  [["import", "a", "--tables=,"], "--tables needs names of tables; see --help"],
  [["undo", "--exact"], "undo takes no --exact; see --help"],
  [["verify", "a", "b"], 'verify takes no "b"; see --help'],
  [["import", "a", "--exact=no"], "--exact takes no value; see --help"],
  [["import", "a", "--dry-run=0"], "--dry-run takes no value; see --help"],
  [["import", "a", "--exact="], "--exact takes no value; see --help"],
  [
    ["import", "a", "--dry-run", "false"],
    "--dry-run takes no value; see --help",
  ],
  [["import", "--exact", "true"], "--exact takes no value; see --help"],
  [["--quiet=false"], "--quiet takes no value; see --help"],
  [["--json=false"], "--json takes no value; see --help"],
  [["--help=no"], "--help takes no value; see --help"],
  [["-h=no"], "--help takes no value; see --help"],
  [["-h", "false"], "--help takes no value; see --help"],
  [["--version", "true"], "--version takes no value; see --help"],
  [["--force"], "export takes no --force; see --help"],
  [["status", "\x1b[2J"], 'status takes no "\\u001b[2J"; see --help'],
];

Deno.test("a wrong command line exits with 2, one line and no change", async (t) => {
  await atSample(async (installation) => {
    const before = Deno.readFileSync(installation.database);
    for (const [args, line] of wrongLines) {
      await t.step(JSON.stringify(args), async () => {
        const run = await runInProcess(installation, args);
        const json = args.includes("--json") && args[1] !== "--";
        if (!json) assertEquals(run.out, "");
        assertEquals([run.code, run.err], [2, line]);
      });
    }
    assertEquals(Deno.readFileSync(installation.database), before);
    assertEquals(namesIn(installation.backups), []);
  });
});

Deno.test("a wrong command line with --json is answered by one object", async () => {
  await atSample(async (installation) => {
    const { code, out } = await tool(installation, ["recover", "--json"]);
    assertEquals(code, 2);
    const error = `Unknown command "recover"; ${commands}`;
    assertEquals(JSON.parse(out), { ok: false, exit_code: 2, error });
  });
});

Deno.test("file names that look like numbers or options stay what they are", async (t) => {
  await atSample(async (installation) => {
    const backup = await makeBackup(installation);
    for (const name of ["007", "0x10", "1e3", "--json", "-h"]) {
      await t.step(name, async () => {
        Deno.copyFileSync(backup, join(installation.backups, name));
        const { code, out, err } = await tool(installation, [
          "import",
          "--",
          name,
        ]);
        assertEquals([code, err], [0, ""]);
        assertStringIncludes(out, "Imported 31 contacts");
      });
    }
  });
});

Deno.test("a number that is no file is named as it was typed", async () => {
  await atSample(async (installation) => {
    const { code, err } = await tool(installation, ["import", "output/007"]);
    assertEquals(code, 1);
    assertEquals(
      err,
      'Error: Cannot read backup "output/007": there is no such file\n',
    );
  });
});

Deno.test("options may stand anywhere on the line", async () => {
  await atSample(async (installation) => {
    const [before, after] = await Promise.all([
      tool(installation, ["--json", "status"]),
      tool(installation, ["status", "--json"]),
    ]);
    assertEquals(JSON.parse(before.out), JSON.parse(after.out));
    assertEquals(JSON.parse(after.out).command, "status");
  });
});

Deno.test("restore is taken as import, list as status, help as --help", async (t) => {
  await atSample(async (installation) => {
    const name = basename(await makeBackup(installation));
    const pairs = [
      [["restore", name, "--dry-run"], ["import", name, "--dry-run"]],
      [["list", "--json"], ["status", "--json"]],
      [["help"], ["--help"]],
      [["help", "restore"], ["import", "--help"]],
      [["help", "status"], ["status", "--help"]],
    ];
    for (const [alias, args] of pairs) {
      await t.step(alias!.join(" "), async () => {
        const run = await runInProcess(installation, alias!);
        assertEquals(run, await runInProcess(installation, args!));
        assertEquals(run.code, 0);
      });
    }
    const { out } = await runInProcess(installation, ["help"]);
    for (
      const line of ["restore  The same as import", "list     The same as"]
    ) {
      assertStringIncludes(out, line);
    }
  });
});
