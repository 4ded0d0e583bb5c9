import { createHmac } from "node:crypto";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { answer, chosen, dismiss, gate, outcome, publish, shows, visit, waitsForEvent } from "./moment.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
let users = 0;
let secret: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  const frequency = { min_gap_days: 0 };
  const surveys = () => [
    waitsForEvent("nps", { frequency }),
    waitsForEvent("csat", { frequency }),
    waitsForEvent("here", { frequency, targeting: { url: [{ contains: "/here" }] } }),
    waitsForEvent("again", { frequency: { ...frequency, per_visitor: "always", max_shows: 1 } }),
  ];
  await publish(collector, { site: "open", origins: [origin] }, surveys());
  await publish(
    collector,
    { site: "apart", origins: [origin], fatigue: { per_session: 100, days_apart: 5 } },
    surveys(),
  );
  await publish(collector, { site: "signed", origins: [origin], require_signed_users: true }, surveys());
  secret = (await collector.api<{ secret: string }>("POST", "/v1/sites/signed/secret")).secret;
});

const sign = (user: string) => createHmac("sha256", secret).update(user).digest("hex");

/** A browser in which a user is logged in, and the bodies of what it asked. */
async function browserOf(
  user: string | undefined,
  site = "open",
  signature?: string,
): Promise<{ page: Page & { complaints: string[] }; asked: unknown[] }> {
  const page = await newPage();
  const asked: unknown[] = [];
  page.on("request", (request) => request.url().endsWith("/ask") && asked.push(request.postDataJSON()));
  await visit(page, `${origin}/${site}`);
  if (user)
    await page.evaluate(([user, signature]) => window.askwell!("identify", user!, {}, signature), [
      user,
      signature,
    ] as const);
  return { page, asked };
}

/** Waits until the collector has a response of a user in this state. */
const has = (site: string, survey: string, user: string, state: object) =>
  expect
    .poll(async () => (await collector.responses(site, survey)).filter((one) => one.user === user))
    .toContainEqual(expect.objectContaining(state));

const refusal = async (page: Page, survey: string): Promise<unknown> => {
  await chosen(page, survey);
  expect(await outcome(page, survey, ["user"])).toBe("user");
  return (await gate(page, survey, "user"))?.value;
};

describe("what a user did in one browser holds in another", () => {
  test("answered", async () => {
    const user = `u-${++users}`;
    const { page, asked } = await browserOf(user);
    expect(await shows(page, "nps")).toBe("nps");
    expect(asked).toEqual([{ survey: "nps", user }]);
    await answer(page);
    await has("open", "nps", user, { state: "partial" });

    const { page: other } = await browserOf(user);
    expect(await refusal(other, "nps")).toBe("answered");
    expect(await panel(other).count()).toBe(0);
    // Nothing was shown: another survey may on this page view.
    expect(await shows(other, "csat")).toBe("csat");

    const { page: another } = await browserOf(`u-${++users}`);
    expect(await shows(another, "nps")).toBe("nps");
  });

  test("dismissed, and shown as often as it may be", async () => {
    const user = `u-${++users}`;
    const { page } = await browserOf(user);
    expect(await shows(page, "nps")).toBe("nps");
    await dismiss(page);
    await has("open", "nps", user, { dismissed_at: expect.any(Number) });
    await visit(page, `${origin}/open/next`);
    await page.evaluate((user) => window.askwell!("identify", user), user);
    expect(await shows(page, "again")).toBe("again");
    await has("open", "again", user, { state: "shown" });

    const { page: other } = await browserOf(user);
    expect(await refusal(other, "nps")).toBe("after_dismissal_days");
    expect(await refusal(other, "again")).toBe("max_shows");
  });

  test("days_apart, over all surveys", async () => {
    const user = `u-${++users}`;
    const { page } = await browserOf(user, "apart");
    expect(await shows(page, "nps")).toBe("nps");
    await has("apart", "nps", user, { state: "shown" });
    const { page: other } = await browserOf(user, "apart");
    expect(await refusal(other, "csat")).toBe("days_apart");
  });

  test("a refusal ends with the page view", async () => {
    const user = `u-${++users}`;
    const { page } = await browserOf(user);
    await shows(page, "nps");
    await answer(page);
    await has("open", "nps", user, { state: "partial" });
    const { page: other, asked } = await browserOf(user);
    expect(await refusal(other, "nps")).toBe("answered");
    expect(await chosen(other, "nps")).toBeUndefined();
    expect(asked).toHaveLength(1); // it is not asked at each trigger
    await other.evaluate(() => history.pushState(null, "", "/open/next"));
    expect(await refusal(other, "nps")).toBe("answered");
    expect(asked).toHaveLength(2);
  });
});

