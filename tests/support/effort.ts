/**
 * How much work something is, whatever else the machine does at the time.
 *
 * @module
 */

/**
 * Milliseconds of work that this thread has done so far. Other systems than Linux
 * tell no such thing, and give the time that has passed.
 */
export function effort(): number {
  if (Deno.build.os !== "linux") return performance.now();
  const [nanoseconds] = Deno.readTextFileSync("/proc/thread-self/schedstat")
    .split(" ");
  return Number(nanoseconds) / 1e6;
}
