/**
 * The sample database, made once for each set of options and copied from then on.
 *
 * @module
 */
import { makeSample, type SampleOptions } from "../../lib/demo/sample.ts";

const made = new Map<string, Uint8Array>();

/** Puts a sample where there is no file yet. */
export function putSample(path: string, options: SampleOptions = {}): void {
  const key = JSON.stringify(options);
  const bytes = made.get(key);
  if (bytes) return Deno.writeFileSync(path, bytes, { createNew: true });
  makeSample(path, options);
  made.set(key, Deno.readFileSync(path));
}
