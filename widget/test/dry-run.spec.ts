import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
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
  const frequency = { min_gap_days: 0, after_dismissal_days: 0 };
  for (const site of ["dry", "asked", "tried"])
    await collector.publish(site, [origin], [npsSurvey([exitIntent], { dry_run: true, frequency })]);
  await collector.publish(
    "beside",
    [origin],
    [
      npsSurvey([exitIntent], { dry_run: true, frequency: {} }),
      npsSurvey([exitIntent], { id: "real", frequency: {}, priority: -1 }),
    ],
  );
});

const counted = async (site: string) => {
  const { items } = await collector.api<{ items: { trigger: string; n: number }[] }>(
    "GET",
    `/v1/sites/${site}/surveys/nps/dry-run`,
  );
  return items.map(({ trigger, n }) => `${trigger} ${n}`);
};

test("a dry run shows nothing, and counts who would have seen it, by its trigger, once a page view", async () => {
  const page = await newPage();
  await page.goto(`${origin}/dry`);
  await ready(page);
  const told = page.waitForRequest((request) => request.url().endsWith("/w/dry/dry"));
  await leaveThroughTop(page);
  expect((await told).postDataJSON()).toEqual({ survey: "nps", trigger: "exit_intent" });
  await expect.poll(() => counted("dry")).toEqual(["exit_intent 1"]);

  // Once a page view, as it would have shown.
  await leaveThroughTop(page);
  await page.goto(`${origin}/dry/next`);
  await ready(page);
  const again = page.waitForRequest((request) => request.url().endsWith("/w/dry/dry"));
  await leaveThroughTop(page);
  await again;
  await expect.poll(() => counted("dry")).toEqual(["exit_intent 2"]);
  expect(await panel(page).count()).toBe(0);
  expect(await collector.responses("dry", "nps")).toEqual([]);
});

test("what nobody saw rests itself, and no other survey", async () => {
  const page = await newPage();
  await page.goto(`${origin}/beside`);
  await ready(page);
  await leaveThroughTop(page);
  await expect.poll(() => counted("beside")).toEqual(["exit_intent 1"]);
  await page.goto(`${origin}/beside/next`);
  await ready(page);
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  await expect.poll(() => collector.responses("beside", "real")).toHaveLength(1);
  expect(await counted("beside")).toEqual(["exit_intent 1"]);
});

test("what the page asks for with show() shows, and is not counted", async () => {
  const page = await newPage();
  await page.goto(`${origin}/asked`);
  await ready(page);
  await page.evaluate(() => window.askwell!("show", "nps"));
  await choice(page, 0).waitFor();
  await expect.poll(() => collector.responses("asked", "nps")).toHaveLength(1);
  expect(await counted("asked")).toEqual([]);
});

test("in test mode it shows, and is not counted", async () => {
  const page = await newPage();
  await page.goto(`${origin}/tried?askwell=test`);
  await ready(page);
  await page.locator("askwell-tools header").waitFor();
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  await expect.poll(async () => (await collector.responses("tried", "nps")).map((one) => one.class)).toEqual(["test"]);
  expect(await counted("tried")).toEqual([]);
});
