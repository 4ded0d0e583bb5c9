import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Collector, choice, newPage, nextBorn, panel, servePages, startCollector, useBrowser } from "./harness.ts";
import { answer, chosen, dismiss, explain, gate, publish, remembered, shows, visit, waitsForEvent } from "./moment.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
let host: string;
let foreign: string;
beforeAll(async () => {
  collector = await startCollector();
  // The collector says localhost; pages are on 127.0.0.1, and a cookie is for one host of these.
  host = collector.url.replace("localhost", "127.0.0.1");
  const pages = (path: string) =>
    path === "/none" ? "<!doctype html>" : plainPage(`${host}/w/${path.split("/")[1]}.js`);
  origin = await servePages(pages); // on 127.0.0.1, as the collector is: one host, one cookie
  foreign = origin.replace("127.0.0.1", "localhost"); // no host of the collector's
  const surveys = [
    waitsForEvent("nps", { frequency: { min_gap_days: 0 } }),
    waitsForEvent("rested", { frequency: { min_gap_days: 30 } }),
    waitsForEvent("thrice", { frequency: { min_gap_days: 0, max_shows: 3 } }),
    waitsForEvent("tenth", { targeting: { visitor: "returning" }, frequency: { min_gap_days: 0 } }),
  ];
  await publish(collector, { site: "kept", visitor_cookie: true, origins: [origin, foreign] }, surveys);
  await publish(collector, { site: "plain", origins: [origin] }, surveys);
});

const cookie = async (page: Page): Promise<Record<string, unknown> | undefined> => {
  const found = (await page.context().cookies()).find(({ name }) => name === "askwell_kept");
  return found && JSON.parse(decodeURIComponent(found.value));
};
/**
 * What Safari does to a site that was not visited for seven days; what a server set stays. While no page of it is open:
 * one that still awaits what the collector says to its cookie takes that for the visitor's wish, and has it wiped.
 */
async function forget(page: Page): Promise<void> {
  await page.goto(`${origin}/none`);
  await page.evaluate(() => localStorage.clear());
}

/** Keeps the first request on its way until it is told to let it go. */
async function holdFirst(page: Page): Promise<() => void> {
  let letGo = () => {};
  let held: Promise<void> | undefined = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/keep", async (route) => {
    const wait = held;
    held = undefined;
    await wait;
    await route.continue();
  });
  return letGo;
}

/** A page, and the requests that ask to keep something. */
async function watched(url: string): Promise<{ page: Page; kept: string[] }> {
  const page = await newPage();
  const kept: string[] = [];
  page.on("request", (request) => request.url().endsWith("/keep") && kept.push(request.url()));
  await visit(page, url);
  return { page, kept };
}

