import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import type {} from "../../sdk/src/calls.ts";
import type { Definition, Response, ResponseView, Scores } from "../../sdk/src/wire.ts";

const root = new URL("../../", import.meta.url).pathname;
const binary = `${root}collector/dist/askwell`;
const adminKey = "a-key-for-the-specs-only";

/** A running collector with a database of its own. */
export type Collector = {
  url: string;
  /** Stops it as an operator would; its database stays. */
  stop(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  api<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
  /** Makes a site that these pages may use, with these surveys live. */
  publish(site: string, origins: string[], surveys: Definition[]): Promise<void>;
  responses(site: string, survey: string): Promise<ResponseView[]>;
  score(site: string, survey: string): Promise<Scores>;
};

export async function startCollector(...flags: string[]): Promise<Collector> {
  const folder = await mkdtemp(join(tmpdir(), "askwell-spec-"));
  let process: ChildProcess;
  let address = "127.0.0.1:0";
  const collector: Collector = {
    url: "",
    async start() {
      // Specs answer faster than a person could, and all from one address.
      const specs = ["--fastest-answer", "0s", "--rate-address", "0"];
      process = spawn(binary, ["serve", "--addr", address, "--db", join(folder, "askwell.db"), ...specs, ...flags], {
        env: { ASKWELL_ADMIN_KEY: adminKey },
        stdio: ["ignore", "pipe", "inherit"],
      });
      running.add(process);
      for await (const line of createInterface({ input: process.stdout! })) {
        const url = /http:\/\/[^/\s]+/.exec(line)?.[0];
        if (!url) continue;
        collector.url = url;
        address = `127.0.0.1:${new URL(url).port}`;
        // Keep reading, so that it never blocks on a full pipe.
        process.stdout!.resume();
        return;
      }
      throw new Error("the collector did not start");
    },
    stop: () => end(process),
    async api<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const reply = await fetch(collector.url + path, {
        method,
        headers: { Authorization: `Bearer ${adminKey}`, "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
      return (await reply.json()) as T;
    },
    async publish(site, origins, surveys) {
      await collector.api("PUT", `/v1/sites/${site}`, { site, name: site, origins, fatigue: { per_session: 100 } });
      for (const survey of surveys) {
        await collector.api("PUT", `/v1/sites/${site}/surveys/${survey.id}`, survey);
        await collector.api("POST", `/v1/sites/${site}/surveys/${survey.id}/publish`);
      }
    },
    async responses(site, survey) {
      return (await collector.api<{ items: ResponseView[] }>("GET", `/v1/sites/${site}/surveys/${survey}/responses`))
        .items;
    },
    score: (site, survey) => collector.api<Scores>("GET", `/v1/sites/${site}/surveys/${survey}/scores`),
  };
  await collector.start();
  cleanups.push(async () => {
    await collector.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return collector;
}

const running = new Set<ChildProcess>();

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exited = new Promise((resolve) => process.once("exit", resolve));
  process.kill("SIGTERM");
  await exited;
  running.delete(process);
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".ico": "image/x-icon",
};

/** What a page server answers: a page's text, or a whole reply. */
export type Pages = (path: string) => string | undefined | Promise<string | undefined>;

/**
 * Serves pages from an origin of their own, as a customer's site does. What `pages` does not know is
 * read from `folder`.
 */
export async function servePages(pages: Pages, folder?: string, headers: Record<string, string> = {}): Promise<string> {
  const server: Server = createServer(async (request, reply) => {
    const path = new URL(request.url!, "http://x").pathname;
    if (path === "/favicon.ico") return void reply.writeHead(204).end();
    const type = types[extname(path)] ?? types[".html"]!;
    const body = (await pages(path)) ?? (folder && (await readFile(join(folder, path)).catch(() => undefined)));
    reply.writeHead(body === undefined ? 404 : 200, { "Content-Type": type, ...headers }).end(body || "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The whole browser: it has tabs that hide each other, and its cache of pages. */
export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** The same engine without the browser's own interface: opening a page takes a third of the time (120 ms for 370 ms). */
const shellPath = process.env.CHROMIUM_SHELL ?? "/usr/bin/chromium-headless-shell";
const version = parseInt(/\d+/.exec(execFileSync(chromiumPath, ["--version"], { encoding: "utf8" }))![0], 10);
export const chromiumFlags = [
  // What Chromium calls itself where a person sees it: a headless one counts as a bot. As a flag, because what a
  // page sends as it is left goes out without the user agent of Playwright's contexts.
  `--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
  "--no-sandbox", // specs may run as root, in a container
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What is undone after the last spec of a file. */
export const cleanups: (() => Promise<unknown>)[] = [];
let browser: Browser;
const contexts: BrowserContext[] = [];

/** Gives a spec file a browser; contexts opened with newPage() are closed after each spec. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: shellPath, args: chromiumFlags });
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
}

/** A page of a visitor who was never here, and all that the console complained of. */
export async function newPage(
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<Page & { complaints: string[] }> {
  const context = await browser.newContext({
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(20_000); // so that a spec says what it waited for
  contexts.push(context);
  const page = Object.assign(await context.newPage(), { complaints: [] as string[] });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}

/**
 * Moves the pointer as a hand does, in steps of 16 ms by the events' own clock: plain page.mouse has no
 * say in timeStamp, and a speed measured by it is wrong under load (26 of 30; this way 300 of 300).
 */
export async function movePointer(page: Page, path: [x: number, y: number][]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  // CDP's timestamp is in seconds since the epoch; event.timeStamp follows it.
  let timestamp = (await page.evaluate(() => performance.timeOrigin + performance.now())) / 1_000;
  for (const [x, y] of path) {
    timestamp += 0.016;
    await devtools.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y, timestamp });
  }
  await devtools.detach();
}

/** Clicks at the middle of an element, or beside it, so many milliseconds apart by the events' own clock. */
export async function clicks(page: Page, selector: string, times: number, apart = 150, step = 0): Promise<void> {
  const { x, y, width, height } = (await page.locator(selector).boundingBox())!;
  const devtools = await page.context().newCDPSession(page);
  let timestamp = (await page.evaluate(() => performance.timeOrigin + performance.now())) / 1_000;
  for (let i = 0; i < times; i++) {
    const at = { x: x + width / 2 + i * step, y: y + height / 2, button: "left", clickCount: i + 1 } as const;
    await devtools.send("Input.dispatchMouseEvent", { type: "mousePressed", ...at, timestamp });
    await devtools.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...at, timestamp: timestamp + 0.02 });
    timestamp += apart / 1_000;
  }
  await devtools.detach();
}

/** A quick move from the middle of the page out through its top. */
export const leaveThroughTop = (page: Page): Promise<void> =>
  movePointer(page, [
    [640, 400],
    [640, 300],
    [640, 200],
    [640, 100],
    [640, 30],
    [640, -40],
  ]);

/** The survey's host element; Playwright's locators look through its open shadow root. */
export const panel = (page: Page) => page.locator("askwell-survey");

/** The radio of a scale's point, or of a choice. */
export const choice = (page: Page, value: number | string) => panel(page).locator(`input[value="${value}"]`);

/** Waits until this is asked. By its legend: half a second later the live region says the same words. */
export const asks = (page: Page, words: string): Promise<void> =>
  panel(page).locator("legend", { hasText: words }).waitFor();

/** Waits until the site's script runs. */
export const ready = (page: Page) => page.waitForFunction(() => window.askwell?.loaded);

/** Shows a survey by its id, and waits until it can be answered. */
export async function show(page: Page, survey: string): Promise<void> {
  await ready(page);
  await page.evaluate((id) => window.askwell!("show", id), survey);
  await choice(page, 5).waitFor();
  await painted(page);
}

/** Waits until a survey that is there is painted: storing, sending and telling come right after that (widget/src/painted.ts). */
export const painted = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

/**
 * Leaves the full screen, and waits until the survey has left it too: it moves a frame after fullscreenElement is null,
 * and what is typed as it moves is lost.
 */
export async function exitFullscreen(page: Page): Promise<void> {
  await page.evaluate(() => document.exitFullscreen());
  await page.waitForFunction(() => !document.fullscreenElement && document.querySelector("html > askwell-survey"));
}

/** The next response that is born on the page, as it is sent. */
export async function nextBorn(page: Page): Promise<Response> {
  const born = (request: Request) =>
    (request.postDataJSON() as { responses?: Response[] } | null)?.responses?.find(({ seq }) => seq === 1);
  return born(await page.waitForRequest((request) => !!born(request)))!;
}

export { root };
