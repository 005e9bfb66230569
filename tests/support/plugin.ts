/**
 * A small plugin folder as the application makes it.
 *
 * @module
 */
import { dirname, join } from "@std/path";

/** The page that the application itself has. */
export const APP_PAGE = "---\ndescription: Back up\n---\n\n# The app's own\n";

/** The hooks that the application itself has. */
export const APP_HOOKS = `{
  "description": "Session initialization",
  "hooks": {
    "SessionStart": [
      {
        "hooks": [
          {
            "type": "command",
            "command": "python3 \${CLAUDE_PLUGIN_ROOT}/hooks/session-start.py",
            "timeout": 15
          }
        ]
      }
    ]
  }
}
`;

/** Makes a plugin with its database in `home`, to which links lead. */
export function makePlugin(plugin: string, home: string): void {
  const files = {
    ".claude-plugin/plugin.json": '{"name": "software-of-you"}\n',
    "data/migrations/001_init.sql": "SELECT 1;\n",
    "commands/backup.md": APP_PAGE,
    "hooks/hooks.json": APP_HOOKS,
  };
  for (const [path, text] of Object.entries(files)) {
    put(join(plugin, path), text);
  }
  Deno.mkdirSync(join(home, "backups"), { recursive: true });
  Deno.mkdirSync(join(home, "output"));
  Deno.symlinkSync(join(home, "soy.db"), join(plugin, "data", "soy.db"));
  Deno.symlinkSync(join(home, "output"), join(plugin, "output"));
}

/** Writes a file, with its folder. */
export function put(path: string, text: string): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.writeTextFileSync(path, text);
}

/** Every file and link below a folder, with what it holds. */
export function treeOf(folder: string, below = ""): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(folder)) {
    const [path, key] = [join(folder, name), below + name];
    if (isDirectory) Object.assign(tree, treeOf(path, `${key}/`));
    else if (isSymlink) tree[key] = `-> ${Deno.readLinkSync(path)}`;
    else tree[key] = Deno.readTextFileSync(path);
  }
  return tree;
}
