import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type {} from "../../sdk/src/calls.ts";
import { type Collector, choice, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
let elsewhere: string;
beforeAll(async () => {
  collector = await startCollector();
  elsewhere = await servePages((path) => (path === "/throws.js" ? "throw new Error('not ours to know')" : undefined));
  origin = await servePages((path) => {
    if (path.startsWith("/missing")) return undefined;
    if (path === "/ok") return "{}";
    if (path === "/early") return plainPage(`${collector.url}/w/status.js`, `<script>fetch("/missing/early")</script>`);
    return plainPage(`${collector.url}/w/${path.slice(1)}.js`);
  });
  const error = { type: "error" } as const;
  await collector.publish("error", [origin], [npsSurvey([error])]);
  await collector.publish("status", [origin], [npsSurvey([{ ...error, status: 404 }])]);
  await collector.publish("uncaught", [origin], [npsSurvey([{ ...error, on: ["uncaught"], status: 404 }])]);
  await collector.publish("request", [origin], [npsSurvey([{ ...error, on: ["request"], status: 404 }])]);
  await collector.publish(
    "ignore",
    [origin],
    [npsSurvey([{ ...error, status: 404, ignore: [{ contains: "known" }, { contains: "/missing/known" }] }])],
  );
});

async function open(site: string): Promise<Page> {
  const page = await newPage();
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
}

/** When the survey's trigger last fired, and why. */
const fired = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<{ at: number; reason?: string | undefined } | undefined>((tell) =>
        window.askwell!("explain", ([survey]) => tell(survey!.triggers[0]!.fired)),
      ),
  );
const reason = async (page: Page) => (await fired(page))?.reason;

const fail = (page: Page, message = "broken") => page.evaluate((message) => reportError(new Error(message)), message);
/** A request, and that the browser has told of it. */
const ask = (page: Page, url: string) =>
  page.evaluate(async (url) => {
    const told = new Promise((resolve) => new PerformanceObserver(resolve).observe({ type: "resource" }));
    await fetch(url).catch(() => {});
    await told;
  }, url);

test("an error that no code caught shows the survey, and says why", async () => {
  const page = await open("error");
  await fail(page);
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("error", "nps")).map(({ trigger }) => trigger))
    .toEqual([{ type: "error", reason: "uncaught" }]);
});

test("so do a rejected promise, and a failed request, also one from before the script came", async () => {
  const page = await open("error");
  await page.evaluate(() => void Promise.reject(new Error("nobody cares")));
  await expect.poll(() => reason(page)).toBe("rejected");
  const other = await open("status");
  await ask(other, "/missing");
  await expect.poll(() => reason(other)).toBe("request");
  const early = await open("early");
  await expect.poll(() => reason(early)).toBe("request");
});

test("a request that got no reply is one that failed; not where the page asked again, with success", async () => {
  const page = await open("error");
  await page.route("**/cut*", (route) => route.abort());
  await page.evaluate(async () => {
    const typing = new AbortController();
    fetch("/ok?first", { signal: typing.signal }).catch(() => {});
    typing.abort();
    await fetch("/ok?second");
  });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_100)));
  expect(await reason(page)).toBeUndefined();
  await page.evaluate(() => void fetch("/cut").catch(() => {}));
  await expect.poll(() => reason(page)).toBe("request");
});

test.each<[string, string, (page: Page) => Promise<unknown>]>([
  [
    "an error that is caught",
    "status",
    (page) => page.evaluate(() => void Promise.reject(new Error("caught")).catch(() => {})),
  ],
  [
    "an image that does not load",
    "status",
    (page) =>
      page.evaluate(
        () =>
          new Promise((done) =>
            Object.assign(document.body.appendChild(new Image()), { src: "/missing.png", onerror: done }),
          ),
      ),
  ],
  [
    "a script of another origin",
    "status",
    (page) =>
      page.evaluate(
        (src) =>
          new Promise((done) =>
            document.body.append(Object.assign(document.createElement("script"), { src, onload: done })),
          ),
        `${elsewhere}/throws.js`,
      ),
  ],
  [
    "a loop of a ResizeObserver",
    "status",
    (page) =>
      page.evaluate(() =>
        window.dispatchEvent(
          new ErrorEvent("error", { message: "ResizeObserver loop completed with undelivered notifications." }),
        ),
      ),
  ],
  [
    "a request that was called off",
    "status",
    (page) => page.evaluate(() => void Promise.reject(new DOMException("", "AbortError"))),
  ],
  [
    "a browser extension",
    "status",
    (page) =>
      page.evaluate(() =>
        window.dispatchEvent(new ErrorEvent("error", { message: "x", filename: "chrome-extension://abc/content.js" })),
      ),
  ],
  ["a reply below the status", "error", (page) => ask(page, "/missing")],
  [
    "what is ignored",
    "ignore",
    async (page) => {
      await fail(page, "a known one");
      await ask(page, "/missing/known");
    },
  ],
  [
    "the widget itself",
    "status",
    async (page) => {
      await page.evaluate((file) => {
        window.dispatchEvent(new ErrorEvent("error", { message: "ours", filename: file }));
        const error = new Error("ours");
        error.stack = `Error: ours\n    at present (${file}:1:2)\n    at x (${location.origin}/page.js:1:1)`;
        void Promise.reject(error);
      }, `${collector.url}/w/a/face.js`);
      await ask(page, `${collector.url}/w/a/none.js`);
    },
  ],
])("%s shows nothing", async (_, site, happens) => {
  const page = await open(site);
  await happens(page);
  // Once a page view: the one that certainly counts is told, so nothing was before it.
  const before = await page.evaluate(() => Date.now());
  expect(await fired(page)).toBeUndefined();
  await fail(page);
  expect((await fired(page))!.at).toBeGreaterThanOrEqual(before);
});

test("only what is asked for counts", async () => {
  const uncaught = await open("uncaught");
  await ask(uncaught, "/missing");
  expect(await reason(uncaught)).toBeUndefined();
  await fail(uncaught);
  expect(await reason(uncaught)).toBe("uncaught");
  const request = await open("request");
  await fail(request);
  expect(await reason(request)).toBeUndefined();
  await ask(request, "/missing");
  await expect.poll(() => reason(request)).toBe("request");
});

test("it is told once a page view; a new route begins anew, and knows nothing of what failed before it", async () => {
  const page = await open("status");
  await ask(page, "/missing");
  await expect.poll(() => reason(page)).toBe("request");
  const first = await fired(page);
  await fail(page);
  expect(await fired(page)).toEqual(first);
  await page.evaluate(() => history.pushState({}, "", "/next"));
  await ask(page, "/ok"); // what the browser tells of first is what it kept
  expect(await fired(page)).toBeUndefined();
  await fail(page);
  expect(await reason(page)).toBe("uncaught");
});

test("after destroy() nothing is told", async () => {
  const page = await open("error");
  await page.evaluate(() => window.askwell!("destroy"));
  await fail(page);
  expect(await page.locator("askwell-survey").count()).toBe(0);
});
