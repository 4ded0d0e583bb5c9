import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import {
  answer,
  chosen,
  dismiss,
  explain,
  gate,
  outcome,
  publish,
  remembered,
  shows,
  visit,
  waitsForEvent,
} from "./moment.ts";
import { plainPage } from "./surveys.ts";
import { bringToFront, withTabs } from "./tabs.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  const frequency = { per_visitor: "always" as const, min_gap_days: 0, after_dismissal_days: 0 };
  // Nothing but the other tab keeps it away.
  await publish(collector, { site: "often", origins: [origin] }, [waitsForEvent("nps", { frequency })]);
  await publish(collector, { site: "apart", origins: [origin] }, [
    waitsForEvent("nps", { frequency: { ...frequency, min_gap_days: 1 } }),
  ]);
  await publish(collector, { site: "once", origins: [origin] }, [
    waitsForEvent("nps", { frequency: { min_gap_days: 0 } }),
  ]);
});

/** A second tab in the first one's process, so that what one stores the other sees at once. */
async function popup(page: Page): Promise<Page> {
  const opened = page.waitForEvent("popup");
  await page.evaluate(() => void window.open(location.href));
  const other = await opened;
  await ready(other);
  return other;
}

const noLocks = () => Object.defineProperty(navigator, "locks", { value: undefined });

describe.each([
  ["by a lock", undefined, 10],
  ["without locks, by a lease", noLocks, 5],
] as const)("one survey at a time over all tabs, %s", (_, spoil, rounds) => {
  async function twoTabs(): Promise<[Page, Page]> {
    const page = await newPage();
    if (spoil) await page.context().addInitScript(spoil);
    await visit(page, `${origin}/often`);
    return [page, spoil ? await popup(page) : await page.context().newPage()];
  }

  test("of two tabs whose moment comes at once, one shows", async () => {
    const tabs = await twoTabs();
    for (let round = 0; round < rounds; round++) {
      await Promise.all(tabs.map((tab) => visit(tab, `${origin}/often/${round}`)));
      await Promise.all(tabs.map((tab) => chosen(tab, "nps")));
      const came = await Promise.all(tabs.map((tab) => outcome(tab, "nps", ["other_tab"])));
      expect([...came].sort(), `round ${round}`).toEqual(["other_tab", "shown"]);
      await dismiss(tabs[came.indexOf("shown")]!);
    }
  }, 90_000);

  test("a tab that shows keeps the others waiting for their next page view, and no longer", async () => {
    const [page, other] = await twoTabs();
    await visit(other, `${origin}/often/other`);
    expect(await shows(page, "nps")).toBe("nps");
    await chosen(other, "nps");
    expect(await outcome(other, "nps", ["other_tab"])).toBe("other_tab");
    await dismiss(page);
    expect(await chosen(other, "nps")).toBeUndefined(); // on this page view
    await visit(other, `${origin}/often/next`);
    expect(await shows(other, "nps")).toBe("nps");
  });

  test("a tab that was closed while it showed keeps nobody out", async () => {
    const [page, other] = await twoTabs();
    await visit(other, `${origin}/often/other`);
    expect(await shows(page, "nps")).toBe("nps");
    await page.close();
    // A lease ends five seconds after the last word of the one who had it; and each page view tries once.
    await expect
      .poll(async () => {
        await visit(other, `${origin}/often/${Math.random()}`);
        await chosen(other, "nps");
        return outcome(other, "nps", ["other_tab"]);
      })
      .toBe("shown");
  });

  test("what another tab did while the face was loading counts: the gates are asked again", async () => {
    const page = await newPage();
    if (spoil) await page.context().addInitScript(spoil);
    await visit(page, `${origin}/once`);
    const other = spoil ? await popup(page) : await page.context().newPage();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await other.route(/\/w\/a\/(?!tools)/, async (route) => {
      await held;
      await route.continue();
    });
    await visit(other, `${origin}/once/other`);
    expect(await chosen(other, "nps")).toBe("nps"); // it waits for its face
    expect(await shows(page, "nps")).toBe("nps");
    await answer(page);
    letGo();
    await expect.poll(() => gate(other, "nps", "open")).toMatchObject({ value: undefined });
    expect(await panel(other).count()).toBe(0);
    expect(await gate(other, "nps", "answered")).toMatchObject({ pass: false });
    expect(await gate(other, "nps", "other_tab")).toBeUndefined();
  });
});

test("many tabs at once: one shows", async () => {
  const page = await newPage();
  const tabs = [page, await page.context().newPage(), await page.context().newPage(), await page.context().newPage()];
  await Promise.all(tabs.map((tab) => visit(tab, `${origin}/often`)));
  await Promise.all(tabs.map((tab) => chosen(tab, "nps")));
  const came = await Promise.all(tabs.map((tab) => outcome(tab, "nps", ["other_tab"])));
  expect(came.filter((one) => one === "shown")).toHaveLength(1);
});

