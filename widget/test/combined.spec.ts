import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Trigger } from "../../sdk/src/wire.ts";
import { explain, fired } from "./fired.ts";
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
const event = (name: string): Trigger => ({ type: "event", name });
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  const publish = (site: string, trigger: Trigger) => collector.publish(site, [origin], [npsSurvey([trigger])]);
  await publish("any", { type: "any", of: [event("a"), event("b")] });
  await publish("all", { type: "all", of: [event("a"), event("b"), { type: "url", url: [{ glob: "*" }] }] });
  await publish("late", { ...event("a"), delay_seconds: 10 });
  await publish("cancelled", { ...event("a"), delay_seconds: 10, cancel_on: [event("b"), event("c")] });
  await publish("in-time", { ...event("a"), cancel_on: [{ ...event("b"), delay_seconds: 10 }] });
  await publish("broken", { ...event("a"), cancel_on: [{ type: "scroll_depth", percent: 1, container: "[" }] });
  const none: Trigger = { type: "click", selector: "[" };
  await publish("bad-first", { type: "any", of: [none, event("a")] });
  await publish("bad-last", { type: "any", of: [event("a"), none] });
  await publish("bad-only", { type: "any", of: [none, none] });
  await publish("nested", {
    type: "all",
    of: [
      { type: "any", of: [event("a"), event("b")], delay_seconds: 10, cancel_on: [event("no")] },
      { type: "all", of: [event("c"), event("d")] },
    ],
  });
  const surveys = (...of: [id: string, trigger: Trigger, priority?: number][]) =>
    of.map(([id, trigger, priority]) => npsSurvey([trigger], { id, priority }));
  await collector.publish(
    "priority",
    [origin],
    surveys(["first", event("a")], ["important", { type: "any", of: [event("a")] }, 5], ["last", event("a"), -5]),
  );
  await collector.publish("equal", [origin], surveys(["b", event("a")], ["a", { type: "any", of: [event("a")] }]));
  const pro = { traits: { plan: { eq: "pro" } } };
  await collector.publish(
    "traits",
    [origin],
    [npsSurvey([event("a")], { id: "pro", priority: 1, targeting: pro }), npsSurvey([event("a")])],
  );
});

async function open(site: string): Promise<Page> {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
}

/** What the trigger says right after some events. */
async function track(page: Page, ...events: string[]): Promise<string | undefined> {
  await page.evaluate((events) => {
    for (const event of events) window.askwell!("track", event);
  }, events);
  return fired(page);
}

test("any fires with the one of its triggers that does, and says which it was", async () => {
  const page = await open("any");
  const born = nextBorn(page);
  expect(await track(page, "c")).toBeUndefined();
  expect(await track(page, "b")).toBe("b");
  expect((await born).trigger).toEqual({ type: "event", reason: "b" });
  await expect
    .poll(() => collector.responses("any", "nps"))
    .toMatchObject([{ trigger: { type: "event", reason: "b" } }]);
});

test.each(["bad-first", "bad-last"])("of any, one that cannot work takes no other with it (%s)", async (site) => {
  const page = await open(site);
  const born = nextBorn(page);
  await page.evaluate(() => window.askwell!("track", "a"));
  await page.clock.fastForward(1);
  expect((await born).trigger).toEqual({ type: "event", reason: "a" });
});

test("any of which none can work says so", async () => {
  const [survey] = Object.values(await explain(await open("bad-only")));
  expect(survey!.triggers[0]!.state).toContain("is not a valid selector");
});

test.each([
  ["a", "b"],
  ["b", "a"],
])("all fires when each has fired: %s, then %s", async (first, last) => {
  const page = await open("all");
  const born = nextBorn(page);
  expect(await track(page, first, first)).toBeUndefined();
  expect(await track(page, last)).toBe(last);
  expect((await born).trigger).toEqual({ type: "event", reason: last });
});

test("all fires within one page view only", async () => {
  const page = await open("all");
  await track(page, "a");
  await page.evaluate(() => history.pushState(null, "", "/all/next"));
  expect(await track(page, "b")).toBeUndefined();
  expect(await track(page, "a")).toBe("a");
});

test("a delay runs once from the first moment, and a route change ends it", async () => {
  const page = await open("late");
  await track(page, "a");
  await page.clock.fastForward(8_000);
  expect(await track(page, "a")).toBeUndefined();
  await page.evaluate(() => history.pushState(null, "", "/late/next"));
  await page.clock.fastForward(8_000);
  expect(await track(page, "a")).toBeUndefined();
  await page.clock.fastForward(8_000);
  expect(await track(page, "a")).toBeUndefined();
  await page.clock.fastForward(2_500);
  expect(await fired(page)).toBe("a");
});

