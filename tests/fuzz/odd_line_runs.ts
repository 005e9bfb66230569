/**
 * Runs odd command lines in the working directory and prints what went wrong; a
 * process of its own, since the working directory belongs to all tests of a process.
 * Arguments: the backup in `output`, the seed and the number of lines.
 *
 * @module
 */
import { COMMANDS } from "../../lib/cli/main.ts";
import { installationAt } from "../../lib/store/installation.ts";
import { seeded } from "../support/random_values.ts";
import { oddLine } from "./odd_lines.ts";
import { faultOf } from "./odd_runs.ts";

const [backup = "", seed, lines] = Deno.args;
const installation = installationAt(Deno.cwd());
const random = seeded(Number(seed));
const faults: string[] = [];
let runs = 0;
for (; runs < Number(lines); runs++) {
  const args = oddLine(random, COMMANDS, installation, backup);
  const fault = await faultOf(installation, args);
  if (fault) faults.push(`line ${runs}: ${fault}`);
}
console.log(JSON.stringify({ runs, faults }));
