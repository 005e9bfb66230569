/**
 * The hook as Claude Code runs it: by the launcher, with nothing downloaded, and
 * with one line of JSON at most.
 *
 * @module
 */
import { Database } from "@db/sqlite";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { makeBundle } from "../support/bundle.ts";
import { namesIn } from "../support/installation.ts";
import { PROJECT, type Run } from "../support/process.ts";
import { putSmallSample } from "../support/sample.ts";
import { inScratch } from "../support/scratch.ts";
import { inShell, onlyTools, SHELLS } from "../support/shells.ts";

/** A Deno that is new enough, and says that it was run. */
const fakeDeno = `#!/bin/sh
case $1 in --version) echo "deno 2.9.6 (stable)"; exit 0 ;; esac
printf '{"systemMessage":"%s"}\\n' "$0"
`;

/** The folders of a test. */
interface Folders {
  plugin: string;
  home: string;
  /** The folder of PATH: a few tools, no Deno, and an npx that must not run. */
  bin: string;
}

function inFolders(test: (folders: Folders) => Promise<void>): Promise<void> {
  return inScratch(async (scratch) => {
    const folder = Deno.realPathSync(scratch);
    const folders = {
      plugin: join(folder, 'plugin "one"'),
      home: join(folder, "home"),
      bin: onlyTools(folder),
    };
    Deno.mkdirSync(join(folders.plugin, "data"), { recursive: true });
    Deno.mkdirSync(join(folders.plugin, "output"));
    Deno.mkdirSync(folders.home);
    const launcher = "soy-backup.sh";
    Deno.copyFileSync(join(PROJECT, launcher), join(folders.plugin, launcher));
    Deno.writeTextFileSync(join(folders.plugin, "backup.js"), "");
    program(join(folders.bin, "npx"), `#!/bin/sh\n: > ${folder}/npx-ran\n`);
    await test(folders);
    assertEquals(existsSync(join(folder, "npx-ran")), false);
  });
}

function program(path: string, text: string): void {
  Deno.mkdirSync(join(path, ".."), { recursive: true });
  Deno.writeTextFileSync(path, text, { mode: 0o755 });
}

function startHook(
  shell: string,
  { plugin, home, bin }: Folders,
  env: Record<string, string> = {},
): Promise<Run> {
  return inShell(shell, [join(plugin, "soy-backup.sh"), "hook"], {
    cwd: home,
    env: { PATH: bin, HOME: home, CLAUDE_PLUGIN_ROOT: plugin, ...env },
  });
}

/** The message for the person, which must be all that is said. */
function messageIn({ code, out, err }: Run): string {
  assertEquals([code, err], [0, ""]);
  assertEquals(out.split("\n").length, 2, out);
  return JSON.parse(out).systemMessage;
}

/** A test under every shell; ignored if the shell is missing. */
function testInShells(
  name: string,
  fn: (shell: string, folders: Folders) => Promise<void>,
): void {
  for (const { name: shell, ignore } of SHELLS) {
    Deno.test({
      name: `${shell}: ${name}`,
      ignore,
      fn: () => inFolders((folders) => fn(shell, folders)),
    });
  }
}

testInShells(
  "without Deno the hook says so in one line and leaves npx alone",
  async (shell, folders) => {
    const message = messageIn(await startHook(shell, folders));
    assertStringIncludes(message, "Deno is missing");
  },
);

testInShells(
  "the hook finds a Deno of its own installer, and one that npx has fetched",
  async (shell, folders) => {
    const { home } = folders;
    const fetched = "_npx/0a1b/node_modules/@deno/linux/deno";
    const broken = join(home, ".npm/_npx/0000/node_modules/@deno/linux/deno");
    program(broken, "#!/bin/sh\nexit 127\n");
    for (
      const [path, env] of [
        [join(home, ".npm", fetched), {}],
        [join(home, "a cache", fetched), {
          npm_config_cache: join(home, "a cache"),
        }],
        [join(home, ".deno/bin/deno"), {}],
        [join(home, "else where/bin/deno"), {
          DENO_INSTALL: join(home, "else where"),
        }],
      ] as const
    ) {
      program(path, fakeDeno);
      assertEquals(messageIn(await startHook(shell, folders, env)), path);
    }
  },
);

