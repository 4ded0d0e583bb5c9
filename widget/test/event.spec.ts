import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Trigger } from "../../sdk/src/wire.ts";
import { fired } from "./fired.ts";
import { type Collector, choice, newPage, nextBorn, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
const long = "something_that_takes_more_room_than_a_reason_has";
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const script = `${collector.url}/w/${path.split("/")[1]}.js`;
    const early = `<script>(window.askwell = (...args) => (askwell.q ??= []).push(args))("track", "saved")</script>`;
    return plainPage(script, path.endsWith("/early") ? early : "");
  });
  const on = (trigger: Omit<Extract<Trigger, { type: "event" }>, "type">) => [
    npsSurvey([{ type: "event", ...trigger }]),
  ];
  await collector.publish("saved", [origin], on({ name: "saved" }));
  await collector.publish("long", [origin], on({ name: long }));
  const properties = { plan: { eq: "pro" }, seats: { gte: 5 } };
  await collector.publish("filtered", [origin], on({ name: "upgraded", properties } as never));
});

async function open(site: string): Promise<Page> {
  const page = await newPage();
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
}

/** What the trigger says right after a track(). */
async function track(page: Page, event: string, properties?: unknown): Promise<string | undefined> {
  await page.evaluate(([event, properties]) => window.askwell!("track", event as string, properties as never), [
    event,
    properties,
  ] as const);
  return fired(page);
}

test("a tracked event shows the survey, and is its reason", async () => {
  const page = await open("saved");
  const born = nextBorn(page);
  expect(await track(page, "Saved")).toBeUndefined();
  expect(await track(page, "save")).toBeUndefined();
  expect(await track(page, "saved")).toBe("saved");
  expect((await born).trigger).toEqual({ type: "event", reason: "saved" });
  await expect
    .poll(() => collector.responses("saved", "nps"))
    .toMatchObject([{ trigger: { type: "event", reason: "saved" } }]);
});

test("an event that was tracked before the script came is heard", async () => {
  const page = await open("saved/early");
  expect(await fired(page)).toBe("saved");
  await choice(page, 0).waitFor();
});

test("all tests of properties have to hold", async () => {
  const page = await open("filtered");
  expect(await track(page, "upgraded")).toBeUndefined();
  expect(await track(page, "upgraded", null)).toBeUndefined();
  expect(await track(page, "upgraded", { plan: "pro" })).toBeUndefined();
  expect(await track(page, "upgraded", { plan: "pro", seats: 4 })).toBeUndefined();
  expect(await track(page, "upgraded", { plan: "pro", seats: "7" })).toBeUndefined();
  expect(await track(page, "bought", { plan: "pro", seats: 5 })).toBeUndefined();
  expect(await track(page, "upgraded", { plan: "pro", seats: 5, more: 1 })).toBe("upgraded");
  expect(page).toMatchObject({ complaints: [] });
});

test("a long name's beginning is the reason, as long as the collector takes", async () => {
  const page = await open("long");
  await track(page, long);
  await expect
    .poll(() => collector.responses("long", "nps"))
    .toMatchObject([{ trigger: { reason: long.slice(0, 40) } }]);
});

test("a route change forgets what was tracked before it, and after destroy() nothing is heard", async () => {
  const page = await open("saved");
  await page.evaluate(() => history.pushState(null, "", "/saved/next"));
  expect(await fired(page)).toBeUndefined();
  await page.evaluate(() => {
    const askwell = window.askwell!;
    askwell("destroy");
    askwell("track", "saved");
  });
  expect(await page.locator("askwell-survey").count()).toBe(0);
});
