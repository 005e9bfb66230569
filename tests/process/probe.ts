/**
 * Tries what the tool has no need of and prints what came of it, as one JSON
 * object: for each attempt the name of its error, or `"done"`.
 *
 * Its arguments are a folder outside and the port of a listener.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";

const [outside = "", port = ""] = Deno.args;
const db = new DatabaseSync("data/soy.db");

const attempts: Record<string, () => unknown> = {
  "read data/": () => Deno.readFileSync("data/soy.db"),
  "write output/": () => Deno.writeTextFileSync("output/x", ""),
  "look into data/ by SQL": () => db.exec("SELECT * FROM sqlite_schema"),
  "know the plugin": () => Deno.env.get("CLAUDE_PLUGIN_ROOT"),
  "know about colour": () => Deno.env.get("NO_COLOR"),

  "read a file": () => Deno.readFileSync(`${outside}/file`),
  "read by dots": () => Deno.readFileSync("data/../file"),
  "read beside": () => Deno.readFileSync("data.txt"),
  "look at a file": () => Deno.lstatSync(`${outside}/file`),
  "list a folder": () => Deno.readDirSync(outside).next(),
  "list this folder": () => Deno.readDirSync(".").next(),
  "write a file": () => Deno.writeTextFileSync(`${outside}/new`, ""),
  "remove a file": () => Deno.removeSync(`${outside}/file`),
  "move a file out": () => Deno.renameSync("output/x", `${outside}/new`),
  "link a file in": () => Deno.linkSync(`${outside}/file`, "data/link"),
  "make a symlink": () => Deno.symlinkSync(outside, "data/link"),
  "change folder": () => Deno.chdir(outside),
  "make a temporary file": () => Deno.makeTempFileSync(),
  "import a file": () => import(`file://${outside}/module.ts`),
  "know other variables": () => Deno.env.get("HOME"),
  "know all variables": () => Deno.env.toObject(),
  "set a variable": () => Deno.env.set("PATH", outside),
  "run a program": () => new Deno.Command("true").outputSync(),
  "signal a process": () => Deno.kill(Deno.ppid, "SIGCONT"),
  "load a library": () => Deno.dlopen("libc.so.6", {}),
  "know the host": () => Deno.hostname(),
  "know the user": () => Deno.uid(),
  "connect": () => Deno.connect({ port: Number(port) }),
  "fetch": () => fetch(`http://127.0.0.1:${port}/`),
  "listen": () => Deno.listen({ port: 0 }),
  "resolve a name": () => Deno.resolveDns("localhost", "A"),
  "open a database": () => new DatabaseSync(`${outside}/other.db`),
  "make a database": () => new DatabaseSync(`${outside}/new`),
  "attach a database": () => db.exec(`ATTACH '${outside}/other.db' AS o`),
  "copy by VACUUM": () => db.exec(`VACUUM INTO '${outside}/new'`),
  "load an extension": () => db.exec(`SELECT load_extension('${outside}/x')`),
  "ask for extensions": () =>
    new DatabaseSync("data/soy.db", { allowExtension: true }),
  "read by SQL": () => db.exec(`SELECT readfile('${outside}/file')`),
  "write by SQL": () => db.exec(`SELECT writefile('${outside}/new', 'x')`),
};

const names = ["net", "run", "ffi", "sys", "env", "read", "write"] as const;
const states = names.map((name) => Deno.permissions.querySync({ name }).state);
const outcomes: Record<string, string> = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    outcomes[name] = "done";
  } catch (error) {
    outcomes[name] = error instanceof Error ? error.message : String(error);
  }
}
console.log(JSON.stringify({ states, outcomes }));
