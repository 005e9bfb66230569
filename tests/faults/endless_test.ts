/**
 * Signals while SQLite is in the middle of a statement that never ends.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { basename, dirname, fromFileUrl, join, relative } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { inside, makeBackup, namesIn } from "../support/installation.ts";
import { RunningTool } from "../support/running.ts";
import { putSmallSample } from "../support/sample.ts";
import { inScratch, makeInstallation, rowsIn } from "../support/scratch.ts";
import { assertTidy, type Files, filesOf, putFiles } from "./kills.ts";

/**
 * How soon the tool has to be gone, in milliseconds of its own work, which fills all of
 * its time unless others take the processor.
 */
const soon = 2_000;

const nothing = "Error: Interrupted: nothing was changed\n";
const lastStep =
  "Error: Interrupted at the last step: all of it was done, or nothing\n";

const preload = fromFileUrl(new URL("./endless.ts", import.meta.url));

/** Sends signals to the tool once it is stuck, and says what it came to. */
async function stopped(
  installation: Installation,
  args: string[],
  statement: string,
  signals: Deno.Signal[],
  after = 0,
) {
  const options = inside(installation, {
    allow: [
      "--preload",
      preload,
      "--allow-env=ENDLESS_STATEMENT,ENDLESS_AFTER",
    ],
    env: { ENDLESS_STATEMENT: statement, ENDLESS_AFTER: `${after}` },
  });
  const running = new RunningTool(args, options);
  assert(await running.says("stuck\n"), "no statement was endless");
  const start = workOf(running);
  let end = start;
  // Without the watch nothing but this would end it.
  const timer = setTimeout(() => running.signal("SIGKILL"), 3 * soon);
  for (const signal of signals) running.signal(signal);
  await running.reaches(() => {
    try {
      end = workOf(running);
    } catch { /* It has just ended. */ }
    return false;
  });
  const { code, out, err } = await running.end();
  clearTimeout(timer);
  assert(end - start < soon, "it took too long");
  return { code, out, err: err.replace("stuck\n", "") };
}

/** The processor time of a process that runs, or the clock, in milliseconds. */
function workOf({ pid }: RunningTool): number {
  if (Deno.build.os !== "linux") return performance.now();
  // The name of the program, in parentheses, may have spaces.
  const [, fields = ""] = Deno.readTextFileSync(`/proc/${pid}/stat`).split(
    ") ",
  );
  const [user, system] = fields.split(" ").slice(11, 13).map(Number);
  const millisecondsInTick = 10;
  return (user! + system!) * millisecondsInTick;
}

/** A database with other rows than its backup, and a snapshot. */
async function atBackup(
  test: (installation: Installation, backup: string) => Promise<void>,
): Promise<void> {
  await inScratch(async (folder) => {
    const installation = makeInstallation(folder, "here");
    putSmallSample(installation.database, { scale: 0.02 });
    const backup = basename(await makeBackup(installation));
    Deno.removeSync(installation.database);
    putSmallSample(installation.database, { scale: 0.01, seed: 2 });
    const run = ["import", backup, "--replace"];
    const { code } = await runInProcess(installation, run);
    assertEquals(code, 0);
    // Something for the next import to change.
    rowsIn(installation.database, "UPDATE emails SET subject = 'Lost'");
    await test(installation, backup);
  });
}

/** A command, and the statement in which it is stopped. */
interface Case {
  args: string[];
  statement: string;
  /** How many such statements come before. */
  after?: number;
  /** Whether there is no database. */
  lost?: boolean;
  /** Whether its last step has begun. */
  last?: boolean;
}

