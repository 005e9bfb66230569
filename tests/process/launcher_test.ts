/**
 * The launcher: what it finds, and what it passes on.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { PROJECT, type Run } from "../support/process.ts";
import { inScratch } from "../support/scratch.ts";
import { inShell, onlyTools, SHELLS, startShell } from "../support/shells.ts";

/** Names that a shell, a permission list or a parser of options could mistake. */
const names = [
  "plain.json",
  "with spaces  inside.json",
  'it\'s "quoted".json',
  "$(touch run) `touch run`.json",
  "-rf.json",
  "--exact",
  "one, two.json",
  "line\nfeed.json",
  "line feed at the end\n",
  "Ünï cödé 备份.json",
  "*?[a].json",
  "back\\slash\\n.json",
  "; touch run; #.json",
  "value:import:--.json",
];

/** A program that shows how it was called, one word on each line between brackets. */
const showsWords = `#!/bin/sh
case $1 in --version) echo "deno VERSION (stable)"; exit 0 ;; esac
printf '[%s]\\n' "NAME" "$PWD" "$CLAUDE_PLUGIN_ROOT" "$(umask)" "$@"
exit 3
`;

/** The folders of a test. */
interface Folders {
  /** The plugin's folder, with the launcher and an empty backup.js. */
  plugin: string;
  /** The working directory. */
  work: string;
  /** The folder of PATH. */
  bin: string;
}

function inFolders(test: (folders: Folders) => Promise<void>): Promise<void> {
  return inScratch(async (scratch) => {
    const folder = Deno.realPathSync(scratch);
    const folders = {
      plugin: join(folder, "my plugin's $HOME, folder"),
      work: join(folder, "work"),
      bin: onlyTools(folder),
    };
    Deno.mkdirSync(join(folders.plugin, "output"), { recursive: true });
    Deno.mkdirSync(folders.work);
    const launcher = "soy-backup.sh";
    Deno.copyFileSync(join(PROJECT, launcher), join(folders.plugin, launcher));
    Deno.writeTextFileSync(join(folders.plugin, "backup.js"), "");
    await test(folders);
  });
}

function fake(path: string, name: string, version = "2.9.6"): void {
  const text = showsWords.replace("NAME", name).replace("VERSION", version);
  Deno.writeTextFileSync(path, text, { mode: 0o755 });
}

function launch(
  shell: string,
  { plugin, work, bin }: Folders,
  words: string[],
  env: Record<string, string> = {},
): Promise<Run> {
  return inShell(shell, [join(plugin, "soy-backup.sh"), ...words], {
    cwd: work,
    env: { PATH: bin, HOME: work, ...env },
  });
}

/** The text that `showsWords` writes for these words. */
function shown(...words: string[]): string {
  return words.map((word) => `[${word}]\n`).join("");
}

/** A test under every shell; ignored where the shell is missing. */
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
  "Deno gets the permissions of data, output and the one file",
  async (shell, folders) => {
    fake(join(folders.bin, "deno"), "deno");
    const { plugin, work } = folders;
    for (const name of names.filter((name) => !name.includes(","))) {
      Deno.writeTextFileSync(join(work, name), "");
      const run = await launch(shell, folders, [
        "import",
        "--dry-run",
        "--",
        name,
      ]);
      const path = `${work}/${name}`;
      const expected = shown(
        ...["deno", plugin, plugin, "0077", "run", "--quiet", "--no-prompt"],
        ...["--no-config", `--allow-read=data,output,${path}`],
        ...["--allow-write=data,output"],
        ...["--allow-env=CLAUDE_PLUGIN_ROOT,NO_COLOR", `${plugin}/backup.js`],
        ...["import", "--dry-run", "--", path],
      );
      // Some shells write 077.
      const out = run.out.replace("[077]", "[0077]");
      assertEquals([run.code, run.err, out], [3, "", expected], name);
    }
    assertEquals(existsSync(join(work, "run")), false);
  },
);

testInShells(
  "a name with a comma is read from a private copy, which is removed",
  async (shell, folders) => {
    const { plugin, work, bin } = folders;
    const program = "#!/bin/sh\n" +
      '[ "$1" != --version ] || { echo deno 2.9.6; exit 0; }\n' +
      'for last; do :; done; cat "$last"; ls -l output; exit 7\n';
    Deno.writeTextFileSync(join(bin, "deno"), program, { mode: 0o755 });
    Deno.writeTextFileSync(join(work, "one, two.json"), "the backup\n");
    const run = await launch(shell, folders, ["verify", "one, two.json"]);
    assertEquals([run.code, run.err], [7, ""]);
    assertMatch(run.out, /^the backup\n[\s\S]*drwx------.* copy-\d+\n$/);
    assertEquals([...Deno.readDirSync(join(plugin, "output"))], []);
  },
);

