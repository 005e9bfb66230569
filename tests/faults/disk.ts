/**
 * A disk whose power can be cut: ext4 in a file, which the kernel is told to shut down
 * without writing what it holds back. It needs root and a loop device.
 *
 * @module
 */
import { join } from "@std/path";
import { inScratch } from "../support/scratch.ts";

const megabytes = 48;

// _IOR('X', 125, __u32) and EXT4_GOING_FLAGS_NOLOGFLUSH, from the kernel's fs/ext4/ext4.h.
const shutdownRequest = 0x8004587dn;
const withoutFlush = 2;
// Else a process that another test starts meanwhile would keep the disk busy.
const closeOnExec = 0o2000000;

function run(program: string, ...args: string[]): boolean {
  try {
    const options = { args, stdout: "null", stderr: "null" } as const;
    return new Deno.Command(program, options).outputSync().success;
  } catch {
    return false;
  }
}

/** A mounted disk. */
export class Disk {
  readonly folder: string;
  #image: string;

  private constructor(parent: string) {
    this.folder = join(parent, "disk");
    this.#image = join(parent, "image");
  }

  /** Runs a step with a new disk; gives why it cannot be had, if so. */
  static async use(
    step: (disk: Disk) => Promise<void>,
  ): Promise<string | undefined> {
    let reason: string | undefined;
    await inScratch(async (parent) => {
      const disk = new Disk(parent);
      reason = disk.#make();
      if (reason) return;
      try {
        await step(disk);
      } finally {
        run("umount", "--lazy", disk.folder);
      }
    });
    return reason;
  }

  #make(): string | undefined {
    if (Deno.build.os !== "linux") return "it needs Linux";
    if (Deno.uid() !== 0) return "it needs root";
    Deno.mkdirSync(this.folder);
    using image = Deno.openSync(this.#image, { write: true, create: true });
    image.truncateSync(megabytes << 20);
    if (!run("mkfs.ext4", "-q", "-F", this.#image)) return "it needs mkfs.ext4";
    return this.#mount() ? undefined : "it needs a loop device";
  }

  #mount(): boolean {
    return run("mount", "-o", "loop", this.#image, this.folder);
  }

  /** Writes all that it holds back, so that a later cut leaves it there. */
  settle(): void {
    run("sync", "--file-system", this.folder);
  }

  /** Cuts the power and starts again. */
  cutPower(): void {
    shutDown(this.folder);
    const restarted = run("umount", this.folder) && this.#mount();
    if (!restarted) throw new Error("Cannot mount the disk again");
  }
}

function shutDown(folder: string): void {
  const libc = Deno.dlopen("libc.so.6", {
    open: { parameters: ["buffer", "i32"], result: "i32" },
    ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
  try {
    const path = new TextEncoder().encode(`${folder}\0`);
    const file = libc.symbols.open(path, closeOnExec);
    const flags = new Uint8Array(Uint32Array.of(withoutFlush).buffer);
    const failed = libc.symbols.ioctl(file, shutdownRequest, flags);
    libc.symbols.close(file);
    if (failed) throw new Error("Cannot shut the disk down");
  } finally {
    libc.close();
  }
}
