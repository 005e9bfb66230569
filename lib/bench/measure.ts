/**
 * Programs measured from outside: time by the wall clock, memory as the system
 * counts it.
 *
 * @module
 */

/** A program and its arguments. */
export type CommandWords = readonly [program: string, ...args: string[]];

/** What a run cost. */
export interface Cost {
  /** Seconds by the wall clock. */
  seconds: number;
  /** The most memory that was resident, in megabytes; 0 where it is not told. */
  peak: number;
}

/** How often the memory is looked at, in milliseconds. */
const lookEvery = 5;

/**
 * Runs programs one after another.
 *
 * The peak is `VmHWM` of `/proc/<pid>/status`: the kernel keeps the high-water
 * mark itself, so a look misses at most what a program takes just before it ends.
 *
 * @returns The time of all together and the highest peak.
 * @throws {Error} where one fails, with what it said.
 */
export async function measure(commands: CommandWords[]): Promise<Cost> {
  const cost: Cost = { seconds: 0, peak: 0 };
  for (const command of commands) {
    const { seconds, peak } = await measureOne(command);
    cost.seconds += seconds;
    cost.peak = Math.max(cost.peak, peak);
  }
  return cost;
}

async function measureOne([program, ...args]: CommandWords): Promise<Cost> {
  const start = performance.now();
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let peak = 0;
  const look = () => peak = Math.max(peak, residentPeak(child.pid));
  look();
  const timer = setInterval(look, lookEvery);
  const { success, stderr } = await child.output();
  const seconds = (performance.now() - start) / 1000;
  clearInterval(timer);
  if (success) return { seconds, peak };
  const said = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot measure ${program} ${args.join(" ")}: ${said}`);
}

function residentPeak(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) / 1000;
  } catch {
    // It has ended, or the system has no such file.
    return 0;
  }
}

/** Whether there is a program of that name. */
export function hasProgram(name: string): boolean {
  try {
    return new Deno.Command(name, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false;
  }
}
