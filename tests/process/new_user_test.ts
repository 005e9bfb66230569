/**
 * The walk of a new user: install, a week of sessions, a loss that is noticed at the
 * start of the next session and mended, uninstall.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { hookCommand } from "../../lib/cli/hook.ts";
import { isSeeded } from "../../lib/soy/tables.ts";
import {
  type Installation,
  installationAt,
} from "../../lib/store/installation.ts";
import { dumpAll } from "../support/dump.ts";
import { namesIn } from "../support/installation.ts";
import { makePlugin, treeOf } from "../support/plugin.ts";
import { PROJECT, type Run, runOf } from "../support/process.ts";
import { putSample } from "../support/sample.ts";
import { inScratch, session, withDb } from "../support/scratch.ts";

/** What a download of the project has that an install needs. */
const needed = [
  ...["backup.ts", "commands", "deno.json", "deno.lock", "lib"],
  "soy-backup.sh",
];

/** The folders of the walk. */
class Walk {
  readonly project: string;
  readonly home: string;
  readonly plugin: string;
  readonly installation: Installation;

  constructor(folder: string) {
    this.project = join(folder, "project");
    this.home = join(folder, "home");
    this.plugin = join(this.home, ".software-of-you");
    this.installation = installationAt(this.plugin);
    copy(this.project);
    const data = join(this.home, ".local/share/software-of-you");
    makePlugin(this.plugin, data);
    putSample(join(data, "soy.db"), { scale: 0.05 });
  }

  /** Runs a task of the project, as `deno task NAME`. */
  task(...args: string[]): Promise<Run> {
    return this.#run(Deno.execPath(), ["task", "--quiet", ...args]);
  }

  /** Does what Claude Code does when a session starts, with its own clock. */
  startSession(): Promise<Run> {
    const text = Deno.readTextFileSync(join(this.plugin, "hooks/hooks.json"));
    const command: string = JSON.parse(text).hooks.SessionStart.at(-1)
      .hooks[0].command;
    return this.#run("sh", ["-c", command]);
  }

  /** Does what `/backup` does. */
  backup(...args: string[]): Promise<Run> {
    return this.#run("sh", [join(this.plugin, "soy-backup.sh"), ...args]);
  }

  /** What the hook says some days ago. */
  async sessionBefore(days: number): Promise<unknown> {
    const now = () => new Date(Date.now() - days * 86_400_000);
    const context = {
      installation: this.installation,
      session: { ...session(), now },
      out: () => {},
      asJson: false,
      isTerminal: false,
    };
    const answer = await hookCommand.run({ paths: [], options: {} }, context);
    return answer.json["messages"];
  }

  backups(): string[] {
    return namesIn(this.installation.backups)
      .filter((name) => name.startsWith("backup-"));
  }

  change(sql: string): void {
    withDb(this.installation.database, (db) => db.exec(sql));
  }

  /** A new database of the application: nothing in it but what its start puts there. */
  emptyDatabase(): void {
    withDb(this.installation.database, (db) => {
      const names = db.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table'",
      ).values<[string]>().flat();
      for (const name of names) {
        if (!isSeeded(name)) db.exec(`DELETE FROM "${name}"`);
      }
    });
  }

  async #run(program: string, args: string[]): Promise<Run> {
    const command = new Deno.Command(program, {
      args,
      cwd: this.project,
      env: {
        NO_COLOR: "1",
        HOME: this.home,
        CLAUDE_PLUGIN_ROOT: this.plugin,
        PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`,
        DENO_DIR: cacheFolder,
      },
      stdin: "null",
    });
    return runOf(await command.output());
  }
}

// The packages of the project are in it already; the scratch home has none.
const cacheFolder = await findCache();

async function findCache(): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  });
  const { out } = runOf(await command.output());
  return JSON.parse(out).denoDir;
}

function copy(project: string): void {
  Deno.mkdirSync(project);
  const visit = (path: string) => {
    const [from, to] = [join(PROJECT, path), join(project, path)];
    if (!Deno.statSync(from).isDirectory) return Deno.copyFileSync(from, to);
    Deno.mkdirSync(to);
    for (const name of namesIn(from)) visit(`${path}/${name}`);
  };
  needed.forEach(visit);
}

const silent: Run = { code: 0, out: "", err: "" };

Deno.test("a new user installs, is looked after for a week, loses everything and gets it back", async () => {
  await inScratch(async (folder) => {
    const walk = new Walk(Deno.realPathSync(folder));
    const app = treeOf(walk.plugin);
    const installed = await walk.task("install");
    assertEquals([installed.code, installed.err], [0, ""]);
    assertMatch(installed.out, /^Installed in .*\.software-of-you:\n/);

    for (let day = 8; day > 0; day--) {
      // Nothing changes on two days of the week.
      if (day !== 4 && day !== 5) {
        walk.change(`UPDATE contacts SET notes = 'day ${day}' WHERE id = 1`);
      }
      assertEquals(await walk.sessionBefore(day), []);
      assertEquals(await walk.sessionBefore(day - 0.2), []);
    }
    assertEquals(walk.backups().length, 6);

    const contents = dumpAll(walk.installation.database, ["activity_log"]);
    walk.emptyDatabase();
    const { code, out } = await walk.startSession();
    const message: string = JSON.parse(out).systemMessage;
    assertStringIncludes(message, "WARNING");
    assertEquals([code, walk.backups().length], [0, 6]);
    const name = /\/backup import (backup-[\d-]+\.json)/.exec(message)![1]!;
    assertEquals((await walk.backup("import", name)).code, 0);
    assertEquals(
      dumpAll(walk.installation.database, ["activity_log"]),
      contents,
    );
    assertEquals(await walk.startSession(), silent);

    assertEquals((await walk.task("uninstall")).code, 0);
    assertEquals(treeOf(walk.plugin), app);
    assertEquals(walk.backups().length >= 6, true);
  });
});

Deno.test("install and uninstall say in one line what is wrong, and change nothing", async () => {
  await inScratch(async (folder) => {
    const walk = new Walk(Deno.realPathSync(folder));
    const app = treeOf(walk.plugin);
    for (
      const [args, code, words] of [
        [["uninstall", "--plugin", "lib"], 1, /^Error: Cannot find Software/],
        [["uninstall", "--plugn", "x"], 2, /did you mean --plugin\?$/],
        [["uninstall", "--plugin="], 2, /^--plugin needs one folder/],
        [["uninstall", "x"], 2, /^uninstall takes no "x"/],
      ] as const
    ) {
      const run = await walk.task(...args);
      assertEquals([run.code, run.out], [code, ""], args.join(" "));
      assertEquals(run.err.trimEnd().split("\n").length, 1);
      assertMatch(run.err.trimEnd(), words);
    }
    const dry = await walk.task("install", "--dry-run");
    assertEquals([dry.code, dry.err], [0, ""]);
    assertMatch(dry.out, /^This would change in /);
    assertEquals(treeOf(walk.plugin), app);
  });
});
