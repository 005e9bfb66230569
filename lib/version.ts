/** The version of the program; the same as in `deno.json`. */
export const VERSION = "1.0.0";
