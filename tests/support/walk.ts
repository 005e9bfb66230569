/**
 * A person on a machine of her own, from the install to the end.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { hookCommand } from "../../lib/cli/hook.ts";
import { isSeeded } from "../../lib/soy/tables.ts";
import {
  type Installation,
  installationAt,
} from "../../lib/store/installation.ts";
import { namesIn } from "./installation.ts";
import { makePlugin } from "./plugin.ts";
import { PROJECT, type Run, runOf } from "./process.ts";
import { putSmallSample } from "./sample.ts";
import { session, withDb } from "./scratch.ts";

/** What a download of the project has that an install needs. */
const needed = [
  ...["backup.ts", "commands", "deno.json", "deno.lock", "lib"],
  "soy-backup.sh",
];

/** A person with a home of her own, the project, and the application. */
export class Walk {
  readonly project: string;
  readonly home: string;
  readonly plugin: string;
  readonly installation: Installation;

  /**
   * Makes them below a folder.
   *
   * @param folder The folder, with links resolved.
   */
  constructor(folder: string) {
    this.project = join(folder, "project");
    this.home = join(folder, "home");
    this.plugin = join(this.home, ".software-of-you");
    this.installation = installationAt(this.plugin);
    copy(this.project);
    const data = join(this.home, ".local/share/software-of-you");
    makePlugin(this.plugin, data);
    putSmallSample(join(data, "soy.db"), { scale: 0.05 });
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
      outJson: () => {},
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
