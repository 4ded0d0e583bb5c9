import { beforeAll, expect, test } from "vitest";
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
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.slice(1)}.js`));
  await collector.publish("half-minute", [origin], [npsSurvey([{ type: "time_on_page", seconds: 30 }])]);
  await collector.publish("second", [origin], [npsSurvey([{ type: "time_on_page", seconds: 1 }])]);
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

test("time in a background tab does not count", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await bringToFront(other, page);
    await page.goto(`${origin}/second`);
    expect(await page.evaluate(() => [document.hidden, window.askwell?.loaded])).toEqual([true, true]);
    // Twice the time asked for passes in the background.
    await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
    expect(await panel(page).count()).toBe(0);
    await bringToFront(page, other);
    await expect.poll(() => panel(page).count(), { timeout: 8_000 }).toBe(1);
  }));