const cases: Record<string, Case> = {
  "an export in reading rows": { args: ["export"], statement: "group_concat" },
  "an export in noting its time": {
    args: ["export"],
    statement: "^UPDATE main.soy_meta",
    last: true,
  },
  "an export in its check": {
    args: ["export", "--verify"],
    statement: "^PRAGMA integrity_check",
  },
  "an import in comparing": {
    args: ["import", "FILE"],
    statement: "^INSERT INTO temp.soy_changes",
  },
  "an import in applying": {
    args: ["import", "FILE"],
    statement: "^DELETE FROM main",
  },
  "an import in its commit": {
    args: ["import", "FILE"],
    statement: "^COMMIT",
    last: true,
  },
  "an import into nothing in loading": {
    args: ["import", "FILE"],
    statement: "jsonb_each|VALUES",
    lost: true,
  },
  "an import into nothing in an index": {
    args: ["import", "FILE"],
    statement: "CREATE (UNIQUE )?INDEX",
    lost: true,
  },
  "a preview": {
    args: ["import", "FILE", "--dry-run"],
    statement: "^CREATE TABLE temp.soy_stage",
  },
  "a verification": { args: ["verify"], statement: "^PRAGMA integrity_check" },
  "an undo in its check": { args: ["undo"], statement: "^PRAGMA quick_check" },
  "an undo in its exchange": {
    args: ["undo"],
    statement: "^PRAGMA synchronous = EXTRA",
    // The copy of the state that is replaced has one, too.
    after: 1,
    last: true,
  },
};

/** How many cases go on at once: most of their time they wait. */
const lanes = 4;

Deno.test("a signal ends every command, whatever SQLite is doing", async () => {
  await atBackup(async (installation, backup) => {
    const left = Object.entries(cases);
    const before = filesOf(installation);
    const lane = async (_: unknown, n: number) => {
      const own = copyOf(installation, before, `lane ${n}`);
      const files = filesOf(own);
      for (let next; (next = left.shift()) !== undefined;) {
        await assertEnds(own, files, backup, next);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  });
});

async function assertEnds(
  installation: Installation,
  before: Files,
  backup: string,
  [name, { args, statement, after, lost, last }]: [string, Case],
): Promise<void> {
  putFiles(installation, before);
  if (lost) Deno.removeSync(installation.database);
  const run = args.map((arg) => arg === "FILE" ? backup : arg);
  const end = await stopped(installation, run, statement, ["SIGINT"], after);
  const err = last ? lastStep : nothing;
  assertEquals(end, { code: 130, out: "", err }, name);
  assertNothingTemporary(installation);
  if (!last) assertUnchanged(installation, before);
  const { code } = await runInProcess(installation, run);
  assertEquals(code, 0, name);
  assertTidy(installation);
}

/** Another installation with the same files, beside the first. */
function copyOf(
  { root }: Installation,
  files: Files,
  name: string,
): Installation {
  const copy = makeInstallation(dirname(root), name);
  const moved = [...files].map(([path, bytes]) =>
    [join(copy.root, relative(root, path)), bytes] as const
  );
  putFiles(copy, new Map(moved));
  return copy;
}

Deno.test("other signals, and more than one, do the same", async () => {
  await atBackup(async (installation, backup) => {
    const before = filesOf(installation);
    const others: Deno.Signal[][] = [
      ["SIGTERM"],
      ["SIGHUP"],
      ["SIGINT", "SIGINT", "SIGTERM"],
    ];
    for (const signals of others) {
      const run = ["import", backup];
      const end = await stopped(installation, run, "^DELETE FROM", signals);
      assertEquals(end, { code: 130, out: "", err: nothing });
      assertNothingTemporary(installation);
      assertUnchanged(installation, before);
    }
  });
});

Deno.test("a program that asks for JSON gets it, even if SQLite is stuck", async () => {
  await atBackup(async (installation) => {
    const run = ["verify", "--json"];
    const statement = "^PRAGMA integrity_check";
    const { out } = await stopped(installation, run, statement, ["SIGTERM"]);
    assertEquals(JSON.parse(out), {
      ok: false,
      exit_code: 130,
      error: "Interrupted: nothing was changed",
    });
  });
});

function assertNothingTemporary({ data, backups }: Installation): void {
  const left = [...namesIn(data), ...namesIn(backups)]
    .filter((name) => name.endsWith(".tmp"));
  assertEquals(left, []);
}

/** Makes sure that the same files are there, and the database says the same. */
function assertUnchanged(installation: Installation, before: Files): void {
  const { database, backups } = installation;
  const names = namesIn(backups).map((name) => join(backups, name));
  const old = [...before.keys()].filter((path) => path.startsWith(backups));
  assertEquals(names.sort(), old.sort());
  if (!existsSync(database)) return;
  // SQLite rolls back what was under way.
  rowsIn(database, "SELECT count(*) FROM sqlite_schema");
  assertEquals(Deno.readFileSync(database), before.get(database));
}
