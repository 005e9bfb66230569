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

/**
 * How soon the memory is looked at again: in milliseconds, and as a part of the time so
 * far. Looking takes time from a program that keeps all cores busy.
 */
const soonest = 5;
const part = 0.1;

/**
 * Runs a program.
 *
 * The peak is `VmHWM` of `/proc/<pid>/status`: the kernel keeps the high-water
 * mark itself, so a look misses at most what a program takes just before it ends.
 *
 * @returns What it cost.
 * @throws {Error} where it fails, with what it said.
 */
export async function measure(
  [program, ...args]: CommandWords,
): Promise<Cost> {
  const start = performance.now();
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let peak = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    peak = Math.max(peak, residentPeak(child.pid));
    const passed = performance.now() - start;
    timer = setTimeout(look, Math.max(soonest, passed * part));
  };
  look();
  const { success, stderr } = await child.output();
  const seconds = (performance.now() - start) / 1000;
  clearTimeout(timer);
  if (success) return { seconds, peak };
  const said = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot measure ${program} ${args.join(" ")}: ${said}`);
}

/** The highest peak of a process and of those that it has started. */
function residentPeak(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const own = Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) / 1000;
    return Math.max(own, ...childrenOf(pid).map(residentPeak));
  } catch {
    // It has ended, or the system has no such file.
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const pids = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
    return pids.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/**
 * Lets the disk come to rest, so that what one program has left to be written does not
 * fall on the next.
 */
export function settle(): void {
  try {
    new Deno.Command("sync").outputSync();
  } catch { /* a system without it */ }
}

/** Whether a program is there and runs with these arguments. */
export function isRunnable([program, ...args]: CommandWords): boolean {
  try {
    const options = { args, stdout: "null", stderr: "null" } as const;
    return new Deno.Command(program, options).outputSync().success;
  } catch {
    return false;
  }
}