test("destroy() ends a delay", async () => {
  const page = await open("late");
  await track(page, "a");
  await page.evaluate(() => window.askwell!("destroy"));
  await page.clock.fastForward(11_000);
  expect(await panel(page).count()).toBe(0);
});

test.each(["b", "c"])(
  "what cancels it does so before it fires and while its delay runs, until the next page view (%s)",
  async (cancel) => {
    const page = await open("cancelled");
    await track(page, cancel, "a");
    await page.clock.fastForward(11_000);
    expect(await fired(page)).toBeUndefined();

    await page.evaluate(() => history.pushState(null, "", "/cancelled/next"));
    await track(page, "a");
    await page.clock.fastForward(5_000);
    await track(page, cancel);
    await page.clock.fastForward(6_000);
    expect(await track(page, "a")).toBeUndefined();
    await page.clock.fastForward(11_000);
    expect(await fired(page)).toBeUndefined();

    await page.goto(`${origin}/cancelled`);
    await ready(page);
    await track(page, "a");
    await page.clock.fastForward(11_000);
    expect(await fired(page)).toBe("a");
    expect(await track(page, cancel)).toBe("a");
  },
);

test("what cancels may take its time", async () => {
  const page = await open("in-time");
  await track(page, "b");
  await page.clock.fastForward(9_000);
  expect(await track(page, "a")).toBe("a");
  await page.evaluate(() => history.pushState(null, "", "/in-time/next"));
  await track(page, "b");
  await page.clock.fastForward(11_000);
  expect(await track(page, "a")).toBeUndefined();
});

test("what can be called off by nothing that works does not ask", async () => {
  const page = await open("broken");
  expect(await track(page, "a")).toBeUndefined();
  expect((await explain(page)).nps!.triggers[0]!.state).toContain("SyntaxError");
});

test("combinations may stand in each other", async () => {
  const page = await open("nested");
  await track(page, "no", "a", "c", "d");
  await page.clock.fastForward(11_000);
  expect(await fired(page)).toBeUndefined();
  await page.evaluate(() => history.pushState(null, "", "/nested/next"));
  expect(await track(page, "b", "d", "c")).toBeUndefined();
  const born = nextBorn(page);
  await page.clock.fastForward(11_000);
  expect(await fired(page)).toBe("b");
  expect((await born).trigger).toEqual({ type: "event", reason: "b" });
});

test("of surveys whose moments come together the one of the highest priority shows", async () => {
  const page = await open("priority");
  const born = nextBorn(page);
  await track(page, "a").catch(() => {}); // there is no survey nps
  expect((await born).survey).toBe("important");
  const all = await explain(page);
  expect(Object.values(all).map(({ triggers }) => triggers[0]!.fired?.reason)).toEqual(["a", "a", "a"]);
});

test("of equal ones the first by id shows", async () => {
  const page = await open("equal");
  const born = nextBorn(page);
  await track(page, "a").catch(() => {});
  expect((await born).survey).toBe("a");
});

test("where the first may not show, the next does", async () => {
  const page = await open("traits");
  const born = nextBorn(page);
  expect(await track(page, "a")).toBe("a");
  expect((await born).survey).toBe("nps");
});

test("a survey that may show from now on waits for a moment of its own", async () => {
  const page = await open("traits");
  await track(page, "a");
  await choice(page, 0).waitFor();
  await page.evaluate(() => window.askwell!("identify", "u", { plan: "pro" }));
  expect((await explain(page)).pro!.triggers[0]!.state).toBe("armed");
  expect(await fired(page, "pro")).toBeUndefined();
  await track(page, "a");
  expect(await fired(page, "pro")).toBe("a");
});

test("a moment that comes in the background waits until the page is in view", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await bringToFront(other, page);
    await page.goto(`${origin}/traits`);
    await ready(page);
    await page.evaluate(() => window.askwell!("identify", "u", { plan: "pro" }));
    expect(await track(page, "a")).toBe("a");
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
    expect(await track(page, "a")).toBe("a");
    expect(await panel(page).count()).toBe(0);
    await bringToFront(page, other);
    // Both surveys waited: they are weighed when it is in view.
    await expect.poll(() => collector.responses("traits", "pro")).toHaveLength(1);
  }));
