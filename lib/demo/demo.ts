/**
 * The main job on a sample, as a user would see it: a database is backed up, lost
 * and restored, and every row and type of it compared. All happens in a scratch
 * folder that is removed at the end.
 *
 * @module
 */
import { join } from "@std/path";
import { main } from "../cli/main.ts";
import { processTerminal } from "../cli/terminal.ts";
import { type Installation, installationAt } from "../store/installation.ts";
import { counted, fileSize, grouped } from "../text.ts";
import { compareDatabases } from "./compare.ts";
import { makeSample } from "./sample.ts";

// What a restore leaves out on purpose: the application makes its views again, and
// an import notes itself.
const compared = {
  generated_views: "WHERE 0",
  activity_log: "WHERE action <> 'backup_imported'",
  soy_meta: "WHERE key <> 'last_backup_at'",
};

const terminal = processTerminal();

/** Shows the steps; gives the exit code. */
async function demo(folder: string): Promise<number> {
  const installation = installationAt(join(folder, "plugin"));
  const original = join(folder, "original.db");
  step("A Software of You database with sample rows");
  Deno.mkdirSync(installation.data, { recursive: true });
  makeSample(installation.database);
  Deno.copyFileSync(installation.database, original);
  terminal.out(`data/soy.db, ${fileSize(Deno.statSync(original).size)}`);

  step("Backing it up");
  if (await run(installation, "export") !== 0) return 1;
  if (await run(installation, "status") !== 0) return 1;

  step("Losing it");
  Deno.removeSync(installation.database);
  terminal.out("data/soy.db is gone.");
  if (await run(installation, "status") !== 0) return 1;

  step("Putting it back");
  if (await run(installation, "import", newestBackup(installation)) !== 0) {
    return 1;
  }

  step("Comparing every row and type with the database that was lost");
  return verdict(original, installation.database);
}

function step(title: string): void {
  terminal.out(`\n${terminal.bold(`# ${title}`)}`);
}

async function run(
  installation: Installation,
  ...args: string[]
): Promise<number> {
  terminal.out(`$ backup.ts ${args.join(" ")}`);
  return await main({
    args: [...args, "--root", installation.root],
    terminal,
    root: () => installation.root,
  });
}

function newestBackup(installation: Installation): string {
  return [...Deno.readDirSync(installation.backups)]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".json"))
    .sort().at(-1)!;
}

function verdict(before: string, after: string): number {
  const found = compareDatabases(before, after, compared);
  if (found.differences.length > 0) {
    terminal.err(`DIFFERENT: ${found.differences.join(", ")}`);
    return 1;
  }
  terminal.out(
    `The same: ${counted(found.tables, "table")}, ` +
      `${counted(found.rows, "row")}, ${grouped(found.values)} values.`,
  );
  terminal.out(
    "Left aside: generated_views, which the application makes again; the " +
      "import's own\nline in activity_log; the time of the backup.",
  );
  return 0;
}

if (import.meta.main) {
  const folder = Deno.makeTempDirSync({ prefix: "soy-backup-demo-" });
  let code = 1;
  try {
    code = await demo(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  Deno.exit(code);
}
