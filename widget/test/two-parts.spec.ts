import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../sdk/src/explanation.ts";
import type { Config } from "../../sdk/src/wire.ts";
import { everyTrigger } from "./every-trigger.ts";
import { type Collector, clicks, newPage, nextBorn, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

// A site that uses so many triggers that its script is large gets those that have time in a second part.
useBrowser();
let collector: Collector;
let origin: string;
let part: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(() =>
    plainPage(`${collector.url}/w/every.js`, "<button id=b type=button>Nothing happens</button>"),
  );
  const triggers = everyTrigger.filter(({ type }) => type !== "all");
  await collector.publish("every", [origin], [npsSurvey(triggers)]);
  const { more } = (await (await fetch(`${collector.url}/w/every.json`)).json()) as Config;
  part = `${collector.url}/w/a/${more}.js`;
});

const states = async (page: Page) => {
  const [survey] = (await page.evaluate(() => window.askwell!("explain"))) as unknown as Explanation[];
  return Object.fromEntries(survey!.triggers.map(({ trigger, state }) => [trigger.type, state]));
};

test("the second part is loaded once the page is, and its triggers fire", async () => {
  const page = await newPage();
  const asked = page.waitForRequest(part);
  await page.goto(origin);
  await asked;
  expect(await page.evaluate(() => document.readyState)).toBe("complete");
  await expect.poll(() => states(page)).toMatchObject({ exit_intent: "armed", rage_click: "armed", error: "armed" });
  const born = nextBorn(page);
  await clicks(page, "#b", 3);
  expect((await born).trigger).toMatchObject({ type: "rage_click" });
});

test("where the second part does not come, the first works, and the next page has both", async () => {
  const page = await newPage();
  await page.route(part, (route) => route.abort());
  const failed = page.waitForEvent("requestfailed");
  await page.goto(origin);
  await ready(page);
  await failed;
  expect(await states(page)).toMatchObject({ exit_intent: "armed", rage_click: "off" });
  await page.unroute(part);
  await page.reload();
  await expect.poll(() => states(page)).toMatchObject({ exit_intent: "armed", rage_click: "armed" });
});
