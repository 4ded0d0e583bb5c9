import { beforeAll, expect, test } from "vitest";
import { fired } from "./fired.ts";
import { type Collector, choice, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  const survey = (count: number) =>
    npsSurvey([{ type: "page_views", count }], { frequency: { per_visitor: "always", min_gap_days: 0 } });
  await collector.publish("third", [origin], [survey(3)]);
  await collector.publish("first", [origin], [survey(1)]);
});

test("it fires on the third page view, and on each after it", async () => {
  const page = await newPage();
  const firedAt: unknown[] = [];
  for (const path of ["", "/b", "/c", "/d"]) {
    await page.goto(`${origin}/third${path}`);
    await ready(page);
    firedAt.push(await fired(page));
  }
  expect(firedAt).toEqual([undefined, undefined, "", ""]);
  await choice(page, 0).waitFor();
  await expect.poll(() => collector.responses("third", "nps")).not.toHaveLength(0);
  expect((await collector.responses("third", "nps"))[0]).toMatchObject({ trigger: { type: "page_views" } });
});

test("routes count, and so do the pages of another tab", async () => {
  const page = await newPage();
  await page.goto(`${origin}/third`);
  await ready(page);
  await page.evaluate(() => history.pushState(null, "", "/third/route"));
  expect(await fired(page)).toBeUndefined();
  await page.evaluate(() => history.replaceState(null, "", "#no-route"));
  expect(await fired(page)).toBeUndefined();
  const other = await page.context().newPage();
  await other.goto(`${origin}/third`);
  await ready(other);
  expect(await fired(other)).toBe("");
  // It is the page view that fires, not the count: nothing was opened here.
  expect(await fired(page)).toBeUndefined();
});

test("another visitor's count is another one, and the first page view may be the one", async () => {
  const page = await newPage();
  await page.goto(`${origin}/third`);
  await ready(page);
  expect(await fired(page)).toBeUndefined();
  await page.goto(`${origin}/first`);
  await choice(page, 0).waitFor();
});
