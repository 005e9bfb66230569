/**
 * Installing into a plugin's folder, again and again, and taking it out.
 *
 * @module
 */
import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { BackupError } from "../../lib/errors.ts";
import { planInstall, planUninstall } from "../../lib/install/plan.ts";
import { copiesOf, findPlugin } from "../../lib/install/plugin.ts";
import { makeSteps } from "../../lib/install/steps.ts";
import { APP_PAGE, makePlugin, put, treeOf } from "../support/plugin.ts";
import { inScratch } from "../support/scratch.ts";

const page = "commands/backup.md";
const kept = `${page}.before-install`;

/** The folders of a test. */
interface Folders {
  /** What is installed. */
  project: string;
  plugin: string;
  home: string;
}

function inFolders(
  test: (folders: Folders) => void | Promise<void>,
): Promise<void> {
  return inScratch(async (folder) => {
    const folders = {
      project: join(folder, "project"),
      plugin: join(folder, "plugin"),
      home: join(folder, "home"),
    };
    makeProject(folders, "1");
    makePlugin(folders.plugin, folders.home);
    await test(folders);
  });
}

/** Small files with the marks of the real ones. */
function makeProject({ project }: Pick<Folders, "project">, version: string) {
  put(join(project, "dist/backup.js"), `// Software of You ${version}\n`);
  put(join(project, "soy-backup.sh"), `# sh soy-backup.sh ${version}\n`);
  put(
    join(project, "lib/compat/bundle.json"),
    `{"tasks": {"backup": "deno run backup.js", "v": "${version}"}}\n`,
  );
  put(join(project, page), `# Backup ${version}\n\nsh soy-backup.sh\n`);
}

async function install({ project, plugin }: Folders): Promise<string[]> {
  const { steps } = planInstall(project, plugin);
  await makeSteps(plugin, steps);
  return steps.map(({ path }) => path);
}

async function uninstall({ plugin }: Folders): Promise<string[]> {
  const { steps } = planUninstall(plugin);
  await makeSteps(plugin, steps);
  return steps.map(({ path }) => path);
}

Deno.test("install puts everything in place; a second time there is nothing to do", async () => {
  await inFolders(async (folders) => {
    const { project, plugin, home } = folders;
    await install(folders);
    const tree = treeOf(plugin);
    assertEquals(tree[page], Deno.readTextFileSync(join(project, page)));
    assertEquals(tree[kept], APP_PAGE);
    assertEquals(tree["data/backups"], `-> ${join(home, "backups")}`);
    assertStringIncludes(tree["hooks/hooks.json"]!, "soy-backup.sh");
    assertEquals(
      Deno.statSync(join(plugin, "soy-backup.sh")).mode! & 0o777,
      0o755,
    );
    assertEquals(await install(folders), []);
    assertEquals(treeOf(plugin), tree);
  });
});

Deno.test("uninstall leaves the folder as it was, with backups and data", async () => {
  await inFolders(async (folders) => {
    const { plugin, home } = folders;
    const before = treeOf(plugin);
    await install(folders);
    put(join(home, "output", "backup-2026-02-19.json"), "{}");
    put(join(home, "backups", "soy-20260219-153000.db"), "copy");
    const data = treeOf(home);
    await uninstall(folders);
    assertEquals([treeOf(plugin), treeOf(home)], [before, data]);
    assertEquals(await uninstall(folders), []);
  });
});

Deno.test("a plan alone changes nothing", async () => {
  await inFolders(({ project, plugin }) => {
    const before = treeOf(plugin);
    planInstall(project, plugin);
    planUninstall(plugin);
    assertEquals(treeOf(plugin), before);
  });
});

Deno.test("a newer version replaces the older one and keeps nothing of it", async () => {
  await inFolders(async (folders) => {
    await install(folders);
    makeProject(folders, "2");
    await install(folders);
    const tree = treeOf(folders.plugin);
    assertStringIncludes(tree[page]!, "# Backup 2");
    assertEquals(
      Object.keys(tree).filter((name) => name.includes("before-install")),
      [kept],
    );
  });
});

Deno.test("a page that a person has changed is kept, and the application's comes back", async () => {
  await inFolders(async (folders) => {
    const { plugin } = folders;
    await install(folders);
    const changed = "# Mine\n\nsh soy-backup.sh export\n";
    put(join(plugin, page), changed);
    await install(folders);
    assertEquals(treeOf(plugin)[`${kept}-2`], changed);
    await uninstall(folders);
    const tree = treeOf(plugin);
    assertEquals([tree[page], tree[`${kept}-2`]], [APP_PAGE, changed]);
  });
});

Deno.test("a page that was changed just before uninstall is kept, too", async () => {
  await inFolders(async (folders) => {
    const { plugin } = folders;
    await install(folders);
    const changed = "# Mine\n\nsh soy-backup.sh export\n";
    put(join(plugin, page), changed);
    await uninstall(folders);
    const tree = treeOf(plugin);
    assertEquals([tree[page], tree[`${kept}-2`]], [APP_PAGE, changed]);
  });
});

Deno.test("what an update of the application undid, install puts right", async () => {
  await inFolders(async (folders) => {
    const { plugin } = folders;
    const before = treeOf(plugin);
    await install(folders);
    const installed = treeOf(plugin);
    const newer = APP_PAGE.replace("own", "newer");
    put(join(plugin, page), newer);
    put(join(plugin, "hooks/hooks.json"), before["hooks/hooks.json"]!);
    assertEquals(await install(folders), [page, "hooks/hooks.json"]);
    assertEquals(treeOf(plugin), { ...installed, [`${kept}-2`]: newer });
    await uninstall(folders);
    assertEquals(treeOf(plugin)[page], newer);
  });
});

