/**
 * This tool beside its peers: each job is done by each in turn, several times in
 * the same run, so that a slow moment of the machine falls on all of them.
 *
 * `deno task bench --sizes 10,100,1000 --runs 5`
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { fileSize } from "../text.ts";
import { type Job, jobsIn, starting, type Way } from "./jobs.ts";
import { layoutJobs, makeLayouts } from "./layouts.ts";
import { type Cost, isRunnable, measure, settle } from "./measure.ts";
import { benchPacking } from "./packing.ts";
import { printGrowth, printResults, type Result } from "./report.ts";
import { makeTool, type Tool } from "./tool.ts";
import { comparing } from "./two_days.ts";
import { makeDump, makeRowFiles, makeWorkshop } from "./workshop.ts";

/** A start is over so soon that few would say little. */
const startsPerRun = 8;

/** What came of a job with a database of some size. */
interface Outcome {
  title: string;
  size: number;
  results: Result[];
}

/** Does a step in a folder that is gone afterwards. */
async function inFolder<T>(step: (folder: string) => Promise<T>): Promise<T> {
  const folder = Deno.makeTempDirSync({ prefix: "soy-backup-bench-" });
  try {
    return await step(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function benchmark(
  tool: Tool,
  megabytes: number,
  rounds: number,
): Promise<Outcome[]> {
  return inFolder(async (folder) => {
    const shop = await makeWorkshop(folder, megabytes, tool);
    if (isRunnable(["sqlite3", "--version"])) {
      makeDump(shop);
      makeRowFiles(shop);
    }
    const { size } = shop;
    console.log(`\n# A database of ${fileSize(size)}`);
    const outcomes: Outcome[] = [];
    makeLayouts(shop);
    for (const job of jobsIn(shop)) {
      outcomes.push(await outcomeOf(job, size, rounds));
    }
    for (const job of layoutJobs(shop)) await run(job, rounds);
    const days = join(folder, "days");
    outcomes.push(
      await outcomeOf(await comparing(days, megabytes, tool), size, rounds),
    );
    await run(starting(shop), rounds * startsPerRun);
    return outcomes;
  });
}

async function outcomeOf(
  job: Job,
  size: number,
  rounds: number,
): Promise<Outcome> {
  return { title: job.title, size, results: await run(job, rounds) };
}

async function run(
  { title, ways }: Job,
  rounds: number,
): Promise<Result[]> {
  const here = ways.filter(isHere);
  const results = here.map(({ name }): Result => ({ name, costs: [] }));
  // The first round warms the caches of the disk and does not count.
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { prepare, command }] of here.entries()) {
      prepare?.();
      settle();
      const cost: Cost = await measure(command);
      if (round > 0) results[i]!.costs.push(cost);
    }
  }
  const missing = ways.filter((way) => !here.includes(way));
  printResults(title, results, missing.map(({ name }) => name));
  return results;
}

const probed = new Map<string, boolean>();

function isHere({ probe }: Way): boolean {
  if (!probe) return true;
  const key = probe.join(" ");
  if (!probed.has(key)) probed.set(key, isRunnable(probe));
  return probed.get(key)!;
}

if (import.meta.main) {
  const { sizes, rounds, config, packing } = options(Deno.args);
  await inFolder(async (folder) => {
    const tool = makeTool(folder, config);
    if (packing) {
      return await inFolder((days) => benchPacking(days, tool, packing));
    }
    const outcomes: Outcome[] = [];
    for (const size of sizes) {
      outcomes.push(...await benchmark(tool, size, rounds));
    }
    if (sizes.length > 1) printGrowth(outcomes);
  });
}

function options(args: string[]) {
  const string = ["sizes", "runs", "config", "packing"];
  const unknown = (option: string) => fail(`"${option}" is no option here`);
  const { sizes, runs, config, packing } = parseArgs(args, { string, unknown });
  return {
    sizes: String(sizes ?? "10,100").split(",").map(positive),
    rounds: positive(String(runs ?? 5)),
    packing: packing === undefined ? undefined : positive(String(packing)),
    config: config === undefined ? undefined : String(config),
  };
}

function positive(text: string): number {
  const number = Number(text);
  return number > 0 ? number : fail(`"${text}" is no number above 0`);
}

function fail(fault: string): never {
  console.error(
    `${fault}; use --sizes 10,100 --runs 5 --config FILE, or --packing 20`,
  );
  Deno.exit(2);
}
