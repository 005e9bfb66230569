/**
 * Runs a command under each of some limits for the size of files, from the same state,
 * and prints how many failed; a process of its own, since a limit is that of a process.
 * Arguments: the folder of the installation, the limits in bytes, and the command.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename } from "@std/path";
import {
  type Installation,
  installationAt,
} from "../../lib/store/installation.ts";
import { runInProcess } from "../support/in_process.ts";
import { type Files, filesOf, putFiles, wholeBackups } from "./kills.ts";

/** RLIMIT_FSIZE of Linux and macOS. */
const fileSize = 1;

const libc = Deno.dlopen(
  Deno.build.os === "darwin" ? "libSystem.dylib" : "libc.so.6",
  {
    getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
    setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  },
);

/** Does a step while no file may grow beyond a size in bytes. */
async function limited<T>(size: bigint, step: () => Promise<T>): Promise<T> {
  const { getrlimit, setrlimit } = libc.symbols;
  const limits = new BigUint64Array(2);
  assertEquals(getrlimit(fileSize, limits), 0);
  assertEquals(setrlimit(fileSize, BigUint64Array.of(size, limits[1]!)), 0);
  try {
    return await step();
  } finally {
    assertEquals(setrlimit(fileSize, limits), 0);
  }
}

function assertSameFiles(
  installation: Installation,
  before: Files,
  at: string,
): void {
  const after = filesOf(installation);
  assertEquals([...after.keys()].sort(), [...before.keys()].sort(), at);
  for (const [path, bytes] of before) {
    const same = after.get(path)?.toBase64() === bytes.toBase64();
    assert(same, `${at}: ${basename(path)} has changed`);
  }
}

/** Runs a command under a limit; says whether it failed, as it may. */
async function fails(
  installation: Installation,
  before: Files,
  limit: string,
  args: string[],
): Promise<boolean> {
  putFiles(installation, before);
  const at = `with ${limit} bytes`;
  const { code, out, err } = await limited(
    BigInt(limit),
    () => runInProcess(installation, args),
  );
  await wholeBackups(installation);
  if (code === 0) return false;
  assertEquals([code, out], [1, ""], at);
  assertMatch(err, /^Error: Cannot [^\n]+: the disk [^\n]+$/, at);
  assertSameFiles(installation, before, at);
  return true;
}

const [root = "", limits = "", ...args] = Deno.args;
const installation = installationAt(root);
const before = filesOf(installation);
// Unheeded, the signal would end the process.
Deno.addSignalListener("SIGXFSZ", () => {});
let failures = 0;
for (const limit of limits.split(",")) {
  if (await fails(installation, before, limit, args)) failures++;
}
putFiles(installation, before);
console.log(failures);
Deno.exit();
