import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { uuidv7 } from "../../sdk/src/uuid.ts";
import type { Response } from "../../sdk/src/wire.ts";
import {
  type Collector,
  choice,
  newPage,
  panel,
  ready,
  servePages,
  show,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { type Network, startNetwork } from "./network.ts";
import { npsSurvey, plainPage } from "./surveys.ts";
import { bringToFront, withTabs } from "./tabs.ts";

useBrowser();
let collector: Collector;
let sites = 0;
beforeAll(async () => {
  collector = await startCollector();
});

/** A site of its own, with a network between its pages and the collector; its pages have no script below /none. */
async function site(): Promise<{ id: string; origin: string; network: Network }> {
  const id = `site-${++sites}`;
  const network = await startNetwork(collector);
  const origin = await servePages((path) =>
    path === "/none" ? "<!doctype html>" : plainPage(`${network.url}/w/${id}.js`),
  );
  await collector.publish(id, [origin], [npsSurvey([])]);
  return { id, origin, network };
}

/** What earlier pages left in storage. */
async function backlog(page: Page, origin: string, id: string, count: number, why = "Because"): Promise<string[]> {
  const now = Date.now();
  const left = Array.from({ length: count }, (_, i): Response => {
    const at = now - 60_000 + i;
    const answers = { nps: 9, why: `${i} ${why}` };
    return { id: uuidv7(at), survey: "nps", version: 1, seq: 3, state: "partial", shown_at: at, answers };
  });
  await page.goto(`${origin}/none`);
  await page.evaluate(
    ([prefix, items]) => {
      for (const item of items) localStorage.setItem(prefix + item.id, JSON.stringify(item));
    },
    [`askwell:${id}:response:`, left] as const,
  );
  return left.map((one) => one.id).sort();
}
const waiting = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(":response:")).length);
/** Which responses the collector holds. */
const held = async (id: string) => {
  const path = `/v1/sites/${id}/surveys/nps/responses?limit=200`;
  return (await collector.api<{ items: Response[] }>("GET", path)).items.map((one) => one.id).sort();
};
const sentIds = ({ posts }: Network) => posts.flatMap(({ responses }) => responses.map((one) => one.id)).sort();

test.each([
  ["by a lock", undefined],
  ["without locks, by a lease", () => Object.defineProperty(navigator, "locks", { value: undefined })],
])("of two tabs with a backlog one sends, %s", async (_, spoil) => {
  const { id, origin, network } = await site();
  const page = await newPage();
  if (spoil) await page.context().addInitScript(spoil);
  const ids = await backlog(page, origin, id, 95, "x".repeat(500));
  const other = await page.context().newPage();
  await Promise.all([page.goto(origin), other.goto(origin)]);
  await expect.poll(() => held(id)).toEqual(ids);
  await expect.poll(() => waiting(page)).toBe(0);
  // None by both. How soon a tab sees another's claim is up to a busy machine: what a lease is worth is in queue.test.ts.
  if (!spoil) expect(sentIds(network)).toEqual(ids);
});

test.each([
  [429, "2"],
  [503, "2"],
])(
  "a collector that says %i with Retry-After %s hears nothing before, from no tab and no later page",
  async (status, retryAfter) => {
    const { id, origin, network } = await site();
    const page = await newPage();
    await page.goto(origin);
    await ready(page);
    network.state = { status, retryAfter };
    await show(page, "nps");
    await expect.poll(() => network.posts.length).toBe(1);
    network.state = "up";
    const told = network.posts[0]!.at + 2_000;
    await choice(page, 9).click(); // put() does not send now
    const other = await page.context().newPage();
    await other.goto(origin); // nor another tab
    await page.evaluate(() => window.dispatchEvent(new Event("online"))); // nor a network that is back
    await page.reload(); // nor a page that is left, nor the next
    await panel(page).getByRole("textbox").waitFor();
    await expect.poll(() => network.posts.length).toBeGreaterThan(1);
    expect(network.posts[1]!.at).toBeGreaterThanOrEqual(told);
    await expect.poll(() => collector.responses(id, "nps")).toMatchObject([{ state: "partial", answers: { nps: 9 } }]);
  },
);

test.each([400, 403, 404, 413, 422])("what is refused with %i is not sent again", async (status) => {
  const { origin, network } = await site();
  const page = await newPage();
  await page.clock.install();
  await page.goto(origin);
  await ready(page);
  await show(page, "nps");
  await expect.poll(() => network.posts.length).toBe(1); // it is stored and sent after the frame in which it is seen
  await expect.poll(() => waiting(page)).toBe(0);
  const before = network.posts.length;
  network.state = { status };
  await choice(page, 9).click();
  await expect.poll(() => network.posts.length).toBe(before + 1);
  await expect.poll(() => waiting(page)).toBe(0);
  network.state = "up";
  await page.clock.fastForward(3_600_000);
  await page.reload();
  await ready(page);
  await page.reload();
  await ready(page);
  // The survey goes on, and only what is said from now on is sent.
  expect(network.posts.length).toBe(before + 1);
});

