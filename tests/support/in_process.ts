/**
 * The program from its command line to its exit code, in the process of the tests.
 *
 * @module
 */
import { main } from "../../lib/cli/main.ts";
import type { Timeouts } from "../../lib/session.ts";
import type { Installation } from "../../lib/store/installation.ts";
import type { Run } from "./process.ts";

/** What a run is given besides its command line. */
export interface InProcessOptions {
  timeouts?: Partial<Timeouts>;
  signal?: AbortSignal;
  /** Is called with each line on standard error. */
  onLine?: (line: string) => void;
}

/** Runs a command at an installation; ends of lines are left out. */
export async function runInProcess(
  { root }: Pick<Installation, "root">,
  args: string[],
  options: InProcessOptions = {},
): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main({
    args,
    terminal: {
      out: (line) => out.push(line),
      err: (line) => {
        err.push(line);
        options.onLine?.(line);
      },
      bold: (text) => text,
    },
    root: () => root,
    watch: () => ({
      signal: options.signal ?? new AbortController().signal,
      note: () => undefined,
      finishing: () => {},
      end: () => {},
    }),
    timeouts: options.timeouts,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
