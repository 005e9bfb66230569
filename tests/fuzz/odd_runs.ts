/**
 * Runs of odd commands, and what none of them may show.
 *
 * @module
 */
import { EXIT } from "../../lib/errors.ts";
import type { Installation } from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";

/** Long enough for one try: nobody else holds these locks. */
const timeouts = { lockTimeout: 50, folderTimeout: 50 };

/** What shows that a fault was not foreseen; both words that the program has had. */
const unforeseen = /Unexpected error|not foreseen|^ {4}at /m;

/** What a run showed that no run may show. */
export async function faultOf(
  installation: Installation,
  args: string[],
): Promise<string | undefined> {
  const { code, out, err } = await runInProcess(installation, args, {
    timeouts,
  });
  const documented = Object.values(EXIT).some((known) => known === code);
  if (documented && !unforeseen.test(out + "\n" + err)) return undefined;
  return `${JSON.stringify(args).slice(0, 200)}: ${code}, ${err.slice(0, 600)}`;
}