testInShells(
  "without the program, or if it crashes, the hook says one line",
  async (shell, folders) => {
    const deno = join(folders.home, ".deno/bin/deno");
    program(
      deno,
      fakeDeno.replace("printf", "echo half; echo oops >&2; exit 7; printf"),
    );
    const crashed = messageIn(await startHook(shell, folders));
    Deno.removeSync(join(folders.plugin, "backup.js"));
    const missing = messageIn(await startHook(shell, folders));
    assertEquals(missing, crashed);
    assertStringIncludes(missing, "/backup status");
  },
);

testInShells(
  "what the program says is passed on, and nothing if it says nothing",
  async (shell, folders) => {
    const said = '{"systemMessage":"a \\\\ b\\n%s"}';
    const deno = join(folders.home, ".deno/bin/deno");
    const text = (words: string) =>
      fakeDeno.replace(/printf.*/, `cat <<'END'\n${words}END`);
    program(deno, text(`${said}\n`));
    assertEquals(messageIn(await startHook(shell, folders)), "a \\ b\n%s");
    program(deno, text(""));
    const silent = await startHook(shell, folders);
    assertEquals(silent, { code: 0, out: "", err: "" });
  },
);

Deno.test("with the bundle, the hook needs no network and no cache", async () => {
  await inFolders(async (folders) => {
    const { plugin, home, bin } = folders;
    putSmallSample(join(plugin, "data", "soy.db"), { scale: 0.05 });
    await makeBundle(plugin);
    Deno.symlinkSync(Deno.execPath(), join(bin, "deno"));
    const cache = join(home, "cache");
    const run = await startHook("sh", folders, {
      DENO_DIR: cache,
      // Whoever asks them gets no answer.
      HTTPS_PROXY: "http://127.0.0.1:9",
      HTTP_PROXY: "http://127.0.0.1:9",
    });
    assertEquals(run, { code: 0, out: "", err: "" });
    assertEquals(backupsIn(plugin).length, 1);
  });
});

Deno.test("of two hooks at once, one makes the backup", async () => {
  await inFolders(async (folders) => {
    const { plugin, bin } = folders;
    putSmallSample(join(plugin, "data", "soy.db"), { scale: 0.05 });
    await makeBundle(plugin);
    Deno.symlinkSync(Deno.execPath(), join(bin, "deno"));
    const run = () => startHook("sh", folders);
    const silent = { code: 0, out: "", err: "" };
    assertEquals(await Promise.all([run(), run()]), [silent, silent]);
    assertEquals(backupsIn(plugin).length, 1);
  });
});

Deno.test("the hook waits until the application's start has begun and ended", async () => {
  await inFolders(async (folders) => {
    const { plugin, bin } = folders;
    const path = join(plugin, "data", "soy.db");
    putSmallSample(path, { scale: 0.05 });
    await makeBundle(plugin);
    Deno.symlinkSync(Deno.execPath(), join(bin, "deno"));
    const run = startHook("sh", folders);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const db = new Database(path);
    db.exec("INSERT INTO contacts (name) VALUES ('just now')");
    db.close();
    assertEquals(await run, { code: 0, out: "", err: "" });
    const [name] = backupsIn(plugin);
    const text = Deno.readTextFileSync(join(plugin, "output", name!));
    assertStringIncludes(text, '"just now"');
  });
});

Deno.test("the hook is over in five seconds while another program writes on", async () => {
  await inFolders(async (folders) => {
    const { plugin, bin } = folders;
    const path = join(plugin, "data", "soy.db");
    putSmallSample(path, { scale: 0.05 });
    await makeBundle(plugin);
    Deno.symlinkSync(Deno.execPath(), join(bin, "deno"));
    const db = new Database(path);
    db.exec("PRAGMA journal_mode = wal; PRAGMA busy_timeout = 1000");
    const timer = setInterval(
      () => db.exec("UPDATE contacts SET notes = random() WHERE id = 1"),
      50,
    );
    const start = performance.now();
    const run = await startHook("sh", folders).finally(() => {
      clearInterval(timer);
      db.close();
    });
    assert(performance.now() - start < 5_000);
    assertEquals(run.code, 0);
    assertEquals(backupsIn(plugin), []);
  });
});

function backupsIn(plugin: string): string[] {
  return namesIn(join(plugin, "output"))
    .filter((name) => name.startsWith("backup-"));
}
