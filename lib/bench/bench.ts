/**
 * This tool beside its peers: each job is done by each in turn, several times in
 * the same run, so that a slow moment of the machine falls on all of them.
 *
 * `deno task bench --sizes 10,100,1000 --runs 5`
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fileSize } from "../text.ts";
import { type Job, jobsIn, type Way } from "./jobs.ts";
import { type Cost, hasProgram, measure } from "./measure.ts";
import { makeDump, makeRowFiles, makeWorkshop } from "./workshop.ts";

interface Result {
  way: Way;
  costs: Cost[];
}

async function benchmark(megabytes: number, runs: number): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "soy-backup-bench-" });
  try {
    const shop = await makeWorkshop(folder, megabytes);
    if (hasProgram("sqlite3")) makeDump(shop);
    if (hasProgram("sqlite-utils")) makeRowFiles(shop);
    console.log(`\n# A database of ${fileSize(shop.size)}`);
    for (const job of jobsIn(shop)) printResults(job, await run(job, runs));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function run({ ways }: Job, runs: number): Promise<Result[]> {
  const results = ways
    .filter(({ program }) => program === "" || hasProgram(program))
    .map((way): Result => ({ way, costs: [] }));
  // The first round warms the caches of the disk and does not count.
  for (let round = 0; round <= runs; round++) {
    for (const { way, costs } of results) {
      way.prepare?.();
      const cost = await measure(way.commands);
      if (round > 0) costs.push(cost);
    }
  }
  return results;
}

function printResults({ title, ways }: Job, results: Result[]): void {
  const [own] = results.map(({ costs }) => median(costs));
  console.log(`\n## ${title}\n`);
  console.log("| way | min s | median s | to this tool | peak MB |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const { way, costs } of results) {
    const least = Math.min(...costs.map(({ seconds }) => seconds));
    const middle = median(costs);
    const peak = Math.max(...costs.map((cost) => cost.peak));
    console.log(
      `| ${way.name} | ${least.toFixed(2)} | ${middle.toFixed(2)} ` +
        `| ${(middle / own!).toFixed(2)} | ${peak.toFixed(0)} |`,
    );
  }
  const measured = new Set(results.map(({ way }) => way));
  const missing = ways.filter((way) => !measured.has(way));
  if (missing.length === 0) return;
  const names = missing.map(({ name, program }) => `${name} (no ${program})`);
  console.log(`\nLeft out: ${names.join(", ")}.`);
}

function median(costs: Cost[]): number {
  const sorted = costs.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 > 0
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

if (import.meta.main) {
  const { sizes, runs } = parseArgs(Deno.args, { string: ["sizes", "runs"] });
  for (const size of String(sizes ?? "10,100").split(",")) {
    await benchmark(Number(size), Number(runs ?? 5));
  }
}
