/**
 * `@std/path` where JSR is out of reach: typed faces of upstream's own code,
 * carried by the npm package `deno-std`. Only what this project calls is here.
 *
 * @module
 */
import * as posix from "deno-std/path/posix/mod.js";
import * as windows from "deno-std/path/windows/mod.js";

// The package's own choice looks at Node's `process` first, and loading that takes
// as long as all else that a short command does.
const path = Deno.build.os === "windows" ? windows : posix;

/** The last part of `path`, without `suffix` if it ends so. */
export const basename: (path: string, suffix?: string) => string =
  path.basename;
/** All of `path` but its last part. */
export const dirname: (path: string) => string = path.dirname;
/** The file path that the `file:` URL stands for. */
export const fromFileUrl: (url: string | URL) => string = path.fromFileUrl;
/** The parts joined with the separator, `.` and `..` resolved. */
export const join: (...parts: string[]) => string = path.join;
/** How to get from `from` to `to`. */
export const relative: (from: string, to: string) => string = path.relative;
/** The absolute path of the parts, seen from the working directory. */
export const resolve: (...parts: string[]) => string = path.resolve;
