/**
 * Ends the program after Ctrl-C, whatever it is doing.
 *
 * A statement of SQLite's blocks its thread and can take minutes, and signals come in
 * between turns of the event loop only. So a worker listens to them: it asks the
 * program to stop, and if that takes too long, removes the temporary files and ends the
 * process. What a database was in the middle of is rolled back by SQLite when it is
 * next opened.
 *
 * @module
 */
import type { Progress } from "../session.ts";
import { ownFiles } from "../store/folder.ts";

/** What is written if the program has to be ended, ends of lines and all. */
export interface LastWords {
  /** To standard output. */
  out: string;
  /** To standard error. */
  err: string;
}

/** What the watch of a run needs to know. */
export interface Watched {
  /** The folders in which the run has temporary files. */
  folders: string[];
  /** What is said if nothing was changed. */
  stopped: LastWords;
  /** What is said if the last step was under way. */
  unfinished: LastWords;
}

/** The watch of a run. */
export interface Watch {
  /** Whether a signal has asked the run to stop. */
  readonly signal: { readonly aborted: boolean };
  /** Hears how far the run is, to begin to listen if it is a long one. */
  note(progress?: Progress): Promise<void> | undefined;
  /** Says that from here on something may have been changed. */
  finishing(): void;
  /** Ends the watch; a signal ends the process at once from then on. */
  end(): void;
}

/**
 * Runs with less to do, in bytes, end soon: a worker would take a third of their time.
 * Signals end them at once; what they leave is cleared by the next run.
 */
const worthwhile = 4_000_000;

/** But some take longer, in milliseconds. */
const short = 200;

/** How long the run may take to stop by itself, in milliseconds. */
const patience = 1_200;

/** Signals that stop the program; Windows has only the first. */
const stopSignals: Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * What the run and the worker share: whether to stop, and how far the run is. The run
 * is finishing once something may have been changed, and ending once the worker has
 * decided to end it.
 */
const CELL = { stop: 0, phase: 1 } as const;
const PHASE = { working: 0, finishing: 1, ending: 2 } as const;

/** What the worker is given. */
type Orders = Watched & ReturnType<typeof ownFiles> & {
  shared: Int32Array<SharedArrayBuffer>;
  CELL: typeof CELL;
  PHASE: typeof PHASE;
  patience: number;
  signals: Deno.Signal[];
};

/** The watch of a run in this process. */
export function watchRun(watched: Watched): Watch {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  let worker: Worker | undefined;
  return {
    signal: {
      get aborted() {
        return Atomics.load(shared, CELL.stop) === 1;
      },
    },
    note: (progress) => {
      if (worker) return;
      const isLong = (progress?.total ?? 0) > worthwhile ||
        performance.now() > short;
      if (!isLong) return;
      worker = startWorker(watched, shared);
      return ready(worker);
    },
    finishing: () => {
      const { working, finishing, ending } = PHASE;
      Atomics.compareExchange(shared, CELL.phase, working, finishing);
      // The worker has said that nothing was changed, and ends the process.
      Atomics.wait(shared, CELL.phase, ending);
    },
    end: () => worker?.terminate(),
  };
}

function startWorker(watched: Watched, shared: Orders["shared"]): Worker {
  // Code in the address needs no permission to read files, and no file in a bundle.
  const methods = Object.values(LISTENER).join();
  const code = `const listener = { ${methods} };
    addEventListener("message", ({ data }) => listener.listen(data));`;
  const address = `data:text/javascript,${encodeURIComponent(code)}`;
  const worker = new Worker(address, { type: "module" });
  const orders: Orders = {
    ...watched,
    ...ownFiles(),
    shared,
    CELL,
    PHASE,
    patience,
    signals: stopSignals,
  };
  worker.postMessage(orders);
  return worker;
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.onmessage = () => resolve();
    // Without a worker, signals end the process at once.
    worker.onerror = (event) => {
      event.preventDefault();
      resolve();
    };
  });
}

/** What runs in the worker; it can use nothing from outside of this object. */
const LISTENER = {
  listen(orders: Orders): void {
    const { shared, CELL, patience, signals } = orders;
    const stop = () => {
      if (Atomics.exchange(shared, CELL.stop, 1) === 0) {
        setTimeout(() => this.end(orders, stop), patience);
      }
    };
    for (const signal of signals) Deno.addSignalListener(signal, stop);
    (self as unknown as MessagePort).postMessage("ready");
  },

  end(orders: Orders, stop: () => void): void {
    const { shared, CELL, signals } = orders;
    const { working, ending } = orders.PHASE;
    const was = Atomics.compareExchange(shared, CELL.phase, working, ending);
    const words = was === working ? orders.stopped : orders.unfinished;
    this.say(Deno.stdout, words.out);
    this.say(Deno.stderr, words.err);
    // A busy disk may take its time for this.
    this.clear(orders);
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
    // With no listener left the signal does what it does by itself. A program may
    // always end itself; where it may not, the next signal from outside ends it.
    const fatal = Deno.build.os === "windows" ? "SIGKILL" : "SIGINT";
    Deno.kill(Deno.pid, fatal);
  },

  clear({ folders, prefix, holder, note }: Orders): void {
    for (const folder of folders) {
      this.attempt(() => {
        for (const { name } of Deno.readDirSync(folder)) {
          const path = `${folder}/${name}`;
          this.attempt(() => {
            const isOwn = name.startsWith(prefix) ||
              name === holder && Deno.readTextFileSync(path) === note;
            if (isOwn) Deno.removeSync(path);
          });
        }
      });
    }
  },

  say(stream: typeof Deno.stdout, words: string): void {
    this.attempt(() => stream.writeSync(new TextEncoder().encode(words)));
  },

  // Whatever fails, the process has to end.
  attempt(step: () => void): void {
    try {
      step();
    } catch { /* see above */ }
  },
};