describe("a visitor cookie", () => {
  test("is set once a survey was shown, for 400 days, for the page's host alone", async () => {
    const { page, kept } = await watched(`${origin}/kept`);
    expect(kept).toEqual([]); // who was asked nothing needs none
    expect(await page.context().cookies()).toEqual([]);
    const born = nextBorn(page);
    expect(await shows(page, "nps")).toBe("nps");
    await expect.poll(() => cookie(page)).toMatchObject({ visitor: (await born).visitor, shows: { nps: 1 } });
    const [set] = await page.context().cookies();
    expect(set).toMatchObject({ domain: "127.0.0.1", path: "/", sameSite: "Lax", httpOnly: false });
    expect(set!.expires * 1_000 - Date.now()).toBeGreaterThan(399 * 86_400_000);
  });

  test("knows the visitor, the rests and the answers after storage was wiped", async () => {
    const page = await newPage();
    await page.clock.setFixedTime("2026-11-01T10:00:00Z");
    await visit(page, `${origin}/kept`);
    const born = nextBorn(page);
    expect(await shows(page, "nps")).toBe("nps");
    const { visitor } = await born;
    await answer(page);
    await expect.poll(async () => (await cookie(page))?.answered).toBeTruthy();

    await page.clock.setFixedTime("2026-11-29T10:00:00Z");
    await forget(page);
    await visit(page, `${origin}/kept/later`);
    expect(await remembered(page, "kept")).toMatchObject({ visitor, sessions: 2 });
    expect(await chosen(page, "nps")).toBeUndefined();
    expect(await gate(page, "nps", "answered")).toMatchObject({ pass: false });
    expect(await chosen(page, "rested")).toBeUndefined();
    expect(await gate(page, "rested", "min_gap_days")).toMatchObject({ pass: false });
    expect(await shows(page, "tenth")).toBe("tenth"); // a visitor who returns
    await dismiss(page);
    await expect.poll(async () => (await cookie(page))?.dismissed).toMatchObject({ tenth: expect.any(Number) });

    await page.clock.setFixedTime("2026-12-30T10:00:00Z");
    await forget(page);
    await visit(page, `${origin}/kept/last`);
    expect(await shows(page, "rested")).toBe("rested"); // 30 days are 30 days
    expect(await remembered(page, "kept")).toMatchObject({ visitor });
  });

  test("knows a dismissal, and how often a survey was shown", async () => {
    const page = await newPage();
    for (let i = 1; i <= 3; i++) {
      await visit(page, `${origin}/kept/${i}`);
      expect(await shows(page, "thrice")).toBe("thrice");
      await expect.poll(async () => (await cookie(page))?.shows).toEqual({ thrice: i });
      await forget(page);
    }
    await visit(page, `${origin}/kept/4`);
    expect(await chosen(page, "thrice")).toBeUndefined();
    expect(await gate(page, "thrice", "max_shows")).toMatchObject({ pass: false, value: 3 });
    expect(await shows(page, "nps")).toBe("nps");
    await dismiss(page);
    await expect.poll(async () => (await cookie(page))?.dismissed).toMatchObject({ nps: expect.any(Number) });
    await forget(page);
    await visit(page, `${origin}/kept/5`);
    expect(await chosen(page, "nps")).toBeUndefined();
    expect(await gate(page, "nps", "after_dismissal_days")).toMatchObject({ pass: false });
  });

  test("holds what is so in the end, whichever request arrives last", async () => {
    const { page } = await watched(`${origin}/kept`);
    const overtaken = await holdFirst(page);
    expect(await shows(page, "nps")).toBe("nps");
    await answer(page);
    await expect.poll(async () => (await cookie(page))?.answered).toBeTruthy();
    const answered = page.waitForResponse("**/keep");
    overtaken();
    await answered;
    await expect.poll(async () => (await cookie(page))?.answered).toBeTruthy();
  });

  test("is gone in the end when consent is taken back, whichever request arrives last", async () => {
    const { page } = await watched(`${origin}/kept`);
    const overtaken = await holdFirst(page);
    const asked = page.waitForRequest("**/keep");
    expect(await shows(page, "nps")).toBe("nps");
    await asked;
    await page.evaluate(() => window.askwell!("consent", false));
    const answered = page.waitForResponse("**/keep");
    overtaken();
    await answered;
    await expect.poll(() => cookie(page)).toBeUndefined();
  });

  test("does not replace what storage still knows, and what is no cookie of ours harms nothing", async () => {
    const { page } = await watched(`${origin}/kept`);
    await shows(page, "nps");
    await expect.poll(() => cookie(page)).toBeTruthy();
    const { visitor } = await remembered(page, "kept");
    for (const value of ["%7Bnot-json", "%", "5", "null", encodeURIComponent('{"visitor":"another"}')]) {
      await page.context().addCookies([{ name: "askwell_kept", value, url: origin }]);
      await visit(page, `${origin}/kept/next`);
      expect(await remembered(page, "kept")).toMatchObject({ visitor });
    }
    for (const value of ["%7Bnot-json", "%", "5", "null"]) {
      await page.context().addCookies([{ name: "askwell_kept", value, url: origin }]);
      await forget(page);
      await visit(page, `${origin}/kept/${value.length}`);
      expect((await explain(page)).find(({ survey }) => survey === "nps")).toMatchObject({ passes: true });
    }
    expect(await shows(page, "nps")).toBe("nps");
  });

  test("is not asked for without the option", async () => {
    const { page, kept } = await watched(`${origin}/plain`);
    expect(await shows(page, "nps")).toBe("nps");
    await dismiss(page);
    await expect.poll(() => collector.responses("plain", "nps")).toMatchObject([{ dismissed_at: expect.any(Number) }]);
    expect(kept).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
    expect(await gate(page, "nps", "visitor_cookie")).toBeUndefined();
  });
});

describe("where the collector cannot set it", () => {
  test("explain says so, the survey shows, and the answer arrives", async () => {
    const { page, kept } = await watched(`${foreign}/kept`);
    const born = nextBorn(page);
    expect(await shows(page, "nps")).toBe("nps");
    await expect.poll(() => gate(page, "nps", "visitor_cookie")).toMatchObject({ value: 409, pass: true });
    await choice(page, 9).click();
    await panel(page).getByRole("textbox").waitFor();
    const { id } = await born;
    await expect
      .poll(async () => (await collector.responses("kept", "nps")).find((one) => one.id === id))
      .toMatchObject({ answers: { nps: 9 } });
    expect(kept.length).toBeGreaterThan(0);
    expect(await page.context().cookies()).toEqual([]);
  });

  test("and says no more of it once it can", async () => {
    const { page } = await watched(`${origin}/kept`);
    await page.route("**/keep", (route) =>
      route.fulfill({
        status: 409,
        headers: { "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true" },
      }),
    );
    await shows(page, "nps");
    await expect.poll(() => gate(page, "nps", "visitor_cookie")).toMatchObject({ value: 409 });
    await page.unroute("**/keep");
    await dismiss(page);
    await expect.poll(() => gate(page, "nps", "visitor_cookie")).toMatchObject({ value: "kept" });
    expect(await cookie(page)).toMatchObject({ shows: { nps: 1 } });
  });
});
