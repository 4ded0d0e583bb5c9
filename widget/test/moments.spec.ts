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

// What happens between a moment and its survey.
useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  await collector.publish("twice", [origin], [npsSurvey([exitIntent, { type: "event", name: "now" }])]);
  await collector.publish(
    "button",
    [origin],
    [
      npsSurvey([{ type: "feedback_button" }]),
      npsSurvey([{ type: "event", name: "never", delay_seconds: 60 }], { id: "other" }),
      npsSurvey([{ type: "feedback_button" }], { id: "third" }),
    ],
  );
});

const open = async (site: string): Promise<Page> => {
  const page = await newPage();
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
};

test("a second moment of a survey that is still on its way changes nothing", async () => {
  const page = await open("twice");
  let come = () => {};
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route("**/w/a/*.js", async (route) => {
    await held;
    await route.continue();
  });
  await leaveThroughTop(page);
  await page.evaluate(() => {
    window.askwell!("identify", "u-1");
    window.askwell!("track", "now");
  });
  await leaveThroughTop(page);
  come();
  await choice(page, 9).click();
  await page.evaluate(() => window.askwell!("track", "now"));
  expect(await panel(page).count()).toBe(1);
  await page.evaluate(() => window.askwell!("destroy"));
  expect(await panel(page).count()).toBe(0); // the engine still knows it
  await expect.poll(() => collector.responses("twice", "nps")).toHaveLength(1);
});

test("a button opens and closes its survey, again and again, also where another survey waits for a delay", async () => {
  const page = await open("button");
  const button = page.locator("askwell-feedback").first().getByRole("button");
  const born = nextBorn(page);
  await button.click();
  expect((await born).survey).toBe("nps");
  await choice(page, 9).waitFor();
  await button.click();
  await expect.poll(() => panel(page).count()).toBe(0);
  await button.click(); // nothing rests for who asks; and of two that share it, the second does not come after the first
  await choice(page, 9).click();
  await panel(page).getByRole("button", { name: "Close" }).click();
  await expect.poll(() => panel(page).count()).toBe(0);
  await page.goto(`${origin}/button/next`);
  await ready(page);
  await button.click();
  await choice(page, 9).waitFor();
  expect(await collector.responses("button", "third")).toEqual([]);
});
