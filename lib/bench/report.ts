/**
 * The tables that a benchmark prints.
 *
 * @module
 */
import { fileSize } from "../text.ts";
import type { Cost } from "./measure.ts";

/** What one way cost, run by run. */
export interface Result {
  name: string;
  costs: Cost[];
}

/**
 * Prints what each way cost, compared with the first.
 *
 * @param title The name of the job.
 * @param results The costs of its ways.
 * @param missing The ways that could not be measured on this machine.
 */
export function printResults(
  title: string,
  results: Result[],
  missing: string[],
): void {
  const first = median(results[0]!.costs);
  console.log(`\n## ${title}\n`);
  console.log("| way | least s | median s | beside the first | peak MB |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const { name, costs } of results) {
    const least = Math.min(...costs.map(({ seconds }) => seconds));
    const ratio = (median(costs) / first).toFixed(2);
    console.log(
      `| ${name} | ${shown(least)} | ${shown(median(costs))} | ${ratio} ` +
        `| ${peakOf(costs)} |`,
    );
  }
  if (missing.length > 0) console.log(`\nNot here: ${missing.join("; ")}.`);
}

/** Prints how the cost of each job's first way grows with the database. */
export function printGrowth(
  outcomes: { title: string; size: number; results: Result[] }[],
): void {
  console.log("\n# Growth\n");
  console.log("| job | database | median s | MB a second | peak MB |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  const byTitle = outcomes.toSorted((a, b) => a.title.localeCompare(b.title));
  for (const { title, size, results: [own] } of byTitle) {
    const seconds = median(own!.costs);
    const rate = Math.round(size / 1e6 / seconds);
    console.log(
      `| ${title} | ${fileSize(size)} | ${shown(seconds)} | ${rate} ` +
        `| ${peakOf(own!.costs)} |`,
    );
  }
}

function shown(seconds: number): string {
  return seconds.toFixed(seconds < 0.1 ? 3 : 2);
}

function peakOf(costs: Cost[]): string {
  return Math.max(...costs.map(({ peak }) => peak)).toFixed(0);
}

function median(costs: Cost[]): number {
  const sorted = costs.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 > 0
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
