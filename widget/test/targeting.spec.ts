import { beforeAll, describe, expect, test } from "vitest";
import type { Targeting } from "../../sdk/src/wire.ts";
import { type Collector, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { chosen, gate, publish, shows, visit, waitsForEvent } from "./moment.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
let elsewhere: string;

/** The path's first part is the site; its second the page's language, "-" for none; what follows is free. */
const path = (lang: string, rest = "") => `${origin}/who/${lang}/${rest}`;

beforeAll(async () => {
  collector = await startCollector();
  const stub = `<script>window.askwell=function(){(askwell.q=askwell.q||[]).push(arguments)};askwell("identify","u",{plan:"pro",seats:5})</script>`;
  origin = await servePages((path) => {
    const [, site, lang, rest] = path.split("/");
    const link = `<a href="/${site}/en/inside">on</a>`;
    return plainPage(
      `${collector.url}/w/${site}.js`,
      rest === "early" ? stub + link : link,
      lang === "-" ? "" : lang,
    ).replace(' lang=""', "");
  });
  elsewhere = await servePages(
    () =>
      `<!doctype html><a href="${path("en", "?utm_source=News%20Letter&utm_medium=email&utm_campaign=w47")}">to the shop</a>`,
  );
  const all: Record<string, Targeting> = {
    "url-equals": { url: [{ equals: path("en", "equal?a=1") }] },
    "url-contains": { url: [{ contains: "/SALE" }] },
    "url-glob": { url: [{ glob: "*/who/*/glob*?b=*" }] },
    "url-regex": { url: [{ regex: "/reg\\d+$" }] },
    "url-two": { url: [{ contains: "/none-such" }, { contains: "/equal" }] },
    referrer: { referrer: [{ glob: `${elsewhere}/*` }] },
    "referrer-none": { referrer: [{ equals: "" }] },
    utm: { utm: { source: [{ contains: "letter" }], campaign: [{ regex: "^w\\d+$" }] } },
    "utm-both": { utm: { source: [{ contains: "letter" }], medium: [{ equals: "cpc" }] } },
    desktop: { device: ["desktop"] },
    mobile: { device: ["mobile"] },
    touch: { device: ["mobile", "tablet"] },
    tablet: { device: ["tablet"] },
    pt: { language: ["pt"] },
    "pt-br": { language: ["pt-BR"] },
    german: { language: ["fr", "DE"] },
    new: { visitor: "new" },
    returning: { visitor: "returning" },
    "trait-eq": { traits: { plan: { eq: "pro" } } },
    "trait-number": { traits: { seats: { gte: 5, lt: 10 } } },
    "trait-text": { traits: { seats: { eq: "5" } } },
    "trait-in": { traits: { plan: { in: ["free", "pro"] }, seats: { ne: 4 } } },
    "trait-contains": { traits: { email: { contains: "@Shop." } } },
    "trait-date": { traits: { since: { after: "2026-01-01", before: "2026-06-01T12:00Z" } } },
    "trait-missing": { traits: { trial: { exists: false } } },
    "trait-proto": { traits: JSON.parse('{"__proto__":{"eq":"x"}}') },
    "trait-there": { traits: { trial: { exists: true } } },
    all: { all: [{ url: [{ contains: "/both" }] }, { traits: { plan: { eq: "pro" } } }] },
    any: { any: [{ url: [{ contains: "/both" }] }, { traits: { plan: { eq: "pro" } } }] },
    not: { not: { url: [{ contains: "/both" }] } },
    nested: { not: { any: [{ not: { device: ["desktop"] } }, { all: [{ language: ["pl"] }, { visitor: "new" }] }] } },
    two: { url: [{ contains: "/both" }], device: ["desktop"] },
  };
  const frequency = { min_gap_days: 0 };
  await publish(
    collector,
    { site: "who", origins: [origin] },
    Object.entries(all).map(([id, targeting]) => waitsForEvent(id, { targeting, frequency })),
  );
  const schedules: Record<string, Targeting["schedule"]> = {
    hours: { start: "09:00", end: "17:00" },
    "spring-hour": { from: "2026-03-29", to: "2026-03-29", start: "03:00", end: "04:00" },
    "autumn-hour": { from: "2026-10-25", to: "2026-10-25", start: "02:00", end: "03:00" },
    saturdays: { days: ["sat"] },
    workdays: { days: ["mon", "tue", "wed", "thu", "fri"] },
    november: { from: "2026-11-01", to: "2026-11-30" },
  };
  for (const [site, timezone] of [
    ["warsaw", "Europe/Warsaw"],
    ["utc", "UTC"],
  ] as const) {
    await publish(
      collector,
      { site, timezone, origins: [origin] },
      Object.entries(schedules).map(([id, schedule]) =>
        waitsForEvent(id, { targeting: { schedule: schedule! }, frequency }),
      ),
    );
  }
});

/** Of the surveys named, which show on this page: the last one by showing it, those before by not. */
async function only(page: Parameters<typeof shows>[0], not: string[], shown: string): Promise<void> {
  for (const id of not) expect(await chosen(page, id), id).toBeUndefined();
  expect(await shows(page, shown)).toBe(shown);
}

describe("url", () => {
  const all = ["url-equals", "url-contains", "url-glob", "url-regex"];
  test.each([
    ["equal?a=1", "url-equals"],
    ["summer/sale", "url-contains"],
    ["Glob?b=", "url-glob"],
    ["reg42", "url-regex"],
  ])("on %s only %s shows", async (rest, shown) => {
    const page = await newPage();
    await visit(page, path("en", rest));
    await only(
      page,
      all.filter((id) => id !== shown),
      shown,
    );
  });

  test.each(["Equal?a=1", "equal?a=1#top", "equal?a=12", "glob", "reg42/more", "other"])(
    "on %s none shows",
    async (rest) => {
      const page = await newPage();
      await visit(page, path("en", rest));
      for (const id of all) expect(await chosen(page, id), id).toBeUndefined();
      expect(await gate(page, "url-regex", "url")).toMatchObject({ pass: false, value: path("en", rest) });
    },
  );

  test("any of some rules holds", async () => {
    const page = await newPage();
    await visit(page, path("en", "equal?z"));
    expect(await shows(page, "url-two")).toBe("url-two");
  });

  test("a single-page app's route counts, and a route that is left no longer does", async () => {
    const page = await newPage();
    await visit(page, path("en", "other"));
    expect(await chosen(page, "url-regex")).toBeUndefined();
    await page.evaluate(() => history.pushState(null, "", "reg1"));
    await page.evaluate(() => history.pushState(null, "", "other"));
    expect(await chosen(page, "url-regex")).toBeUndefined();
    await page.evaluate(() => history.pushState(null, "", "reg2"));
    expect(await shows(page, "url-regex")).toBe("url-regex");
  });
});

describe("referrer and utm", () => {
  test("those of the session's first page hold on its later pages, in all tabs", async () => {
    const page = await newPage();
    await page.goto(elsewhere);
    await page.getByText("to the shop").click();
    await ready(page);
    await only(page, ["referrer-none", "utm-both"], "referrer");

    await page.getByText("on", { exact: true }).click();
    await page.waitForURL("**/inside");
    await ready(page);
    expect(await page.evaluate(() => document.referrer)).toContain(origin); // the browser's own
    await only(page, ["referrer-none", "utm-both"], "utm");

    const other = await page.context().newPage();
    await visit(other, path("en"));
    expect(await gate(other, "referrer", "referrer")).toMatchObject({ pass: true, value: `${elsewhere}/` });
    expect(await gate(other, "utm", "utm")).toMatchObject({
      pass: true,
      value: { source: "News Letter", medium: "email", campaign: "w47" },
    });
  });

  test("the next session has its own", async () => {
    const page = await newPage();
    await page.clock.setFixedTime("2026-11-22T10:00:00Z");
    await page.goto(elsewhere);
    await page.getByText("to the shop").click();
    await ready(page);
    expect((await gate(page, "utm", "utm"))?.pass).toBe(true);
    await page.clock.setFixedTime("2026-11-22T10:30:00Z");
    const other = await page.context().newPage();
    await visit(other, path("en"));
    await only(other, ["referrer", "utm"], "referrer-none");
  });
});

describe("device", () => {
  const touch = { hasTouch: true, isMobile: true };
  const phone = { ...touch, viewport: { width: 390, height: 844 }, screen: { width: 390, height: 844 } };
  const held = { ...touch, viewport: { width: 844, height: 390 }, screen: { width: 844, height: 390 } };
  const tablet = { ...touch, viewport: { width: 820, height: 1180 }, screen: { width: 820, height: 1180 } };
  test.each([
    ["a desktop", {}, ["mobile", "touch", "tablet"], "desktop"],
    ["a narrow window", { viewport: { width: 400, height: 800 } }, ["mobile", "tablet"], "desktop"],
    ["a phone", phone, ["desktop", "tablet"], "mobile"],
    ["a phone on its side", held, ["desktop", "tablet"], "touch"],
    ["a tablet", tablet, ["desktop", "mobile"], "tablet"],
  ])("%s", async (_, options, not, shown) => {
    const page = await newPage(options);
    await visit(page, path("en"));
    await only(page, not, shown);
  });
});

describe("language", () => {
  test.each([
    ["pt-BR", "en-US", ["german"], "pt"],
    ["pt-BR", "de-DE", ["german"], "pt-br"],
    ["pt", "pt-BR", ["pt-br", "german"], "pt"], // the page's, not the browser's
    ["de-AT", "en-US", ["pt", "pt-br"], "german"],
    ["-", "de-CH", ["pt", "pt-br"], "german"], // the browser's where the page names none
  ])("a page in %s, a browser in %s", async (lang, locale, not, shown) => {
    const page = await newPage({ locale });
    await visit(page, path(lang));
    await only(page, not, shown);
  });

  test("a language that only begins alike is another", async () => {
    const page = await newPage();
    await visit(page, path("pto"));
    expect(await chosen(page, "pt")).toBeUndefined();
  });
});

test("a visitor is new for one session, and returns in the next, 30 minutes after the last page view", async () => {
  const page = await newPage();
  await page.clock.setFixedTime("2026-11-22T10:00:00Z");
  await visit(page, path("en"));
  await only(page, ["returning"], "new");
  for (const time of ["10:29:59", "10:59:58"]) {
    await page.clock.setFixedTime(`2026-11-22T${time}Z`);
    await visit(page, path("en"));
    expect(await chosen(page, "returning"), time).toBeUndefined();
  }
  await page.clock.setFixedTime("2026-11-22T11:29:58Z");
  const other = await page.context().newPage();
  await visit(other, path("en"));
  await only(other, ["new"], "returning");
});

describe("traits", () => {
  const pro = { plan: "pro", seats: 5, email: "a@shop.example", since: "2026-03-01" };
  test.each<[string, Record<string, unknown>, string[], string]>([
    ["equal", pro, ["trait-text", "trait-there", "trait-proto"], "trait-eq"],
    ["numbers", pro, [], "trait-number"],
    ["a text is no number", { seats: "5" }, ["trait-number", "trait-eq"], "trait-text"],
    ["another number", { plan: "free", seats: 10 }, ["trait-number", "trait-eq", "trait-text"], "trait-in"],
    ["one of several does not hold", { plan: "pro", seats: 4 }, ["trait-in"], "trait-eq"],
    ["contains, in any case", pro, [], "trait-contains"],
    ["dates", pro, [], "trait-date"],
    ["the first day counts, the last moment does not", { since: "2026-01-01" }, [], "trait-date"],
    ["too late", { since: "2026-06-01T12:00:00Z", trial: false }, ["trait-date", "trait-missing"], "trait-there"],
    ["no date", { since: 20260301, email: 5 }, ["trait-date", "trait-contains", "trait-there"], "trait-missing"],
    ["inherited is not there", JSON.parse('{"__proto__":{"plan":"pro"}}'), ["trait-eq"], "trait-missing"],
  ])("%s", async (_, traits, not, shown) => {
    const page = await newPage();
    await visit(page, path("en"));
    await page.evaluate((traits) => window.askwell!("identify", "u", traits as never), traits);
    await only(page, not, shown);
  });

  test("identify() before the script has loaded counts", async () => {
    const page = await newPage();
    await visit(page, path("en", "early"));
    await only(page, ["trait-text"], "trait-number");
  });

  test("of a visitor of whom nothing was said, and of one who logged out, nothing holds", async () => {
    const page = await newPage();
    await visit(page, path("en"));
    expect(await chosen(page, "trait-eq")).toBeUndefined();
    await page.evaluate((traits) => window.askwell!("identify", "u", traits), pro);
    expect((await gate(page, "trait-eq", "traits"))?.pass).toBe(true);
    await page.evaluate(() => (window.askwell as unknown as (...call: unknown[]) => void)("identify", null, null));
    await only(page, ["trait-eq", "trait-in"], "trait-missing");
  });
});

describe("schedule", () => {
  // Warsaw is an hour ahead of UTC in winter, two in summer.
  test.each<[string, string, string, boolean]>([
    ["hours", "warsaw", "2026-11-20T07:59:59.999Z", false],
    ["hours", "warsaw", "2026-11-20T08:00:00Z", true],
    ["hours", "warsaw", "2026-11-20T15:59:59.999Z", true],
    ["hours", "warsaw", "2026-11-20T16:00:00Z", false],
    ["hours", "utc", "2026-11-20T16:00:00Z", true],
    ["spring-hour", "warsaw", "2026-03-29T00:59:59Z", false], // 01:59:59, then the clock jumps to 03:00
    ["spring-hour", "warsaw", "2026-03-29T01:00:00Z", true],
    ["spring-hour", "warsaw", "2026-03-29T02:00:00Z", false],
    ["spring-hour", "warsaw", "2026-03-30T01:30:00Z", false],
    ["autumn-hour", "warsaw", "2026-10-24T23:59:59Z", false],
    ["autumn-hour", "warsaw", "2026-10-25T00:30:00Z", true], // 02:30, and an hour later 02:30 again
    ["autumn-hour", "warsaw", "2026-10-25T01:30:00Z", true],
    ["autumn-hour", "warsaw", "2026-10-25T02:00:00Z", false],
    ["saturdays", "warsaw", "2026-11-20T22:59:59Z", false],
    ["saturdays", "warsaw", "2026-11-20T23:00:00Z", true],
    ["saturdays", "warsaw", "2026-11-21T22:59:59Z", true],
    ["saturdays", "warsaw", "2026-11-21T23:00:00Z", false],
    ["saturdays", "utc", "2026-11-21T23:00:00Z", true],
    ["workdays", "warsaw", "2026-11-22T22:59:59Z", false],
    ["workdays", "warsaw", "2026-11-22T23:00:00Z", true], // Monday there
    ["november", "warsaw", "2026-10-31T22:59:59Z", false],
    ["november", "warsaw", "2026-10-31T23:00:00Z", true],
    ["november", "warsaw", "2026-11-30T22:59:59Z", true],
    ["november", "warsaw", "2026-11-30T23:00:00Z", false],
  ])("%s in %s at %s: %s", async (id, site, time, may) => {
    const page = await newPage({ timezoneId: "America/Los_Angeles", locale: "fa-IR" }); // the visitor's clock is not asked
    await page.clock.setFixedTime(time);
    await visit(page, `${origin}/${site}/en`);
    expect(await shows(page, id)).toBe(may ? id : undefined);
  });
});

describe("all, any, not", () => {
  test.each<[string, boolean, string, string[]]>([
    ["both", true, "all", ["not"]],
    ["both", false, "any", ["all", "not"]],
    ["other", true, "any", ["all", "two"]],
    ["other", false, "not", ["all", "any"]],
    ["both", false, "two", []],
  ])("on %s, with the trait %s, shows %s", async (rest, pro, shown, not) => {
    const page = await newPage();
    await visit(page, path("en", rest));
    if (pro) await page.evaluate(() => window.askwell!("identify", "u", { plan: "pro" }));
    await only(page, not, shown);
  });

  test.each<[string, object, boolean]>([
    ["en", {}, true],
    ["pl", {}, false],
    ["en", { hasTouch: true, isMobile: true }, false],
  ])("in each other: %s %j: %s", async (lang, options, may) => {
    const page = await newPage(options);
    await visit(page, path(lang));
    expect(await shows(page, "nested")).toBe(may ? "nested" : undefined);
  });
});