test("show() by the page asks no other tab", async () => {
  const page = await newPage();
  await visit(page, `${origin}/often`);
  expect(await shows(page, "nps")).toBe("nps");
  const other = await page.context().newPage();
  await visit(other, `${origin}/often/other`);
  await other.evaluate(() => window.askwell!("show", "nps"));
  await choice(other, 9).waitFor();
});

test.each([
  ["hidden", undefined],
  ["frozen", undefined],
  ["hidden, without locks", noLocks],
])("a tab that is %s keeps nobody out", (state, spoil) =>
  withTabs(async (context) => {
    if (spoil) await context.addInitScript(spoil);
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await visit(other, `${origin}/often/other`);
    await bringToFront(page, other);
    await visit(page, `${origin}/often`);
    expect(await shows(page, "nps")).toBe("nps");
    await bringToFront(other, page);
    if (state === "frozen")
      await (await context.newCDPSession(page)).send("Page.setWebLifecycleState", { state: "frozen" });
    await chosen(other, "nps");
    expect(await outcome(other, "nps", ["other_tab"])).toBe("shown");
    if (state === "frozen") return;

    // Back in view, the first has its survey still, and takes its turn again once the other has ended its own.
    await bringToFront(page, other);
    expect((await explain(page))[0]?.gates.find(({ gate }) => gate === "open")?.value).toBe("nps");
    await dismiss(page);
  }),
);

test("in a hidden tab a moment waits until the tab is in view", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await visit(page, `${origin}/often`);
    await bringToFront(other, page);
    expect(await page.evaluate(() => document.hidden)).toBe(true);
    await page.evaluate(async () => {
      window.askwell!("track", "nps");
      await new Promise((resolve) => setTimeout(resolve));
    });
    expect(await gate(page, "nps", "open")).toMatchObject({ value: undefined });
    await bringToFront(page, other);
    await expect.poll(() => panel(page).count()).toBe(1);
  }));

describe("turned away from while a survey is on its way", () => {
  /** The first tab waits for its survey's face, hidden; arrive() lets it come. */
  const turnedAway = (then: (page: Page, other: Page, arrive: () => Promise<void>) => Promise<void>) =>
    withTabs(async (context) => {
      const page = context.pages()[0] ?? (await context.newPage());
      const other = await context.newPage();
      await visit(other, `${origin}/apart/other`);
      await bringToFront(page, other);
      let letGo = () => {};
      const held = new Promise<void>((resolve) => (letGo = resolve));
      await page.route(/\/w\/a\/(?!tools)/, async (route) => {
        await held;
        await route.continue();
      });
      await visit(page, `${origin}/apart`);
      expect(await chosen(page, "nps")).toBe("nps");
      await bringToFront(other, page);
      await then(page, other, async () => {
        const loaded = page.waitForResponse(/\/w\/a\/(?!tools)/);
        letGo();
        await (await loaded).finished();
        await page.waitForTimeout(300);
      });
    });

  test("it is shown, and counted, once the tab is in view again", () =>
    turnedAway(async (page, other, arrive) => {
      await arrive();
      expect(await panel(page).count()).toBe(0);
      await bringToFront(page, other);
      await expect.poll(() => panel(page).count()).toBe(1);
      await expect.poll(async () => (await remembered(page, "apart")).shows).toEqual({ nps: 1 });
    }));

  test("and not where another tab showed one meanwhile", () =>
    turnedAway(async (page, other, arrive) => {
      await arrive();
      expect(await shows(other, "nps")).toBe("nps");
      await expect.poll(async () => (await remembered(other, "apart")).shows).toEqual({ nps: 1 });
      await bringToFront(page, other);
      await expect.poll(() => gate(page, "nps", "open")).toMatchObject({ value: undefined });
      expect(await panel(page).count()).toBe(0);
      expect((await remembered(page, "apart")).shows).toEqual({ nps: 1 });
    }));

  test("and nothing is asked about a user once it was destroyed", () =>
    turnedAway(async (page, other, arrive) => {
      const sent: string[] = [];
      page.on("request", (request) => sent.push(new URL(request.url()).pathname));
      await page.evaluate(() => window.askwell!("identify", "u-1"));
      await arrive();
      await page.evaluate(() => window.askwell!("destroy"));
      await bringToFront(page, other);
      await page.waitForTimeout(500);
      expect(sent).not.toContain("/w/apart/ask");
      expect(await panel(page).count()).toBe(0);
    }));
});

test("a survey that was left half answered goes on in one tab alone: in the one that is in view", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await bringToFront(page, other);
    await visit(page, `${origin}/often`);
    expect(await shows(page, "nps")).toBe("nps");
    await choice(page, 9).click();
    await panel(page).getByRole("textbox").waitFor();
    await page.goto("about:blank");
    await visit(other, `${origin}/often/other`); // hidden
    await other.waitForTimeout(300);
    await visit(page, `${origin}/often`);
    await panel(page).getByRole("textbox").fill("Once");
    await bringToFront(other, page);
    await other.waitForTimeout(300);
    expect(await panel(other).count()).toBe(0);
    await bringToFront(page, other);
    await panel(page).getByRole("button", { name: "Send" }).click();
    await panel(page).getByText("Thank you!").waitFor();
  }));
