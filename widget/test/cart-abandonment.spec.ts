import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { CartAbandonmentTrigger } from "../../sdk/src/wire.ts";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  nextBorn,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
const trigger = (more: Partial<CartAbandonmentTrigger> = {}): CartAbandonmentTrigger => ({
  type: "cart_abandonment",
  funnel: ["/*/cart", "/*/checkout"],
  ...more,
});

// Each site has options of its own; its pages live below /{site}/.
const sites: Record<string, CartAbandonmentTrigger> = {
  exit: trigger(),
  idle: trigger({ when: ["idle"], idle_seconds: 60 }),
  leave: trigger({ when: ["leave_funnel"] }),
  selectors: trigger({ selectors: { items: ".count", value: ".total", currency: "PLN" } }),
  purchased: trigger({ purchased: ["/*/thanks*"] }),
};

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const [, site, page] = path.split("/");
    const shown = page === "cart" ? `<b class="count">2 items</b> <b class="total">1 299,90 zł</b>` : "";
    return site! in sites ? plainPage(`${collector.url}/w/${site}.js`, shown) : undefined;
  });
  for (const [site, options] of Object.entries(sites)) await collector.publish(site, [origin], [npsSurvey([options])]);
});

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(origin + path);
  await ready(page);
}

/** Whether leaving through the top shows the survey; show() after it would be refused if it had. */
async function leaves(page: Page): Promise<string | undefined> {
  const born = nextBorn(page);
  await leaveThroughTop(page);
  await page.evaluate(() => window.askwell!("show", "nps"));
  return (await born).trigger?.type;
}

const push = (page: Page, ...entries: unknown[]) =>
  page.evaluate((all) => {
    const w = window as unknown as { dataLayer: unknown[] };
    w.dataLayer = w.dataLayer ?? [];
    w.dataLayer.push(...(all as unknown[]));
  }, entries);

const added = { event: "add_to_cart", ecommerce: { currency: "EUR", value: 49.9, items: [{ quantity: 2 }] } };

test("a cart told by cart() and left at the checkout is asked about, with its value", async () => {
  const page = await newPage();
  await visit(page, "/exit/list");
  await page.evaluate(() => window.askwell!("cart", { value: 49.9, currency: "EUR", items: 2 }));
  await visit(page, "/exit/checkout");
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  await expect.poll(() => collector.responses("exit", "nps")).toHaveLength(1);
  expect((await collector.responses("exit", "nps"))[0]).toMatchObject({
    trigger: { type: "cart_abandonment", reason: "pointer_top" },
    cart: { value: 49.9, currency: "EUR", items: 2 },
  });
});

test("a cart told by a tag manager's GA4 events counts, also when the page changes at once", async () => {
  const page = await newPage();
  await visit(page, "/exit/list");
  await push(page, added, added);
  await visit(page, "/exit/checkout");
  await leaveThroughTop(page);
  const radio = choice(page, 0);
  await radio.waitFor();
  const memory = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:exit")!));
  expect(memory.cart).toMatchObject({ value: 99.8, items: 4, currency: "EUR" });
});

test("a cart told by gtag() counts", async () => {
  const page = await newPage();
  await visit(page, "/exit/checkout");
  await push(page, { 0: "event", 1: "view_cart", 2: { currency: "EUR", value: 12, items: [{}, {}] } });
  expect(await leaves(page)).toBe("cart_abandonment");
});

test("a cart read from the page by selectors counts", async () => {
  const page = await newPage();
  await visit(page, "/selectors/cart");
  expect(await leaves(page)).toBe("cart_abandonment");
  const memory = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:selectors")!));
  expect(memory.cart).toMatchObject({ value: 1299.9, items: 2, currency: "PLN" });
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  ["without a cart", async () => {}],
  ["with a cart that was emptied", (page) => push(page, added, { ...added, event: "remove_from_cart" })],
  [
    "after a purchase told by the data layer",
    (page) => push(page, added, { event: "purchase", ecommerce: { value: 49.9 } }),
  ],
  [
    "after a purchase told by track()",
    async (page) => {
      await push(page, added);
      await page.evaluate(() => window.askwell!("track", "purchase"));
    },
  ],
])("%s nothing shows", async (_, before) => {
  const page = await newPage();
  await visit(page, "/exit/checkout");
  await before(page);
  expect(await leaves(page)).toBe("api");
});

test("outside the funnel nothing shows", async () => {
  const page = await newPage();
  await visit(page, "/exit/list");
  await push(page, added);
  expect(await leaves(page)).toBe("api");
});

test("a page that says the order is complete empties the cart", async () => {
  const page = await newPage();
  await visit(page, "/purchased/checkout");
  await push(page, added);
  await visit(page, "/purchased/thanks?order=1");
  await visit(page, "/purchased/checkout");
  expect(await leaves(page)).toBe("api");
});

test("opening another page from the funnel shows it, at the next page", async () => {
  const page = await newPage();
  await visit(page, "/leave/checkout");
  await push(page, added);
  await visit(page, "/leave/list");
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("leave", "nps"))[0]?.trigger)
    .toEqual({
      type: "cart_abandonment",
      reason: "left_funnel",
    });
});

test("doing nothing at the checkout shows it; doing something starts the wait again", async () => {
  const page = await newPage();
  await page.clock.install();
  await visit(page, "/idle/checkout");
  await push(page, added);
  const start = await page.evaluate(() => Date.now());
  const born = nextBorn(page);
  await page.clock.fastForward(59_000);
  await page.keyboard.press("Shift");
  await page.clock.fastForward(59_000);
  await page.clock.fastForward(2_000);
  await choice(page, 0).waitFor();
  expect((await born).shown_at - start).toBeGreaterThanOrEqual(118_500);
});
