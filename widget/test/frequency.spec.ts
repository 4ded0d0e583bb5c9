import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  nextBorn,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  const csat = npsSurvey([exitIntent], { id: "csat", frequency: { min_gap_days: 0 } });
  await collector.publish("two", [origin], [npsSurvey([exitIntent], { frequency: { min_gap_days: 0 } }), csat]);
  await collector.publish(
    "gap",
    [origin],
    [npsSurvey([exitIntent], { frequency: { per_visitor: "always", min_gap_days: 30 } })],
  );
  await collector.publish(
    "pages",
    [origin],
    [npsSurvey([exitIntent], { targeting: { url: [{ glob: "*/pages/here*" }] } })],
  );
});

/** Which survey a leave shows: the trigger of the next response sent, "api" where only show() did. */
async function leave(page: Page, fallback: string): Promise<string> {
  const born = nextBorn(page);
  await leaveThroughTop(page);
  await page.evaluate((id) => window.askwell!("show", id), fallback);
  const { survey, trigger } = await born;
  return `${survey} by ${trigger?.type}`;
}

test("at most one survey shows a page view, and an answered one never again", async () => {
  const page = await newPage();
  await page.goto(`${origin}/two`);
  await ready(page);
  await leaveThroughTop(page); // of two that may show, the first by id does
  await choice(page, 0).click();
  await panel(page).getByRole("button", { name: "Close" }).click();
  await leaveThroughTop(page);
  expect(await panel(page).count()).toBe(0);

  await page.goto(`${origin}/two/again`);
  await ready(page);
  expect(await leave(page, "csat")).toBe("nps by exit_intent");
});

test("a dismissed survey rests for min_gap_days", async () => {
  const page = await newPage();
  await page.clock.install({ time: Date.now() });
  await page.goto(`${origin}/gap`);
  await ready(page);
  await page.evaluate(() => window.askwell!("show", "nps"));
  await panel(page).getByRole("button", { name: "Close" }).click();
  // After a reload the fake clock fires no timers: nothing may be left that a timer would send again.
  const sent = () => expect.poll(() => page.evaluate(() => Object.keys(localStorage).join())).not.toContain("response");
  await sent();

  for (const [days, by] of [
    [29, "api"],
    [31, "exit_intent"], // since show() at day 29
  ] as const) {
    await page.clock.fastForward(days * 86_400_000);
    await page.reload();
    await ready(page);
    expect(await leave(page, "nps")).toBe(`nps by ${by}`);
    await panel(page).getByRole("button", { name: "Close" }).click();
    await sent();
  }
});

test("a survey shows only on the pages it is for", async () => {
  const page = await newPage();
  await page.goto(`${origin}/pages/there`);
  await ready(page);
  expect(await leave(page, "nps")).toBe("nps by api");
  const other = await newPage();
  await other.goto(`${origin}/pages/here?a=b`);
  await ready(other);
  expect(await leave(other, "nps")).toBe("nps by exit_intent");
});
