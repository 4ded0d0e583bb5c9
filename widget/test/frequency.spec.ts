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
import { answer, chosen, dismiss, gate, publish, shows, visit, waitsForEvent } from "./moment.ts";
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

  const free = { min_gap_days: 0, after_dismissal_days: 0 };
  await publish(collector, { site: "rules", origins: [origin] }, [
    waitsForEvent("default", { frequency: {} }),
    waitsForEvent("until-answered", { frequency: free }),
    waitsForEvent("always", { frequency: { ...free, per_visitor: "always" } }),
    waitsForEvent("week", { frequency: { ...free, after_dismissal_days: 7 } }),
    waitsForEvent("twice", { frequency: { ...free, max_shows: 2 } }),
    waitsForEvent("thrice", { frequency: free }),
    waitsForEvent("gap", { frequency: { ...free, min_gap_days: 10 } }),
  ]);
  const two = () => ["nps", "csat", "ces"].map((id) => waitsForEvent(id, { frequency: free }));
  await publish(collector, { site: "one-a-session", origins: [origin], fatigue: {} }, two());
  await publish(collector, { site: "two-a-session", origins: [origin], fatigue: { per_session: 2 } }, two());
  await publish(collector, { site: "apart", origins: [origin], fatigue: { per_session: 100, days_apart: 5 } }, two());
  const together = (id: string, more: Parameters<typeof npsSurvey>[1] = {}) =>
    npsSurvey([{ type: "event", name: "go" }], { id, frequency: free, ...more });
  await publish(collector, { site: "priority", origins: [origin] }, [
    together("a-low", { priority: -1 }),
    together("b-none"),
    together("c-high", { priority: 10, frequency: { ...free, max_shows: 1 } }),
    together("d-high", { priority: 10, frequency: { ...free, max_shows: 1 } }),
    together("e-elsewhere", { priority: 1_000, targeting: { url: [{ contains: "elsewhere" }] } }),
  ]);
});

const day = 86_400_000;
const start = Date.parse("2026-11-22T10:00:00Z");

/** A visitor's next page view, after so many milliseconds since the start; of a clock that stands still. */
async function at(page: Page, ms: number, path: string): Promise<Page> {
  await page.clock.setFixedTime(start + ms);
  await visit(page, `${origin}/${path}/${ms}`);
  return page;
}

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
    const left = leave(page, "nps");
    await panel(page).getByRole("button", { name: "Close" }).waitFor();
    await page.clock.runFor(100); // its frame, and what comes after that
    expect(await left).toBe(`nps by ${by}`);
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

test("an answered survey never shows again; with per_visitor: always it does", async () => {
  const page = await at(await newPage(), 0, "rules");
  expect(await shows(page, "until-answered")).toBe("until-answered");
  await answer(page);
  await at(page, 1_000, "rules");
  expect(await shows(page, "always")).toBe("always");
  await answer(page);

  await at(page, 1_000 * day, "rules");
  expect(await chosen(page, "until-answered")).toBeUndefined();
  expect(await gate(page, "until-answered", "answered")).toMatchObject({ pass: false, rule: "until_answered" });
  expect(await shows(page, "always")).toBe("always");
});

test("an answer given on an earlier page view counts, though the survey was closed before its end", async () => {
  const page = await at(await newPage(), 0, "rules");
  expect(await shows(page, "until-answered")).toBe("until-answered");
  await choice(page, 3).click();
  await panel(page).getByRole("textbox").waitFor();
  await page.goto("about:blank");
  await at(page, 2 * 3_600_000, "rules"); // too late to go on with it
  expect(await panel(page).count()).toBe(0);
  expect(await chosen(page, "until-answered")).toBeUndefined();
});

test("a dismissed survey rests for after_dismissal_days, to the millisecond", async () => {
  const page = await at(await newPage(), 0, "rules");
  expect(await shows(page, "week")).toBe("week");
  await dismiss(page);
  await at(page, 7 * day - 1, "rules");
  expect(await chosen(page, "week")).toBeUndefined();
  expect(await gate(page, "week", "after_dismissal_days")).toMatchObject({ pass: false, next: start + 7 * day });
  await at(page, 7 * day, "rules");
  expect(await shows(page, "week")).toBe("week");
});

test.each([
  ["twice", 2],
  ["thrice", 3], // unless it is told
])("%s: a survey that nobody answers shows %i times", async (survey, times) => {
  const page = await newPage();
  for (let i = 0; i < times; i++) {
    await at(page, i * 1_000, "rules");
    expect(await shows(page, survey)).toBe(survey);
    if (i % 2) await dismiss(page); // or is left open
  }
  await at(page, 1_000 * day, "rules");
  expect(await chosen(page, survey)).toBeUndefined();
  expect(await gate(page, survey, "max_shows")).toMatchObject({ pass: false, rule: times, value: times });
});