Deno.test("after an update that undid it, uninstall leaves the application's page", async () => {
  await inFolders(async (folders) => {
    const { plugin } = folders;
    await install(folders);
    const newer = APP_PAGE.replace("own", "newer");
    put(join(plugin, page), newer);
    await uninstall(folders);
    assertEquals(treeOf(plugin)[page], newer);
  });
});

Deno.test("killed anywhere, install and uninstall are finished by the next run", async () => {
  await inFolders(async (folders) => {
    const { project, plugin } = folders;
    const before = treeOf(plugin);
    await install(folders);
    const installed = treeOf(plugin);
    const { steps: out } = planUninstall(plugin);
    for (let done = 0; done <= out.length; done++) {
      await makeSteps(plugin, planUninstall(plugin).steps.slice(0, done));
      await uninstall(folders);
      assertEquals(treeOf(plugin), before, `uninstall after ${done} steps`);
      const { steps } = planInstall(project, plugin);
      const half = Math.min(done, steps.length);
      await makeSteps(plugin, steps.slice(0, half));
      if (treeOf(plugin)[page] === APP_PAGE) {
        put(join(plugin, "commands/.backup.md.soy-backup.tmp"), "half");
      }
      await install(folders);
      assertEquals(treeOf(plugin), installed, `install after ${half} steps`);
    }
  });
});

Deno.test("killed while the page was replaced, the application's is not lost", async () => {
  await inFolders(async (folders) => {
    const { plugin } = folders;
    Deno.renameSync(join(plugin, page), join(plugin, kept));
    await install(folders);
    await uninstall(folders);
    assertEquals(treeOf(plugin)[page], APP_PAGE);
  });
});

Deno.test("hooks that cannot be understood stop it before anything changes", async () => {
  await inFolders(async (folders) => {
    const { project, plugin } = folders;
    put(join(plugin, "hooks/hooks.json"), "{ not JSON");
    const before = treeOf(plugin);
    assertThrows(() => planInstall(project, plugin), BackupError, "not JSON");
    assertThrows(() => planUninstall(plugin), BackupError, "not JSON");
    assertEquals(treeOf(plugin), before);
    Deno.removeSync(join(plugin, "hooks"), { recursive: true });
    await install(folders);
    await uninstall(folders);
    assertEquals(treeOf(plugin)["hooks/hooks.json"], undefined);
  });
});

Deno.test({
  name: "a folder that may not be written stays as it is",
  // Modes do not bind root.
  ignore: Deno.uid() === 0,
  fn: () =>
    inFolders(async (folders) => {
      const { project, plugin } = folders;
      const before = treeOf(plugin);
      const { steps } = planInstall(project, plugin);
      Deno.chmodSync(join(plugin, "hooks"), 0o555);
      try {
        await assertRejects(() => makeSteps(plugin, steps), BackupError);
      } finally {
        Deno.chmodSync(join(plugin, "hooks"), 0o755);
      }
      assertEquals(treeOf(plugin), before);
    }),
});

Deno.test("a folder in which a file cannot be written stays as it is", async () => {
  await inFolders(async (folders) => {
    const { project, plugin } = folders;
    const before = treeOf(plugin);
    const { steps } = planInstall(project, plugin);
    const name = `commands/${"x".repeat(250)}`;
    const content = new Uint8Array();
    const all = [...steps, { path: name, words: "too long", content }];
    await assertRejects(
      () => makeSteps(plugin, all),
      BackupError,
      "its name is too long",
    );
    assertEquals(treeOf(plugin), before);
  });
});

Deno.test("tasks of another program stay, and a note says so", async () => {
  await inFolders(async (folders) => {
    const { project, plugin } = folders;
    put(join(plugin, "deno.json"), '{"tasks": {}}');
    const { notes } = planInstall(project, plugin);
    assertEquals(notes.length, 1);
    await install(folders);
    await uninstall(folders);
    assertEquals(treeOf(plugin)["deno.json"], '{"tasks": {}}');
  });
});

Deno.test("the link to the application's copies is made only if its place is free", async () => {
  await inFolders(async (folders) => {
    const { plugin, home } = folders;
    put(join(plugin, "data/backups/mine.txt"), "mine");
    await install(folders);
    assertEquals(treeOf(plugin)["data/backups/mine.txt"], "mine");
    await uninstall(folders);
    assertEquals(treeOf(plugin)["data/backups/mine.txt"], "mine");
    Deno.removeSync(join(plugin, "data/backups"), { recursive: true });
    Deno.symlinkSync("/not/there", join(plugin, "data/backups"));
    await install(folders);
    assertEquals(
      treeOf(plugin)["data/backups"],
      `-> ${join(home, "backups")}`,
    );
  });
});

Deno.test("without the application's copies there is no link", async () => {
  await inFolders(async (folders) => {
    Deno.removeSync(join(folders.home, "backups"));
    assertEquals(copiesOf(folders.plugin), undefined);
    assertEquals((await install(folders)).includes("data/backups"), false);
  });
});

Deno.test("only a folder of Software of You is taken for the plugin", async () => {
  await inFolders(({ plugin, home, project }) => {
    assertEquals(findPlugin(plugin, undefined), plugin);
    Deno.symlinkSync(plugin, join(home, ".software-of-you"));
    assertEquals(findPlugin(undefined, home), join(home, ".software-of-you"));
    assertThrows(() => findPlugin(project, home), BackupError, "--plugin DIR");
    assertThrows(() => findPlugin(undefined, project), BackupError, "--plugin");
    assertThrows(() => findPlugin(undefined, undefined), BackupError, "--plug");
  });
});