testInShells(
  "both backups of diff are files of the working directory",
  async (shell, folders) => {
    const { plugin, work, bin } = folders;
    fake(join(bin, "deno"), "deno");
    for (const name of ["old.json", "new.json", "3, 4.json"]) {
      Deno.writeTextFileSync(join(work, name), `this is ${name}\n`);
    }
    const run = await launch(shell, folders, ["diff", "old.json", "new.json"]);
    const [from, to] = [join(work, "old.json"), join(work, "new.json")];
    const read = shown(`--allow-read=data,output,${from},${to}`);
    assertStringIncludes(run.out, read);
    assertStringIncludes(run.out, shown("diff", from, to));
    const shows = '#!/bin/sh\ncat "$2" "$3"\n';
    Deno.writeTextFileSync(join(plugin, "soy-backup"), shows, { mode: 0o755 });
    const copied = await launch(shell, folders, ["diff", "3, 4.json", to]);
    const texts = "this is 3, 4.json\nthis is new.json\n";
    assertEquals([copied.code, copied.err, copied.out], [0, "", texts]);
    assertEquals([...Deno.readDirSync(join(plugin, "output"))], []);
  },
);

testInShells(
  "a day of a packed month is read from the month",
  async (shell, folders) => {
    const { plugin, work, bin } = folders;
    fake(join(bin, "deno"), "deno");
    const [month, day] = ["backups-2026-02.tar.zst", "backup-2026-02-11.json"];
    for (const name of [month, `${month}.age`, "a, b.tar.zst"]) {
      Deno.writeTextFileSync(join(work, name), "the month\n");
    }
    for (const name of [month, `${month}.age`]) {
      const run = await launch(shell, folders, ["show", `${name}/${day}`]);
      const pack = join(work, name);
      assertStringIncludes(run.out, `[--allow-read=data,output,${pack}]`);
      assertStringIncludes(run.out, shown("show", join(pack, day)));
    }
    const bare = await launch(shell, folders, ["show", `not.tar.zst/${day}`]);
    assertStringIncludes(bare.out, shown("show", `not.tar.zst/${day}`));
    const shows = '#!/bin/sh\ncat "${2%/*}"; echo "${2##*/}"\n';
    Deno.writeTextFileSync(join(plugin, "soy-backup"), shows, { mode: 0o755 });
    const words = ["verify", `a, b.tar.zst/${day}`];
    const copied = await launch(shell, folders, words);
    assertEquals([copied.err, copied.out], ["", `the month\n${day}\n`]);
    assertEquals([...Deno.readDirSync(join(plugin, "output"))], []);
  },
);

testInShells(
  "the binary comes first and reads files elsewhere from a copy",
  async (shell, folders) => {
    const { plugin, work } = folders;
    fake(join(plugin, "soy-backup"), "binary");
    for (const name of names) {
      Deno.writeTextFileSync(join(work, name), "");
      const run = await launch(shell, folders, ["import", "--", name]);
      assertEquals([run.code, run.err], [3, ""], name);
      assertStringIncludes(run.out, `[import]\n[--]\n[${plugin}/output/copy-`);
      assertStringIncludes(run.out, `/${name}]\n`);
    }
    assertEquals([...Deno.readDirSync(join(plugin, "output"))], []);
  },
);

testInShells(
  "the words that are no file elsewhere stay as they are",
  async (shell, folders) => {
    const { plugin, work } = folders;
    fake(join(plugin, "soy-backup"), "binary");
    Deno.writeTextFileSync(join(work, "contacts"), "");
    Deno.writeTextFileSync(join(plugin, "output", "a.json"), "");
    for (
      const words of [
        [],
        ["export", "--verify"],
        ["status", "contacts"],
        ["import", "a.json"],
        ["import", `${plugin}/output/a.json`, "contacts"],
        ["import", "--tables", "contacts", "a.json"],
        ["import", "", "--force"],
        ["--root", "import", "status", "contacts"],
      ]
    ) {
      const run = await launch(shell, folders, words);
      const out = run.out.split("\n").slice(4).join("\n");
      assertEquals([run.err, out], ["", shown(...words)], words.join(" "));
    }
  },
);

testInShells("~/ is the home folder", async (shell, folders) => {
  fake(join(folders.bin, "deno"), "deno");
  const run = await launch(shell, folders, ["import", "~/a b.json"]);
  assertMatch(run.out, /\[import\]\n\[\/.*\/work\/a b\.json\]\n$/);
});