test("min_gap_days counts from whatever survey was shown last, 30 unless told", async () => {
  const page = await at(await newPage(), 0, "rules");
  expect(await shows(page, "always")).toBe("always");
  await dismiss(page);
  await at(page, 10 * day - 1, "rules");
  expect(await chosen(page, "gap")).toBeUndefined();
  expect(await chosen(page, "default")).toBeUndefined();
  expect(await gate(page, "gap", "min_gap_days")).toMatchObject({ pass: false, next: start + 10 * day });
  expect(await gate(page, "default", "min_gap_days")).toMatchObject({ pass: false, next: start + 30 * day });
  await at(page, 10 * day, "rules");
  expect(await chosen(page, "default")).toBeUndefined();
  expect(await shows(page, "gap")).toBe("gap");
  await dismiss(page);
  await at(page, 40 * day, "rules");
  expect(await shows(page, "default")).toBe("default");
});

test("one survey a session, over all tabs; the next session may have another", async () => {
  const minute = 60_000;
  const page = await at(await newPage(), 0, "one-a-session");
  expect(await shows(page, "nps")).toBe("nps");
  await dismiss(page);
  await at(page, 20 * minute, "one-a-session");
  expect(await chosen(page, "csat")).toBeUndefined();
  expect(await gate(page, "csat", "per_session")).toMatchObject({ pass: false, rule: 1, value: 1 });
  const tab = await at(await page.context().newPage(), 45 * minute, "one-a-session");
  expect(await chosen(tab, "csat")).toBeUndefined();
  await at(page, 75 * minute - 1, "one-a-session");
  expect(await chosen(page, "csat")).toBeUndefined();
  await at(tab, 105 * minute - 1, "one-a-session"); // 30 minutes without a page view
  expect(await shows(tab, "csat")).toBe("csat");
  await dismiss(tab);
  await at(page, 106 * minute, "one-a-session");
  expect(await chosen(page, "nps")).toBeUndefined();
});

test("two a session, one of each tab: and no third; what the page itself shows does not count", async () => {
  const page = await at(await newPage(), 0, "two-a-session");
  await page.evaluate(() => window.askwell!("show", "ces"));
  await choice(page, 9).waitFor();
  await dismiss(page);
  await at(page, 1_000, "two-a-session");
  expect(await shows(page, "nps")).toBe("nps");
  await dismiss(page);
  const tab = await at(await page.context().newPage(), 2_000, "two-a-session");
  expect(await shows(tab, "csat")).toBe("csat");
  await dismiss(tab);
  await at(page, 3_000, "two-a-session");
  expect(await chosen(page, "ces")).toBeUndefined();
  expect(await gate(page, "ces", "per_session")).toMatchObject({ pass: false, rule: 2, value: 2 });
});

test("days_apart holds over all surveys, whatever their own gaps say", async () => {
  const page = await at(await newPage(), 0, "apart");
  expect(await shows(page, "nps")).toBe("nps");
  await dismiss(page);
  await at(page, 5 * day - 1, "apart");
  expect(await chosen(page, "csat")).toBeUndefined();
  expect(await gate(page, "csat", "days_apart")).toMatchObject({ pass: false, rule: 5, next: start + 5 * day });
  await at(page, 5 * day, "apart");
  expect(await shows(page, "csat")).toBe("csat");
});

test("one survey a page view, and a route of a single-page app is one", async () => {
  const page = await at(await newPage(), 0, "rules");
  expect(await shows(page, "always")).toBe("always");
  expect(await gate(page, "thrice", "open")).toMatchObject({ pass: false, value: "always" });
  await dismiss(page);
  expect(await chosen(page, "thrice")).toBeUndefined();
  expect(await gate(page, "thrice", "page_view")).toMatchObject({ pass: false, value: 1 });
  await page.evaluate(() => history.replaceState(null, "", location.href)); // no route of its own
  await page.evaluate(() => history.pushState(null, "", "#top"));
  expect(await chosen(page, "thrice")).toBeUndefined();
  await page.evaluate(() => history.pushState(null, "", "/rules/next"));
  expect(await shows(page, "thrice")).toBe("thrice");
});

test("of surveys that fire together the highest priority shows, of equal ones the first by id", async () => {
  const page = await newPage();
  const order: (string | undefined)[] = [];
  for (let i = 0; i < 4; i++) {
    await at(page, i * 1_000, "priority");
    order.push(await shows(page, "go"));
    await dismiss(page);
  }
  expect(order).toEqual(["c-high", "d-high", "b-none", "b-none"]);
});