test("a page that is left has less than 60 kB under way, and a large backlog arrives once all the same", async () => {
  const { id, origin, network } = await site();
  const page = await newPage();
  await page.clock.install();
  const ids = await backlog(page, origin, id, 75, "快".repeat(1_900)); // 5.9 kB each
  network.state = { status: 503 };
  await page.goto(origin);
  await ready(page);
  await expect.poll(() => network.posts.length).toBe(1);
  await expect.poll(() => page.evaluate((key) => localStorage.getItem(key), `askwell:${id}:pause`)).toBeTruthy();
  network.state = "up";
  await page.goto(`${origin}/none`);
  await expect.poll(() => network.posts.length).toBeGreaterThan(1);
  const leaving = network.posts.slice(1);
  expect(leaving.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(60_000);
  expect(leaving.flatMap(({ responses }) => responses).length).toBe(10); // as many as fit: bytes, not characters
  await page.goto(origin);
  await ready(page);
  await page.clock.fastForward(300_000);
  await expect.poll(() => held(id)).toEqual(ids);
  await expect.poll(() => waiting(page)).toBe(0);
});

test("a hidden tab sends at once, and a frozen one keeps no other from sending", () =>
  withTabs(async (context) => {
    const { id, origin, network } = await site();
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await other.goto(origin);
    await bringToFront(page, other);
    await page.goto(origin);
    await show(page, "nps");
    await expect.poll(() => network.posts.length).toBe(1);
    await expect.poll(() => waiting(page)).toBe(0);

    // A request that is never answered: the tab would hold the lock for it.
    network.state = "held";
    await choice(page, 9).click();
    await expect.poll(() => network.posts.at(-1)?.answered).toBe("held");
    network.state = "up";
    await bringToFront(other, page);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    await other.evaluate(() => window.askwell!("show", "nps"));
    await choice(other, 3).click();
    await expect
      .poll(async () => (await collector.responses(id, "nps")).map(({ answers }) => answers.nps).sort())
      .toEqual([3, 9]);
  }));

test("what is left in a hidden tab is sent as it is hidden", () =>
  withTabs(async (context) => {
    const { id, origin, network } = await site();
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await bringToFront(page, other);
    await page.goto(origin);
    await show(page, "nps");
    await expect.poll(() => network.posts.length).toBe(1);
    await expect.poll(() => waiting(page)).toBe(0);
    network.state = "cut";
    await choice(page, 9).click();
    // It is under way until the page has seen it fail.
    await page.waitForFunction((key) => localStorage.getItem(key), `askwell:${id}:pause`);
    await page.evaluate((key) => localStorage.setItem(key, `0 ${Date.now() + 300_000} 300000`), `askwell:${id}:pause`);
    network.state = "up";
    await bringToFront(other, page); // a phone puts an app away, and may never say more
    await expect.poll(() => collector.responses(id, "nps")).toMatchObject([{ answers: { nps: 9 } }]);
  }));

test.each([
  ["forbidden", "SecurityError"],
  ["full", "QuotaExceededError"],
  ["deaf", ""],
])("where storage is %s, what could not be sent is sent as the page is left", async (state, name) => {
  const { id, origin, network } = await site();
  const page = await newPage();
  await page.addInitScript(
    ([state, name]) => {
      const refuse = () => {
        throw new DOMException("No.", name);
      };
      if (state === "full") Storage.prototype.setItem = refuse;
      else if (state === "deaf")
        Storage.prototype.setItem = () => {}; // as a consent tool may make it
      else Object.defineProperty(window, "localStorage", { get: refuse });
    },
    [state, name] as const,
  );
  await page.goto(origin);
  await show(page, "nps");
  await expect.poll(() => collector.responses(id, "nps")).toHaveLength(1);
  network.state = "cut";
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").fill("Nothing is kept here");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await expect.poll(() => network.posts.at(-1)?.answered).toBe("cut");
  network.state = "up";
  await page.goto(`${origin}/none`);
  await expect
    .poll(() => collector.responses(id, "nps"))
    .toMatchObject([{ state: "completed", answers: { nps: 9, why: "Nothing is kept here" } }]);
  expect(page.complaints.filter((text) => !text.includes("Failed to load resource"))).toEqual([]);
});
