import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { fired } from "./fired.ts";
import { type Collector, choice, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";
import { withTabs } from "./tabs.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  const often = { frequency: { per_visitor: "always" as const, min_gap_days: 0 } };
  await collector.publish("shop", [origin], [npsSurvey([{ type: "event", name: "a" }], often)]);
  await collector.publish(
    "time",
    [origin],
    [npsSurvey([{ type: "time_on_page", seconds: 3_600, scope: "session" }], often)],
  );
});

/** Page views of the session. */
const views = (page: Page): Promise<number | undefined> =>
  page.evaluate(() => {
    for (const text of Object.values({ ...localStorage }))
      try {
        const { session } = JSON.parse(text);
        if (session) return session.views;
      } catch {}
  });

async function open(init?: string): Promise<Page> {
  const page = await newPage();
  if (init) await page.addInitScript(init);
  await page.goto(`${origin}/shop`);
  await ready(page);
  return page;
}

const navigationApi = {
  "the Navigation API": "",
  "patches of history": `Object.defineProperty(window, "navigation", { value: undefined });`,
};

describe.each(Object.entries(navigationApi))("seen through %s", (_, init) => {
  test.each<[string, number, () => void]>([
    ["a route", 1, () => history.pushState(null, "", "/shop/a")],
    ["a route that takes the place of one", 1, () => history.replaceState(null, "", "/shop/a")],
    ["a query", 1, () => history.pushState(null, "", "?page=2")],
    ["a route in the hash", 1, () => history.pushState(null, "", "#/a")],
    ["a link to a route in the hash", 1, () => void (location.hash = "#!/a")],
    ["a link to an anchor", 0, () => void (location.hash = "#a")],
    ["the same route again", 0, () => history.pushState({ a: 1 }, "")],
    ["what a router keeps of itself", 0, () => history.replaceState({ a: 1 }, "", "/shop")],
    ["two routes", 2, () => void [1, 2].map((n) => history.pushState(null, "", `/shop/${n}`))],
  ])("%s is that many page views more: %i", async (_, more, go) => {
    const page = await open(init);
    expect(await views(page)).toBe(1);
    await page.evaluate(go);
    // The events of a hash come in a task of their own; a route that is certainly one comes after them.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    await page.evaluate(() => history.pushState(null, "", "/shop/end"));
    await expect.poll(() => views(page)).toBe(2 + more);
  });

  test("a new page view disarms the triggers and arms them again, also on the way back", async () => {
    const page = await open(init);
    const track = () => page.evaluate(() => window.askwell!("track", "a"));
    await track();
    expect(await fired(page)).toBe("a");
    await page.evaluate(() => history.pushState(null, "", "/shop/next"));
    expect(await fired(page)).toBeUndefined();
    await track();
    expect(await fired(page)).toBe("a");
    await page.evaluate(() => history.back());
    await expect.poll(() => fired(page)).toBeUndefined();
    expect(await views(page)).toBe(3);
    await track();
    expect(await fired(page)).toBe("a");
  });

  test("other patches of history go on working, before ours and after it", async () => {
    const patch = (name: string) => `{
      const before = history.pushState;
      window.${name} = [];
      history.pushState = function (...args) { ${name}.push(args[2]); return before.apply(this, args); };
    }`;
    const page = await open(init + patch("first"));
    await page.evaluate(patch("second"));
    await page.evaluate(() => history.pushState(null, "", "/shop/a"));
    expect(await page.evaluate("[first, second]")).toEqual([["/shop/a"], ["/shop/a"]]);
    expect(await views(page)).toBe(2);

    await page.evaluate(() => {
      window.askwell!("destroy");
      history.pushState(null, "", "/shop/b");
    });
    expect(await page.evaluate("[first.length, second.length, location.pathname]")).toEqual([2, 2, "/shop/b"]);
    expect(await views(page)).toBe(2);
  });

  test("destroy() gives history back as it was", async () => {
    const page = await open(`${init} window.before = [history.pushState, history.replaceState];`);
    expect(
      await page.evaluate(() => {
        window.askwell!("destroy");
        const [push, replace] = (window as unknown as { before: unknown[] }).before;
        return [history.pushState === push, history.replaceState === replace];
      }),
    ).toEqual([true, true]);
    await page.evaluate(() => history.pushState(null, "", "/shop/a"));
    await page.evaluate(() => history.back());
    await expect.poll(() => page.evaluate(() => location.pathname)).toBe("/shop");
    expect(await views(page)).toBe(1);
  });
});

test("where there is the Navigation API, history is left alone", async () => {
  const page = await open();
  expect(await page.evaluate(() => Object.keys(history))).toEqual([]);
});

test("of who asked not to be followed, nothing is kept from page to page", async () => {
  const page = await open(`Object.defineProperty(navigator, "globalPrivacyControl", { value: true });`);
  await page.evaluate(() => history.pushState(null, "", "/shop/a"));
  await page.goto(`${origin}/shop/b`);
  await ready(page);
  expect(await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)])).toEqual([[], []]);
});

test("a page from the browser's cache is a page view, and knows what the tab has learnt since", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${origin}/shop`);
    await ready(page);
    const before = (await collector.responses("shop", "nps")).length;
    await page.evaluate(() => {
      Object.assign(window, { same: true });
      window.askwell!("track", "a");
      addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted }));
    });
    expect(await fired(page)).toBe("a");
    // A page that is left while something is still loading may not be kept.
    await choice(page, 9).waitFor();
    await expect.poll(async () => (await collector.responses("shop", "nps")).length).toBe(before + 1);
    await page.goto(`${origin}/shop/b`);
    await ready(page);
    expect(await views(page)).toBe(2);
    await page.goBack({ waitUntil: "commit" });
    await page.waitForFunction(() => (window as { persisted?: boolean }).persisted);
    expect(await views(page)).toBe(3);
    expect(await fired(page)).toBeUndefined();
    await page.evaluate(() => window.askwell!("track", "a"));
    expect(await fired(page)).toBe("a");

    // The seconds of the page in between are in the tab's count.
    const kept = () =>
      page.evaluate(() => (JSON.parse(sessionStorage.getItem("askwell:time:tab")!) as { visible: number }).visible);
    await page.goto(`${origin}/time`);
    await ready(page);
    await page.evaluate(() => {
      addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted }));
    });
    await page.goto(`${origin}/time/b`);
    await ready(page);
    const first = await kept();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    // Of the page that is left for a cached one, Chromium may tell after that one is shown: so one more in between.
    await page.goto(`${origin}/time/c`);
    await ready(page);
    await page.evaluate(() => history.go(-2)).catch(() => {});
    await page.waitForFunction(() => (window as { persisted?: boolean }).persisted);
    await page.goto(`${origin}/time/d`);
    await ready(page);
    expect(await kept()).toBeGreaterThanOrEqual(first + 300);
  }));