describe("signed users", () => {
  test("the cap holds for whom the signature proves", async () => {
    const user = `u-${++users}`;
    const { page, asked } = await browserOf(user, "signed", sign(user));
    expect(await shows(page, "nps")).toBe("nps");
    expect(asked).toEqual([{ survey: "nps", user, user_sig: sign(user) }]);
    await answer(page);
    await has("signed", "nps", user, { state: "partial" });
    const { page: other } = await browserOf(user, "signed", sign(user));
    expect(await refusal(other, "nps")).toBe("answered");

    // Of a user that is not proven nothing is told.
    for (const signature of [undefined, sign("somebody else")]) {
      const { page: another } = await browserOf(user, "signed", signature);
      expect(await shows(another, "nps")).toBe("nps");
    }
  });
});

describe("where the collector does not say, nothing shows", () => {
  test("slow: it is waited for no longer than a second and a half", async () => {
    const { page } = await browserOf(`u-${++users}`);
    await page.route("**/ask", () => {}); // never
    const start = await page.evaluate(() => performance.now());
    expect(await refusal(page, "nps")).toBe("not known");
    const took = (await page.evaluate(() => performance.now())) - start;
    expect(took).toBeGreaterThan(1_400);
    expect(took).toBeLessThan(8_000); // by a busy machine's clock
    expect(await panel(page).count()).toBe(0);
    expect(page.complaints).toEqual([]);
    await page.unroute("**/ask");
    await visit(page, `${origin}/open/next`);
    await page.evaluate((user) => window.askwell!("identify", user), `u-${++users}`);
    expect(await shows(page, "nps")).toBe("nps");
  });

  test.each<[string, Parameters<Page["route"]>[1]]>([
    ["down", (route) => route.abort()],
    ["busy", (route) => route.fulfill({ status: 503, body: "{}", headers: { "Access-Control-Allow-Origin": "*" } })],
    ["not itself", (route) => route.fulfill({ body: "<html>", headers: { "Access-Control-Allow-Origin": "*" } })],
    ["without a word", (route) => route.fulfill({ body: "null", headers: { "Access-Control-Allow-Origin": "*" } })],
  ])("%s", async (_, answers) => {
    const { page } = await browserOf(`u-${++users}`);
    const thrown: string[] = [];
    page.on("pageerror", (error) => thrown.push(String(error)));
    await page.route("**/ask", answers);
    expect(await refusal(page, "nps")).toBe("not known");
    expect(await panel(page).count()).toBe(0);
    expect(thrown).toEqual([]);
    // The page can still ask by itself.
    await page.evaluate(() => window.askwell!("show", "nps"));
    await choice(page, 9).waitFor();
  });

  test("a page view that ended meanwhile gets no survey", async () => {
    const { page } = await browserOf(`u-${++users}`);
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route("**/ask", async (route) => {
      await held;
      await route.continue();
    });
    const asking = page.waitForRequest("**/ask");
    expect(await chosen(page, "nps")).toBe("nps");
    await asking;
    await page.evaluate(() => window.askwell!("destroy"));
    letGo();
    await page.evaluate((src) => {
      const script = document.createElement("script");
      script.src = src;
      document.head.append(script);
    }, `${collector.url}/w/open.js`);
    await ready(page);
    expect(await shows(page, "csat")).toBe("csat");
    expect(await panel(page).count()).toBe(1);
  });

  test("what changed while it was asked counts", async () => {
    const { page } = await browserOf(`u-${++users}`);
    await page.evaluate(() => history.pushState(null, "", "/open/here"));
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route("**/ask", async (route) => {
      await held;
      await route.continue();
    });
    const asking = page.waitForRequest("**/ask");
    expect(await chosen(page, "here")).toBe("here");
    await asking;
    await page.evaluate(() => history.pushState(null, "", "/open/there"));
    letGo();
    await expect.poll(() => gate(page, "here", "open")).toMatchObject({ value: undefined });
    expect(await panel(page).count()).toBe(0);
  });
});

describe("nobody is asked about", () => {
  test("a visitor who is not identified", async () => {
    const { page, asked } = await browserOf(undefined);
    expect(await shows(page, "nps")).toBe("nps");
    expect(asked).toEqual([]);
  });

  test("a user for whom the page itself shows the survey", async () => {
    const { page, asked } = await browserOf(`u-${++users}`);
    await page.evaluate(() => window.askwell!("show", "nps"));
    await choice(page, 9).waitFor();
    expect(asked).toEqual([]);
  });

  test("whoever tries it out", async () => {
    const page = await newPage();
    const asked: string[] = [];
    page.on("request", (request) => request.url().endsWith("/ask") && asked.push(request.url()));
    await visit(page, `${origin}/open?askwell=test`);
    await page.evaluate(() => window.askwell!("identify", "u-1"));
    expect(await shows(page, "nps")).toBe("nps");
    expect(asked).toEqual([]);
  });
});
