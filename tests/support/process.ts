/**
 * The tool as a process, as a user runs it.
 *
 * @module
 */
import { fromFileUrl, join, resolve } from "@std/path";

/** The folder of the project. */
export const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** What a run came to. */
export interface Run {
  code: number;
  out: string;
  err: string;
}

/** How to run the tool. */
export interface RunOptions {
  /** The working directory; data/ and output/ are seen from it. */
  cwd: string;
  /** Which file is run; `backup.ts` unless told. */
  entry?: string | undefined;
  /** More permissions, such as `--allow-read=/a/file`. */
  allow?: string[];
  env?: Record<string, string>;
}

/**
 * The configuration of the tests, where it is not the project's own: with the
 * real packages over FFI, each process needs that one too, and the right to FFI.
 */
const named = Deno.env.get("BACKUP_TEST_CONFIG");

// Processes run in other folders; and the lock file is that of the project's own.
const otherConfig = named
  ? ["--config", resolve(named), "--no-lock"]
  : undefined;

/** Whether the tests run with the real packages, by a configuration of their own. */
export const OVER_FFI: boolean = otherConfig !== undefined;

/** The variables that the real package looks at. */
const ffiEnv = "--allow-env=DENO_SQLITE_PATH,DENO_SQLITE_LOCAL";

const projectConfig = ["--config", join(PROJECT, "deno.json")];

/** The permissions that the tasks give, and no other. */
export const SCOPED = [
  "--no-prompt",
  "--allow-read=data,output",
  "--allow-write=data,output",
  "--allow-env=CLAUDE_PLUGIN_ROOT,NO_COLOR",
];

/** The arguments of `deno` that run the tool with the scoped permissions. */
export function denoArgs(options: RunOptions, args: string[]): string[] {
  const entry = options.entry ?? join(PROJECT, "backup.ts");
  const config = entry.endsWith(".js")
    ? ["--no-config"]
    : otherConfig
    ? [...otherConfig, "--allow-ffi", ffiEnv]
    : projectConfig;
  return [
    "run",
    ...config,
    ...SCOPED,
    ...options.allow ?? [],
    entry,
    ...args,
  ];
}

/** The tool as a command that has not begun; it hears nothing. */
export function toolCommand(
  args: string[],
  options: RunOptions,
  output: "piped" | "null" = "piped",
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: denoArgs(options, args),
    cwd: options.cwd,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: output,
    stderr: output,
  });
}

/** What a process that has ended came to. */
export function runOf(
  { code, stdout, stderr }: Deno.CommandOutput,
): Run {
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs the tool to its end. */
export async function runTool(
  args: string[],
  options: RunOptions,
): Promise<Run> {
  return runOf(await toolCommand(args, options).output());
}

/** Runs a script of the tests in a folder, with all permissions. */
export async function runScript(
  script: URL,
  args: string[],
  cwd: string,
): Promise<Run> {
  const config = otherConfig ?? projectConfig;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", ...config, "-A", fromFileUrl(script), ...args],
    cwd,
    stdin: "null",
  });
  return runOf(await command.output());
}

/**
 * Runs the tool where no file may grow beyond a size, as the shell limits it.
 *
 * @param blocks The size in blocks of 512 bytes.
 */
export async function runLimitedTool(
  args: string[],
  options: RunOptions,
  blocks: number | "unlimited",
): Promise<Run> {
  const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;
  const command = new Deno.Command("sh", {
    args: ["-c", script, Deno.execPath(), ...denoArgs(options, args)],
    cwd: options.cwd,
    env: { NO_COLOR: "1", ...options.env },
  });
  return runOf(await command.output());
}
