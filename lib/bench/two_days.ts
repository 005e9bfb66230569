/**
 * What changed from one day to the next: `diff` of two backups, beside programs that
 * compare the databases or the files.
 *
 * @module
 */
import { join } from "@std/path";
import { listBackups } from "../store/catalog.ts";
import { makeDays } from "./days.ts";
import type { Job } from "./jobs.ts";
import type { CommandWords } from "./measure.ts";
import type { Tool } from "./tool.ts";

const sqldiff: CommandWords = ["sqldiff", "--help"];

/**
 * Makes two days, one row in a hundred touched between them, and the job.
 *
 * @param folder An empty folder.
 * @param megabytes How large the database is to be.
 */
export async function comparing(
  folder: string,
  megabytes: number,
  tool: Tool,
): Promise<Job> {
  const copies: string[] = [];
  const { root, backups } = await makeDays(folder, 2, megabytes, {
    onDay: (day, { database }) => {
      const copy = join(folder, `day-${day}.db`);
      Deno.copyFileSync(database, copy);
      copies.push(copy);
    },
  });
  const [second, first] = listBackups(backups).backups
    .map(({ name }) => join(backups, name)) as [string, string];
  return {
    title: "What changed in a day",
    ways: waysToCompare(tool, root, [first, second], copies),
  };
}

function waysToCompare(
  tool: Tool,
  root: string,
  [first, second]: [string, string],
  [before = "", after = ""]: string[],
): Job["ways"] {
  const own = (name: string, ...args: string[]) => ({
    name,
    command: [...tool.bundle, "diff", ...args, "--root", root] as const,
  });
  const peer = (name: string, ...options: string[]) => ({
    name,
    probe: sqldiff,
    command: ["sqldiff", ...options, before, after] as const,
  });
  return [
    own("backup.ts diff, two backups", first, second),
    own("the same, --details", first, second, "--details"),
    own("backup.ts diff, a backup and now", first, "now"),
    own("backup.ts diff, two databases", before, after),
    peer("sqldiff --summary, two databases", "--summary"),
    peer("sqldiff, two databases"),
    {
      name: "diff, the lines of two backups",
      probe: ["diff", "--version"],
      command: ["sh", "-c", `diff '${first}' '${second}' || [ $? = 1 ]`],
    },
  ];
}