testInShells(
  "npx runs the program if Deno is too old",
  async (shell, folders) => {
    for (const version of ["1.46.3", "2.1.0", "2.6.6", "2.8.1", "odd"]) {
      fake(join(folders.bin, "deno"), "deno", version);
      fake(join(folders.bin, "npx"), "npx");
      const run = await launch(shell, folders, ["status"]);
      assertMatch(
        run.out,
        /^\[npx\]\n[\s\S]*\[-y\]\n\[deno@2\.9\.6\]\n\[run\]/,
      );
    }
    for (const version of ["2.6.7", "2.8.2", "2.10.0", "3.0.0-rc.1+abc"]) {
      fake(join(folders.bin, "deno"), "deno", version);
      const run = await launch(shell, folders, ["status"]);
      assertMatch(run.out, /^\[deno\]\n/, version);
    }
  },
);

testInShells(
  "without npx, one line says what to get",
  async (shell, folders) => {
    const none = await launch(shell, folders, ["status"]);
    assertEquals([none.code, none.out], [1, ""]);
    assertMatch(
      none.err,
      /^Error: Cannot run without Deno 2\.6\.7 or newer; get .*\n$/,
    );
    fake(join(folders.bin, "deno"), "deno", "2.1.0");
    const old = await launch(shell, folders, ["status"]);
    assertEquals([old.code, old.out], [1, ""]);
    assertMatch(
      old.err,
      /^Error: Cannot run .* and this is 2\.1\.0; get .*\n$/,
    );
  },
);

testInShells(
  "through links, the launcher's own folder is found",
  async (shell, folders) => {
    const { plugin, work, bin } = folders;
    fake(join(bin, "deno"), "deno");
    Deno.mkdirSync(join(work, "a -> b"));
    const first = join(work, "a -> b", "-first -> x.sh");
    Deno.symlinkSync(join(plugin, "soy-backup.sh"), first);
    Deno.symlinkSync("a -> b/-first -> x.sh", join(work, "second.sh"));
    for (
      const script of [
        "second.sh",
        "./second.sh",
        join(work, "second.sh"),
        first,
      ]
    ) {
      const run = await inShell(shell, [script, "status"], {
        cwd: work,
        env: { PATH: bin },
      });
      assertEquals([run.code, run.err], [3, ""], script);
      assertStringIncludes(run.out, shown("deno", plugin, plugin));
    }
  },
);

testInShells(
  "CLAUDE_PLUGIN_ROOT is the root if it is a folder",
  async (shell, folders) => {
    fake(join(folders.bin, "deno"), "deno");
    const { plugin, work } = folders;
    for (
      const [given, root] of [[work, work], ["/not/there", plugin], [
        "",
        plugin,
      ]]
    ) {
      const env = { CLAUDE_PLUGIN_ROOT: given! };
      const run = await launch(shell, folders, ["status"], env);
      assertStringIncludes(run.out, shown("deno", root!, root!));
      assertStringIncludes(run.out, `[${plugin}/backup.js]`);
    }
  },
);

testInShells("without a program, one line says so", async (shell, folders) => {
  Deno.removeSync(join(folders.plugin, "backup.js"));
  const run = await launch(shell, folders, ["status"]);
  assertEquals([run.code, run.out], [1, ""]);
  assertMatch(run.err, /^Error: Cannot find soy-backup, .* in .*\n$/);
});

testInShells(
  "signals end the program, and its exit code is passed on",
  async (shell, folders) => {
    const { plugin, work, bin } = folders;
    const program = "#!/bin/sh\ntrap 'echo stopped; exit 130' INT TERM HUP\n" +
      "echo started\nwhile :; do sleep 0.05; done\n";
    Deno.writeTextFileSync(join(plugin, "soy-backup"), program, {
      mode: 0o755,
    });
    Deno.writeTextFileSync(join(work, "a.json"), "");
    for (const words of [["status"], ["import", "a.json"]]) {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        const script = join(plugin, "soy-backup.sh");
        const child = startShell(shell, [script, ...words], {
          cwd: work,
          env: { PATH: bin },
        });
        const reader = child.stdout.pipeThrough(new TextDecoderStream())
          .getReader();
        assertEquals((await reader.read()).value, "started\n");
        child.kill(signal);
        assertEquals((await reader.read()).value, "stopped\n");
        assertEquals((await reader.read()).done, true);
        assertEquals(await new Response(child.stderr).text(), "");
        assertEquals((await child.status).code, 130, `${words} ${signal}`);
        assertEquals([...Deno.readDirSync(join(plugin, "output"))], []);
      }
    }
  },
);
