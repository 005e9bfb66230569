/**
 * Chromium without a window, steered over its DevTools protocol
 * (https://chromedevtools.github.io/devtools-protocol/), to look at a page.
 *
 * @module
 */

const names = ["chromium", "chromium-browser", "google-chrome"];

/** The name of a Chromium that can be run; `undefined`: there is none. */
export function findChromium(): string | undefined {
  return names.find((name) => {
    try {
      const options = { args: ["--version"], stdout: "null", stderr: "null" };
      return new Deno.Command(name, options as Deno.CommandOptions)
        .outputSync().success;
    } catch {
      return false;
    }
  });
}

/** How to look at a page. */
export interface View {
  /** How wide the window is, in pixels. */
  width: number;
  height: number;
  dark: boolean;
  /** How many pixels of the picture a pixel of the page has. */
  scale?: number;
}

interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** A page that is open. */
export class Page {
  /** What the page said on its console, and what it asked of the network. */
  readonly said: string[] = [];
  #id = 0;
  #waiting = new Map<number, (message: Message) => void>();
  #loaded: () => void = () => {};

  constructor(readonly socket: WebSocket) {
    socket.onmessage = ({ data }) => this.#take(JSON.parse(String(data)));
  }

  #take({ id, method, params, ...rest }: Message): void {
    if (id !== undefined) this.#waiting.get(id)?.({ id, ...rest });
    if (method === "Page.loadEventFired") this.#loaded();
    if (method === "Log.entryAdded" || method === "Runtime.exceptionThrown") {
      this.said.push(JSON.stringify(params));
    }
    if (method === "Runtime.consoleAPICalled") {
      this.said.push(JSON.stringify(params));
    }
    if (method === "Network.requestWillBeSent") {
      const { url } = params!.request as { url: string };
      if (!url.startsWith("file:")) this.said.push(`asked for ${url}`);
    }
  }

  /** Calls a method of the protocol. */
  async call(
    method: string,
    params: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> {
    const id = ++this.#id;
    const answer = new Promise<Message>((done) => this.#waiting.set(id, done));
    this.socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answer;
    this.#waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result!;
  }

  /** Opens an address and waits for it. */
  async open(url: string, { width, height, dark, scale = 1 }: View) {
    for (const domain of ["Page", "Log", "Runtime", "Network"]) {
      await this.call(`${domain}.enable`);
    }
    await this.call("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: scale,
      mobile: false,
    });
    const value = dark ? "dark" : "light";
    await this.call("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value }],
    });
    const loaded = new Promise<void>((done) => this.#loaded = done);
    await this.call("Page.navigate", { url });
    await loaded;
  }

  /** Runs JavaScript in the page, and gives what it gives. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  }

  /** A picture of the page, as a PNG file has it: all of it, or the window. */
  async picture(whole: boolean): Promise<Uint8Array<ArrayBuffer>> {
    const { data } = await this.call("Page.captureScreenshot", {
      format: "png",
      captureBeyondViewport: whole,
    });
    return Uint8Array.fromBase64(data as string);
  }
}

/**
 * Runs a step with a page of a browser, which is ended afterwards.
 *
 * @param program The name of the browser.
 * @param folder A folder for its own files.
 */
export async function withPage<T>(
  program: string,
  folder: string,
  step: (page: Page) => Promise<T>,
): Promise<T> {
  const process = new Deno.Command(program, {
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--hide-scrollbars",
      "--remote-debugging-port=0",
      `--user-data-dir=${folder}`,
      "about:blank",
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  try {
    const port = await portIn(process.stderr);
    const targets = await fetch(`http://127.0.0.1:${port}/json`);
    const [{ webSocketDebuggerUrl }] = (await targets.json())
      .filter(({ type }: { type: string }) => type === "page");
    const socket = new WebSocket(webSocketDebuggerUrl);
    await new Promise((done) => socket.onopen = done);
    return await step(new Page(socket)).finally(() => closed(socket));
  } finally {
    process.kill();
    await process.status;
  }
}

function closed(socket: WebSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.onclose = () => resolve();
  socket.close();
  return promise;
}

/** The browser says at which port it listens. */
async function portIn(stderr: ReadableStream<Uint8Array>): Promise<string> {
  let said = "";
  const decoder = new TextDecoder();
  const reader = stderr.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The browser ended: ${said}`);
    said += decoder.decode(value, { stream: true });
    const port = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(said)?.[1];
    if (port) {
      await reader.cancel();
      return port;
    }
  }
}
