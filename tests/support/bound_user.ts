/**
 * The tool run by a user whom the modes of files bind: they do not bind root.
 *
 * @module
 */
import { join } from "@std/path";
import type { Installation } from "../../lib/store/installation.ts";
import { type Run, SCOPED } from "./process.ts";
import { makeBundle } from "./bundle.ts";

/** Nobody, where the tests are run by root. */
const nobody = Deno.uid() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A user, with all that a run needs in a folder. */
export class BoundUser {
  #deno = Deno.execPath();
  #bundle = "";

  private constructor(readonly folder: string) {}

  /** Puts what a run needs into the folder. */
  static async in(folder: string): Promise<BoundUser> {
    const user = new BoundUser(folder);
    user.#bundle = await makeBundle(folder);
    if (nobody.uid) {
      // Root's own may lie in a folder that nobody else may enter.
      user.#deno = join(folder, "deno");
      linkOrCopy(Deno.execPath(), user.#deno);
    }
    Deno.mkdirSync(join(folder, "cache"));
    return user;
  }

  /** Makes the user the owner of everything, as of a real installation. */
  takeAll(folder = this.folder): void {
    if (!nobody.uid) return;
    Deno.chownSync(folder, nobody.uid, nobody.gid);
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = join(folder, name);
      if (path === this.#deno) continue;
      if (isDirectory) this.takeAll(path);
      else Deno.chownSync(path, nobody.uid, nobody.gid);
    }
  }

  /** Runs the tool as this user. */
  async run(installation: Installation, args: string[]): Promise<Run> {
    const command = new Deno.Command(this.#deno, {
      args: ["run", "--no-config", ...SCOPED, this.#bundle, ...args],
      cwd: installation.root,
      env: {
        CLAUDE_PLUGIN_ROOT: ".",
        NO_COLOR: "1",
        DENO_DIR: join(this.folder, "cache"),
      },
      stdin: "null",
      ...nobody,
    });
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  }
}

/** Sets a mode for a step; afterwards the owner may do everything again. */
export async function withMode(
  path: string,
  mode: number,
  step: () => Promise<void>,
): Promise<void> {
  const before = Deno.statSync(path).mode! & 0o777;
  Deno.chmodSync(path, mode);
  try {
    await step();
  } finally {
    Deno.chmodSync(path, before);
  }
}

/** Gives a program another name; a link costs nothing, if the file system is the same. */
function linkOrCopy(from: string, to: string): void {
  try {
    Deno.linkSync(from, to);
  } catch {
    Deno.copyFileSync(from, to);
    Deno.chmodSync(to, 0o755);
  }
}
