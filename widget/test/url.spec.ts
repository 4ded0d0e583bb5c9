import { beforeAll, expect, test } from "vitest";
import { explain, fired } from "./fired.ts";
import { type Collector, choice, newPage, nextBorn, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  await collector.publish(
    "routes",
    [origin],
    [
      npsSurvey([{ type: "url", url: [{ glob: "*/pricing" }, { contains: "plan=pro" }, { regex: "#/plans/\\d+$" }] }], {
        frequency: { per_visitor: "always", min_gap_days: 0 },
      }),
    ],
  );
});

test("it fires on a page that matches, and not on another", async () => {
  const page = await newPage();
  await page.goto(`${origin}/routes/home`);
  await ready(page);
  expect(await fired(page)).toBeUndefined();
  expect((await explain(page)).nps!.triggers[0]!.state).toBe("armed");
  const born = nextBorn(page);
  await page.goto(`${origin}/routes/pricing`);
  expect((await born).trigger).toEqual({ type: "url" });
  await expect.poll(() => collector.responses("routes", "nps")).toHaveLength(1);
});

test.each([
  ["pushState", "/routes/pricing"],
  ["replaceState", "/routes/home?plan=pro"],
  ["pushState", "/routes/home#/plans/7"],
] as const)("it fires when a route is entered by %s to %s", async (method, url) => {
  const page = await newPage();
  await page.goto(`${origin}/routes/home`);
  await ready(page);
  await page.evaluate(([method, url]) => history[method](null, "", url), [method, url] as const);
  await choice(page, 0).waitFor();
  expect(await fired(page)).toBe("");
});

test("a route that is entered again fires again, one that is left does not", async () => {
  const page = await newPage();
  await page.goto(`${origin}/routes/pricing`);
  await choice(page, 0).waitFor();
  await page.evaluate(() => history.pushState(null, "", "/routes/home"));
  expect(await fired(page)).toBeUndefined();
  await page.goBack();
  await expect.poll(() => fired(page)).toBe("");
});

test("a hash that is no route is no page view", async () => {
  const page = await newPage();
  await page.goto(`${origin}/routes/home`);
  await ready(page);
  await page.evaluate(() => history.pushState(null, "", "#plan=pro"));
  expect(await fired(page)).toBeUndefined();
});
