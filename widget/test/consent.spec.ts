import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
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
import { chosen, dismiss, explain, gate, publish, shows, stored, visit, waitsForEvent } from "./moment.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
let host: string;
const stub = "window.askwell=function(){(askwell.q=askwell.q||[]).push(arguments)};";
/** What a page says before the script is there, by the last part of its path. */
const calls: Record<string, string> = {
  early: `<script>${stub}heard=[];askwell("on","shown",id=>heard.push(id));askwell("identify","u-42",{plan:"pro"});askwell("cart",{value:5,items:1});askwell("track","nps")</script>`,
  refuses: `<script>${stub}askwell("track","nps");askwell("consent",false)</script>`,
};
beforeAll(async () => {
  collector = await startCollector();
  // The collector says localhost; pages are on 127.0.0.1, and a cookie is for one host of these.
  host = collector.url.replace("localhost", "127.0.0.1");
  origin = await servePages((path) => {
    const [, site, kind] = path.split("/");
    if (site === "none") return "<!doctype html>";
    return plainPage(`${host}/w/${site}.js`, kind ? calls[kind] : "");
  });
  const surveys = [
    waitsForEvent("nps", { frequency: { per_visitor: "always", min_gap_days: 0, after_dismissal_days: 0 } }),
  ];
  await publish(collector, { site: "asks", consent: "required", visitor_cookie: true, origins: [origin] }, surveys);
  await publish(collector, { site: "implied", origins: [origin] }, surveys);
});

const consent = (page: Page, given: boolean) => page.evaluate((given) => window.askwell!("consent", given), given);

/** A page, and the paths of all that it asked the collector for. */
async function watched(): Promise<{ page: Page; requests: string[] }> {
  const page = await newPage();
  const requests: string[] = [];
  page.on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    // Where a spec asks why, the page fetches what tells it.
    if (origin === host && !pathname.endsWith("/tools.js")) requests.push(`${request.method()} ${pathname}`);
  });
  return { page, requests };
}

/** All that the browser keeps of the visitor. */
const traces = async (page: Page) => ({
  stored: await stored(page),
  cookies: await page.context().cookies(),
  databases: await page.evaluate(() => indexedDB.databases()),
});
const nothing = { stored: [], cookies: [], databases: [] };

describe("a site that requires consent", () => {
  test("stores nothing and sends nothing before it, whatever the page says, and does it after", async () => {
    const { page, requests } = await watched();
    await visit(page, `${origin}/asks/early`);
    await page.evaluate(() => {
      window.askwell!("track", "nps");
      history.pushState(null, "", "/asks/early/next");
      window.askwell!("track", "nps");
    });
    expect(await traces(page)).toEqual(nothing);
    expect(requests).toEqual(["GET /w/asks.js"]);
    expect(await explain(page)).toMatchObject([
      { survey: "nps", passes: false, gates: [{ gate: "consent", rule: "required", value: false, pass: false }] },
    ]);
    await page.goto(`${origin}/none`); // leaving leaves nothing either
    expect(await traces(page)).toEqual(nothing);

    await visit(page, `${origin}/asks/early`);
    const born = nextBorn(page);
    await consent(page, true);
    await choice(page, 9).waitFor();
    expect(await born).toMatchObject({
      trigger: { type: "event" },
      user: "u-42",
      traits: { plan: "pro" },
      cart: { value: 5 },
    });
    expect(await page.evaluate("heard")).toEqual(["nps"]);
  });

  test("does nothing after a no either, and what was said before still holds after a late yes", async () => {
    const { page, requests } = await watched();
    await visit(page, `${origin}/asks/early`);
    await consent(page, false);
    await page.evaluate(() => window.askwell!("show", "nps"));
    await consent(page, false);
    expect((await traces(page)).stored).toEqual([]);
    expect(requests.filter((one) => !one.endsWith("/keep"))).toEqual(["GET /w/asks.js"]); // that empties the cookie
    const born = nextBorn(page);
    await consent(page, true);
    expect(await panel(page).count()).toBe(0); // what it was asked to do before the no is not done
    expect(await shows(page, "nps")).toBe("nps");
    expect(await born).toMatchObject({ user: "u-42" });
    await expect.poll(() => page.evaluate("heard")).toEqual(["nps"]);
  });

  test("said again, true changes nothing", async () => {
    const { page } = await watched();
    await visit(page, `${origin}/asks`);
    await consent(page, true);
    expect(await shows(page, "nps")).toBe("nps");
    await consent(page, true);
    expect(await panel(page).count()).toBe(1);
    await dismiss(page);
    expect(await chosen(page, "nps")).toBeUndefined(); // the page view is the same
  });
});

