/**
 * The program as its users run it.
 *
 * @module
 */
import { MAIN_CASES } from "./main_cases.ts";

for (const { name, check } of MAIN_CASES) {
  Deno.test(`as a program, ${name}`, () => check());
}
