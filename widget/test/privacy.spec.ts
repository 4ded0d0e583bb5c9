import { beforeAll, describe, expect, test } from "vitest";
import { type Collector, choice, newPage, nextBorn, servePages, startCollector, useBrowser } from "./harness.ts";
import { answer, chosen, explain, gate, publish, shows, visit, waitsForEvent } from "./moment.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
let host: string;
beforeAll(async () => {
  collector = await startCollector();
  // The collector says localhost; pages are on 127.0.0.1, and a cookie is for one host of these.
  host = collector.url.replace("localhost", "127.0.0.1");
  origin = await servePages((path) => plainPage(`${host}/w/${path.split("/")[1]}.js`));
  const surveys = [
    waitsForEvent("nps", { targeting: { sample: 1 }, frequency: { per_visitor: "always", min_gap_days: 0 } }),
  ];
  await publish(collector, { site: "honours", visitor_cookie: true, origins: [origin] }, surveys);
  await publish(collector, { site: "ignores", privacy_signals: "ignore", origins: [origin] }, surveys);
});

describe.each([
  ["globalPrivacyControl", true],
  ["doNotTrack", "1"],
] as const)("%s", (name, value) => {
  const signalling = async () => {
    const page = await newPage();
    await page.addInitScript(
      ([name, value]) => Object.defineProperty(Navigator.prototype, name, { get: () => value }),
      [name, value] as const,
    );
    return page;
  };

  test("nothing shows by itself, and nothing is stored", async () => {
    const page = await signalling();
    await visit(page, `${origin}/honours`);
    expect(await chosen(page, "nps")).toBeUndefined();
    await page.evaluate(() => history.pushState(null, "", "/honours/next"));
    expect(await chosen(page, "nps")).toBeUndefined();
    expect(await explain(page)).toMatchObject([{ passes: false, triggers: [{ state: "off" }] }]);
    expect(await gate(page, "nps", "privacy_signals")).toMatchObject({ rule: "honour", value: true, pass: false });
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
  });

  test("what the page itself shows is answered without a visitor's id", async () => {
    const page = await signalling();
    await visit(page, `${origin}/honours`);
    const born = nextBorn(page);
    await page.evaluate(() => window.askwell!("show", "nps"));
    await choice(page, 9).waitFor();
    const { id, visitor } = await born;
    expect(visitor).toBeUndefined();
    await answer(page);
    await expect
      .poll(async () => (await collector.responses("honours", "nps")).find((one) => one.id === id))
      .toMatchObject({ answers: { nps: 9 } });
    expect((await collector.responses("honours", "nps")).find((one) => one.id === id)?.visitor).toBeFalsy();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('visitor\\\\":');
    expect(await page.evaluate(() => Object.values(localStorage).join())).not.toContain('"visitor"');
    expect(await page.context().cookies()).toEqual([]);
  });

  test("a site may ignore it", async () => {
    const page = await signalling();
    await visit(page, `${origin}/ignores`);
    const born = nextBorn(page);
    expect(await shows(page, "nps")).toBe("nps");
    expect((await born).visitor).toBeTruthy();
  });
});

test.each([
  ["globalPrivacyControl", false],
  ["globalPrivacyControl", undefined],
  ["doNotTrack", "0"],
  ["doNotTrack", null],
  ["doNotTrack", "unspecified"],
] as const)("%s of %s is no wish", async (name, value) => {
  const page = await newPage();
  await page.addInitScript(([name, value]) => Object.defineProperty(Navigator.prototype, name, { get: () => value }), [
    name,
    value,
  ] as const);
  await visit(page, `${origin}/honours`);
  expect(await shows(page, "nps")).toBe("nps");
});

test("a visitor who says so later is not asked any more, and who takes it back is the same again", async () => {
  const page = await newPage();
  await visit(page, `${origin}/honours`);
  const born = nextBorn(page);
  await shows(page, "nps");
  const { visitor } = await born;
  await expect.poll(async () => (await page.context().cookies()).length).toBe(1);
  await page.close(); // one that still awaits what the collector says to its cookie would have it wiped
  const later = await page.context().newPage();
  await later.addInitScript(() => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true }));
  await later.goto(`${origin}/honours`);
  await later.evaluate(() => localStorage.clear()); // as Safari does: the cookie must not bring the id back
  await visit(later, `${origin}/honours/next`);
  expect(await chosen(later, "nps")).toBeUndefined();
  expect(await later.evaluate(() => Object.keys(localStorage))).toEqual([]);
  const again = await page.context().newPage();
  await visit(again, `${origin}/honours`);
  expect(await again.evaluate(() => JSON.parse(localStorage["askwell:honours:visitor"]).visitor)).toBe(visitor);
});
