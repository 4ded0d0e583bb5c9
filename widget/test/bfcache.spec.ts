import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../sdk/src/explanation.ts";
import { everyTrigger } from "./every-trigger.ts";
import {
  type Collector,
  choice,
  leaveThroughTop,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey, plainPage } from "./surveys.ts";
import { withTabs } from "./tabs.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) =>
    path === "/away" ? "<!doctype html><h1>Away</h1>" : plainPage(`${collector.url}/w/${path.slice(1)}.js`),
  );
  await collector.publish("every", [origin], [npsSurvey(everyTrigger)]);
  await collector.publish("exit", [origin], [npsSurvey([exitIntent])]);
});

/** Opens a page that says what comes back, and which listeners keep a page out of the cache. */
async function open(page: Page, path: string): Promise<void> {
  await page.addInitScript(() => {
    const kept: string[] = [];
    const add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (...args: Parameters<typeof add>) {
      if (/unload/.test(args[0])) kept.push(args[0]);
      return add.apply(this, args);
    };
    Object.assign(window, { kept });
    addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted }));
  });
  await page.goto(origin + path);
  await ready(page);
  // What is loaded once the page is there, and armed in idle time, is armed too.
  await page.waitForFunction(async () => {
    const surveys = (await window.askwell!("explain")) as unknown as Explanation[];
    return surveys.every(({ triggers }) => triggers.every(({ state }) => state === "armed"));
  });
}

/** Leaves for another page and comes back: the page that is there then is the one that was left. */
async function awayAndBack(page: Page): Promise<void> {
  await page.goto(`${origin}/away`);
  await page.goBack({ waitUntil: "commit" });
  await page.waitForFunction(() => "persisted" in window);
  expect(
    await page.evaluate(() => {
      const { persisted, kept } = window as never as Record<string, unknown>;
      const [entry] = performance.getEntriesByType("navigation") as (PerformanceEntry & {
        notRestoredReasons?: unknown;
      })[];
      return { persisted, kept, reasons: entry?.notRestoredReasons ?? null };
    }),
  ).toEqual({ persisted: true, kept: [], reasons: null });
}

/** Page views of the session. */
const views = (page: Page, site: string) =>
  page.evaluate((site) => JSON.parse(localStorage.getItem(`askwell:${site}:visitor`)!).session.views as number, site);

test("with every trigger armed the page comes back from the browser's cache, and a page view begins", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    await open(page, "/every");
    expect(await views(page, "every")).toBe(1);
    await awayAndBack(page);
    expect(await views(page, "every")).toBe(2);
    await awayAndBack(page);
    expect(await views(page, "every")).toBe(3);
  }));

test("with a survey shown and half answered it comes back too, and goes on", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    await open(page, "/exit");
    await leaveThroughTop(page);
    await choice(page, 9).click();
    await panel(page).getByRole("textbox").fill("Because");
    await awayAndBack(page);
    await panel(page).getByRole("button", { name: "Send" }).click();
    await expect
      .poll(() => collector.responses("exit", "nps"))
      .toMatchObject([{ state: "completed", answers: { nps: 9, why: "Because" } }]);
  }));

test("what showed before the page was left may show again after it came back", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    await open(page, "/exit");
    await leaveThroughTop(page);
    await choice(page, 0).waitFor();
    await panel(page).getByRole("button", { name: "Close" }).click();
    await panel(page).waitFor({ state: "detached" });
    const gate = () =>
      page.evaluate(async () => {
        const [one] = (await window.askwell!("explain")) as unknown as Explanation[];
        return one!.gates.find(({ gate }) => gate === "page_view")?.value;
      });
    expect(await gate()).toBe(1);
    await awayAndBack(page);
    expect(await gate()).toBe(0);
  }));
