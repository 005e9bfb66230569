/**
 * The tool while it runs: what it has said so far, and signals to it.
 *
 * @module
 */
import { type Run, type RunOptions, toolCommand } from "./process.ts";

/** A process of the tool that has not ended yet. */
export class RunningTool {
  #child: Deno.ChildProcess;
  #out: Promise<string>;
  #listening: Promise<void>;
  #err = "";
  #heard = () => {};
  #ended = false;
  #begun = performance.now();

  constructor(args: string[], options: RunOptions) {
    this.#child = toolCommand(args, options).spawn();
    this.#out = new Response(this.#child.stdout).text();
    this.#listening = this.#listen();
  }

  /** The number of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Waits for words on standard error; false where it ends without them. */
  async says(words: string): Promise<boolean> {
    while (!this.#err.includes(words) && !this.#ended) {
      await new Promise<void>((resolve) => this.#heard = resolve);
    }
    return this.#err.includes(words);
  }

  /** Waits until something is to be seen; false where it ends before. */
  async reaches(sign: () => boolean): Promise<boolean> {
    while (!this.#ended) {
      if (sign()) return true;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return false;
  }

  /**
   * Whether it has begun to listen to signals; one that comes in the same moment may
   * still end it at once. Only Linux tells; elsewhere a second has to do.
   */
  get listens(): boolean {
    if (Deno.build.os !== "linux") {
      return performance.now() - this.#begun > 1000;
    }
    const status = Deno.readTextFileSync(`/proc/${this.pid}/status`);
    return /^SigCgt:.*[13579bdf]$/m.test(status);
  }

  /** Sends a signal, which one that has just ended does not hear. */
  signal(name: Deno.Signal): void {
    try {
      this.#child.kill(name);
    } catch (error) {
      const late = error instanceof TypeError ||
        error instanceof Deno.errors.NotFound;
      if (!late) throw error;
    }
  }

  /** Waits for its end. */
  async end(): Promise<Run> {
    const [{ code }, out] = await Promise.all([
      this.#child.status,
      this.#out,
      this.#listening,
    ]);
    return { code, out, err: this.#err };
  }

  async #listen(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.#child.stderr) {
      this.#err += decoder.decode(bytes, { stream: true });
      this.#heard();
    }
    this.#ended = true;
    this.#heard();
  }
}
