import { beforeAll, expect, test } from "vitest";
import { fired } from "./fired.ts";
import {
  type Collector,
  choice,
  newPage,
  nextBorn,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";
import { bringToFront, withTabs } from "./tabs.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  const after = (seconds: number, id: string, scope?: "session") =>
    npsSurvey([{ type: "time_on_page", seconds, scope }], {
      id,
      frequency: { per_visitor: "always", min_gap_days: 0 },
    });
  await collector.publish("half-minute", [origin], [after(30, "nps")]);
  await collector.publish("second", [origin], [after(1, "nps")]);
  await collector.publish("session", [origin], [after(30, "nps", "session"), after(60, "minute", "session")]);
  await collector.publish("session-second", [origin], [after(1, "nps", "session")]);
});

test("it shows after the seconds asked for, not before", async () => {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/half-minute`);
  await ready(page);
  const start = await page.evaluate(() => Date.now());
  const born = nextBorn(page);
  await page.clock.fastForward(29_000);
  await page.clock.fastForward(1_500);
  await choice(page, 0).waitFor();
  // By its own clock: that nothing is there yet at 29 s would also be so while the face loads.
  expect((await born).shown_at - start).toBeGreaterThanOrEqual(29_900);
});

test("a route change starts the page's time anew", async () => {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/half-minute`);
  await ready(page);
  await page.clock.fastForward(20_000);
  await page.evaluate(() => history.pushState(null, "", "/half-minute/next"));
  await page.clock.fastForward(20_000);
  expect(await fired(page)).toBeUndefined();
  await page.clock.fastForward(10_500);
  expect(await fired(page)).toBe("");
});

test("the session's time goes on over the pages and routes of the tab, and is the same for all surveys", async () => {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/session`);
  await ready(page);
  await page.clock.fastForward(10_000);
  await page.evaluate(() => history.pushState(null, "", "/session/route"));
  await page.clock.fastForward(10_000);
  await page.goto(`${origin}/session/page`);
  await ready(page);
  // Some real time passes as well, while the page loads.
  await page.clock.fastForward(5_000);
  expect(await fired(page)).toBeUndefined();
  await page.clock.fastForward(5_500);
  expect(await fired(page)).toBe("");
  expect(await fired(page, "minute")).toBeUndefined();

  await page.goto(`${origin}/session/last`);
  await ready(page);
  await page.clock.fastForward(24_000);
  expect(await fired(page, "minute")).toBeUndefined();
  await page.clock.fastForward(6_500);
  expect(await fired(page, "minute")).toBe("");
});

test("the time of another tab is not this one's", async () => {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/session`);
  await ready(page);
  await page.clock.fastForward(25_000);
  const other = await page.context().newPage();
  await other.goto(`${origin}/session`);
  await ready(other);
  await other.clock.fastForward(24_000);
  expect(await fired(other)).toBeUndefined();
});

test("where the time is over when a page opens, it fires there", async () => {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/session`);
  await ready(page);
  await page.clock.fastForward(31_000);
  await page.goto(`${origin}/session/next`);
  await ready(page);
  await expect.poll(() => fired(page)).toBe("");
});

test.each(["second", "session-second"])("time in a background tab does not count (%s)", (site) =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await bringToFront(other, page);
    await page.addInitScript(() =>
      document.addEventListener("visibilitychange", () => Object.assign(window, { front: performance.now() })),
    );
    await page.goto(`${origin}/${site}`);
    expect(await page.evaluate(() => [document.hidden, window.askwell?.loaded])).toEqual([true, true]);
    await page.evaluate(() =>
      window.askwell!("on", "shown", () => Object.assign(window, { shown: performance.now() })),
    );
    // Twice the time asked for passes in the background.
    await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
    expect(await panel(page).count()).toBe(0);
    await bringToFront(page, other);
    // A survey is shown once the frame was painted in which it stands on the page.
    await page.waitForFunction(() => "shown" in window);
    const waited = await page.evaluate(() => {
      const { front, shown } = window as unknown as Record<"front" | "shown", number>;
      return shown - front;
    });
    expect(waited).toBeGreaterThanOrEqual(990);
  }),
);