describe.each(["asks", "implied"])("consent taken back, on the site %s", (site) => {
  test("wipes all that is the site's, closes the survey and stops", async () => {
    const { page, requests } = await watched();
    await visit(page, `${origin}/${site}`);
    await consent(page, true);
    await page.evaluate(() => {
      localStorage.setItem("mine", "1");
      localStorage.setItem("askwell:other:visitor", "{}");
      sessionStorage.setItem("mine", "1");
      // biome-ignore lint/suspicious/noDocumentCookie: the page's own
      document.cookie = "mine=1";
    });
    // An answer that cannot be sent waits in the browser.
    await page.route(`**/w/${site}`, (route) => route.abort());
    expect(await shows(page, "nps")).toBe("nps");
    await choice(page, 9).click();
    await expect.poll(async () => (await stored(page)).join()).toMatch(/:response:.*:visitor/);
    if (site === "asks")
      await expect.poll(async () => (await page.context().cookies()).map((one) => one.name)).toContain("askwell_asks");
    await page.reload(); // a tab remembers something too
    await ready(page);
    await consent(page, true);
    await choice(page, 9).or(panel(page).getByRole("textbox")).first().waitFor(); // it goes on
    await page.unroute(`**/w/${site}`);

    await consent(page, false);
    const before = requests.length; // till then, what waits may be sent
    expect(await panel(page).count()).toBe(0);
    const left = ["askwell:other:visitor", "mine", "mine"];
    expect(await stored(page)).toEqual(left);
    await expect.poll(async () => (await page.context().cookies()).map((one) => one.name)).toEqual(["mine"]);

    // Neither a trigger, nor leaving, nor what was under way brings anything back.
    await page.evaluate(() => window.askwell!("track", "nps"));
    expect(await explain(page)).toMatchObject([{ gates: [{ gate: "consent", value: false }] }]);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.goto(`${origin}/none`);
    expect(await stored(page)).toEqual(left);
    expect(requests.slice(before).filter((one) => !one.endsWith("/keep"))).toEqual([]); // that empties the cookie
  });

  test("while an answer is on its way, nothing is stored of how that ended", async () => {
    const { page } = await watched();
    await visit(page, `${origin}/${site}`);
    await consent(page, true);
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(`**/w/${site}`, async (route) => {
      await held;
      await route.abort();
    });
    const sending = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith(site));
    expect(await shows(page, "nps")).toBe("nps");
    const request = await sending;
    await consent(page, false);
    const failed = page.waitForEvent("requestfailed", (one) => one === request);
    letGo();
    await failed;
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50))); // the page hears of it too
    expect(await stored(page)).toEqual([]);
  });

  test("and given again, as often as one likes: listeners hear each survey once", async () => {
    const { page } = await watched();
    await visit(page, `${origin}/${site}/early`);
    for (let round = 0; round < 3; round++) {
      await consent(page, false);
      await page.evaluate(() => Object.assign(window, { heard: [] }));
      await page.evaluate(() => window.askwell!("on", "shown", () => document.body.append("heard ")));
      await consent(page, true);
      const born = nextBorn(page);
      expect(await shows(page, "nps")).toBe("nps");
      expect(await born).toMatchObject({ user: "u-42", traits: { plan: "pro" } });
      await expect.poll(() => page.evaluate("heard")).toEqual(["nps"]);
      // One more listener each round: none twice.
      const times = ((round + 1) * (round + 2)) / 2;
      await expect.poll(async () => (await page.textContent("body"))!.split("heard ").length - 1).toBe(times);
    }
  });
});

test("a no that the page says before the script is there begins nothing, not even for a moment", async () => {
  const { page, requests } = await watched();
  await page.addInitScript(() => {
    const set = Storage.prototype.setItem;
    Object.assign(window, { written: [] });
    Storage.prototype.setItem = function (key, value) {
      (window as unknown as { written: string[] }).written.push(key);
      set.call(this, key, value);
    };
  });
  await visit(page, `${origin}/implied/refuses`);
  await page.evaluate(() => window.askwell!("track", "nps"));
  expect(await gate(page, "nps", "consent")).toMatchObject({ value: false });
  await page.evaluate(() => localStorage.setItem("mine", "1"));
  expect(await page.evaluate("written")).toEqual(["mine"]);
  expect(requests).toEqual(["GET /w/implied.js"]);

  // What is done after a no is not kept for a yes: had it been, the survey would be chosen already.
  await consent(page, true);
  expect((await gate(page, "nps", "open"))!.value).toBeUndefined();
  expect(await shows(page, "nps")).toBe("nps");
});

test("another visitor's id is drawn after consent was taken back", async () => {
  const { page } = await watched();
  await visit(page, `${origin}/implied`);
  const first = nextBorn(page);
  await shows(page, "nps");
  const { visitor } = await first;
  await consent(page, false);
  await consent(page, true);
  const second = nextBorn(page);
  await shows(page, "nps");
  const { visitor: next } = await second;
  expect(next).toBeTruthy();
  expect(next).not.toBe(visitor);
  expect(await gate(page, "nps", "page_view")).toMatchObject({ value: 1 });
});
