/**
 * `@std/path` where JSR is out of reach: typed faces of upstream's own code,
 * carried by the npm package `deno-std`. Only what this project calls is here.
 *
 * @module
 */
import { basename as posixBasename } from "deno-std/path/posix/basename.js";
import { dirname as posixDirname } from "deno-std/path/posix/dirname.js";
import { fromFileUrl as posixFromFileUrl } from "deno-std/path/posix/from_file_url.js";
import { join as posixJoin } from "deno-std/path/posix/join.js";
import { relative as posixRelative } from "deno-std/path/posix/relative.js";
import { resolve as posixResolve } from "deno-std/path/posix/resolve.js";
import { basename as windowsBasename } from "deno-std/path/windows/basename.js";
import { dirname as windowsDirname } from "deno-std/path/windows/dirname.js";
import { fromFileUrl as windowsFromFileUrl } from "deno-std/path/windows/from_file_url.js";
import { join as windowsJoin } from "deno-std/path/windows/join.js";
import { relative as windowsRelative } from "deno-std/path/windows/relative.js";
import { resolve as windowsResolve } from "deno-std/path/windows/resolve.js";

// One file a function: the whole of the package takes longer to load than a short
// command has. Its own choice of the system looks at Node's `process` first, which
// takes longer still.
const isWindows = Deno.build.os === "windows";

/** The last part of `path`, without `suffix` if it ends so. */
export const basename: (path: string, suffix?: string) => string = isWindows
  ? windowsBasename
  : posixBasename;
/** All of `path` but its last part. */
export const dirname: (path: string) => string = isWindows
  ? windowsDirname
  : posixDirname;
/** The file path that the `file:` URL stands for. */
export const fromFileUrl: (url: string | URL) => string = isWindows
  ? windowsFromFileUrl
  : posixFromFileUrl;
/** The parts joined with the separator, `.` and `..` resolved. */
export const join: (...parts: string[]) => string = isWindows
  ? windowsJoin
  : posixJoin;
/** How to get from `from` to `to`. */
export const relative: (from: string, to: string) => string = isWindows
  ? windowsRelative
  : posixRelative;
/** The absolute path of the parts, seen from the working directory. */
export const resolve: (...parts: string[]) => string = isWindows
  ? windowsResolve
  : posixResolve;
