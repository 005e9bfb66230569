/**
 * Shells that run the launcher and the commands of the slash command's page.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import type { Run } from "./process.ts";

/** The shells to try; `ignore` if one is not installed. */
export const SHELLS = ["dash", "bash", "zsh"].map((name) => ({
  name,
  ignore: !findProgram(name),
}));

/** How to run a shell. */
export interface ShellOptions {
  cwd: string;
  /** All variables there are: those of the tests are not passed on. */
  env: Record<string, string>;
}

/** A shell that has begun. */
export function startShell(
  shell: string,
  args: string[],
  { cwd, env }: ShellOptions,
): Deno.ChildProcess {
  return new Deno.Command(findProgram(shell)!, {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a shell to its end. */
export async function inShell(
  shell: string,
  args: string[],
  options: ShellOptions,
): Promise<Run> {
  const { code, stdout, stderr } = await startShell(shell, args, options)
    .output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Makes a folder for PATH that holds a few POSIX tools, but no Deno and no npx. */
export function onlyTools(folder: string): string {
  const bin = join(folder, "bin");
  Deno.mkdirSync(bin);
  for (const name of ["sh", "ls", "cp", "rm", "mkdir", "cat", "sleep", "ln"]) {
    Deno.symlinkSync(findProgram(name)!, join(bin, name));
  }
  return bin;
}

function findProgram(name: string): string | undefined {
  return (Deno.env.get("PATH") ?? "").split(":")
    .map((folder) => join(folder, name)).find((path) => existsSync(path));
}
