import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../sdk/src/explanation.ts";
import type { CartAbandonmentTrigger, Response } from "../../sdk/src/wire.ts";
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
/** Another origin, that sends the visitor back. */
let provider: string;
const trigger = (more: Partial<CartAbandonmentTrigger> = {}): CartAbandonmentTrigger => ({
  type: "cart_abandonment",
  funnel: ["/*/cart*", "/*/checkout*"],
  ...more,
});

// Each site has options of its own; its pages live below /{site}/.
const sites: Record<string, CartAbandonmentTrigger> = {
  exit: trigger(),
  idle: trigger({ when: ["idle"], idle_seconds: 60 }),
  leave: trigger({ when: ["leave_funnel"] }),
  selectors: trigger({ selectors: { items: ".count", value: ".total", currency: "PLN" } }),
  purchased: trigger({ when: ["exit", "leave_funnel"], purchased: ["/*/thanks*"] }),
  old: trigger({ max_age_hours: 72 }),
  wrong: trigger({ selectors: { items: "b[" } }),
};

/** Shows where the cart did not, on the page that the funnel was left for: later than the cart would. */
const control = npsSurvey([{ type: "time_on_page", seconds: 4 }], {
  id: "control",
  targeting: { url: [{ contains: "list" }, { contains: "thanks" }] },
});

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const [, site, page] = path.split("/");
    const shown = page === "cart" ? `<b class="count">2 items</b> <b class="total">1 299,90 zł</b>` : "";
    return site! in sites || site === "both" ? plainPage(`${collector.url}/w/${site}.js`, shown) : undefined;
  });
  for (const [site, options] of Object.entries(sites))
    await collector.publish(site, [origin], [npsSurvey([options]), ...(options.when ? [control] : [])]);
  // Two detectors, which share what the cart is.
  await collector.publish(
    "both",
    [origin],
    [npsSurvey([trigger()]), npsSurvey([trigger({ max_age_hours: 48 })], { id: "other" })],
  );
  provider = await servePages((path) =>
    path === "/pay"
      ? `<title>A payment provider</title>`
      : `<script>location.replace(${JSON.stringify(origin)} + location.search.slice(1))</script>`,
  );
});

/** Opens a page, from within the site where the visitor is there: a page that nothing led to was not come to from the last. */
async function visit(page: Page, path: string): Promise<void> {
  if (page.url().startsWith(origin)) {
    await page.evaluate((path) => location.assign(path), path);
    await page.waitForURL(origin + path);
  } else await page.goto(origin + path);
  await ready(page);
}

/** Whether leaving through the top shows the survey; show() after it would be refused if it had. */
async function leaves(page: Page): Promise<string | undefined> {
  const born = nextBorn(page);
  await leaveThroughTop(page);
  await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1)); // what fired is weighed in a timer of its own
    window.askwell!("show", "nps");
  });
  return (await born).trigger?.type;
}

/** What shows first after this. */
async function first(page: Page, go: () => Promise<unknown>): Promise<Response["trigger"]> {
  const born = nextBorn(page);
  await go();
  return (await born).trigger;
}

const cartOf = (page: Page, site: string) =>
  page.evaluate((site) => JSON.parse(localStorage.getItem(`askwell:${site}:visitor`)!).cart, site);

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
  const memory = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:exit:visitor")!));
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
  const memory = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:selectors:visitor")!));
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
    "with a cart that was emptied by cart()",
    async (page) => {
      await push(page, added);
      await page.evaluate(() => window.askwell!("track", "seen")); // what the data layer said comes before it
      await page.evaluate(() => window.askwell!("cart", { value: 0, items: 0 }));
    },
  ],
  [
    "with a cart that is shown empty",
    (page) => push(page, added, { event: "view_cart", ecommerce: { value: 0, items: [] } }),
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

test("a new route of a single-page app leaves the funnel too", async () => {
  const page = await newPage();
  await visit(page, "/leave/checkout");
  await push(page, added);
  expect(await first(page, () => page.evaluate(() => history.pushState({}, "", "/leave/list")))).toEqual({
    type: "cart_abandonment",
    reason: "left_funnel",
  });
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  ["to the cart is no leaving", (page) => visit(page, "/leave/cart?list")],
  [
    "is none on a refresh of the page after it",
    async (page) => {
      await page.route("**/w/leave.js", (route) => route.abort());
      await page.evaluate(() => location.assign("/leave/list"));
      await page.waitForURL("**/leave/list");
      await page.unroute("**/w/leave.js");
      await page.reload();
    },
  ],
  [
    "is none on a refresh",
    async (page) => {
      await page.evaluate(() => history.replaceState({}, "", "/leave/checkout?list"));
      await page.reload();
    },
  ],
  [
    "for the payment provider, who leads back to another page, is none",
    async (page) => {
      await page.goto(`${provider}/pay`);
      await page.goto(`${provider}/back?/leave/list`).catch(() => {}); // led on before it was loaded
      await page.waitForURL(`${origin}/leave/list`);
    },
  ],
  [
    "for the page after a purchase, which says so a little later, is none",
    async (page) => {
      await visit(page, "/leave/thanks");
      await push(page, { event: "purchase", ecommerce: { value: 49.9 } });
    },
  ],
])("opening another page from the funnel %s", async (_, go) => {
  const page = await newPage();
  await visit(page, "/leave/checkout");
  await push(page, added);
  expect(await first(page, () => go(page))).toMatchObject({ type: "time_on_page" });
});

test("a route that says the order is complete empties the cart, and is no leaving", async () => {
  const page = await newPage();
  await visit(page, "/purchased/checkout");
  await push(page, added);
  expect(await first(page, () => page.evaluate(() => history.pushState({}, "", "/purchased/thanks")))).toMatchObject({
    type: "time_on_page",
  });
  expect(await cartOf(page, "purchased")).toBeUndefined();
});

test("after a purchase, what the page still shows is no cart", async () => {
  const page = await newPage();
  await visit(page, "/selectors/cart");
  await push(page, { event: "purchase" });
  expect(await leaves(page)).toBe("api");
});

test("what gtag() pushes is read, and a price stands in for a value", async () => {
  const page = await newPage();
  await visit(page, "/exit/checkout");
  await page.evaluate(() => {
    const layer: unknown[] = [];
    Object.assign(window, { dataLayer: layer });
    function gtag(..._: unknown[]) {
      layer.push(arguments);
    }
    gtag("js", new Date());
    gtag("event", "add_to_cart", { currency: "EUR", items: [{ price: 19.99, quantity: 3 }] });
    gtag("event", "remove_from_cart", { currency: "EUR", items: [{ price: 19.99 }] });
  });
  expect(await leaves(page)).toBe("cart_abandonment");
  expect(await cartOf(page, "exit")).toMatchObject({ value: 39.98, items: 2, currency: "EUR" });
});

test("an event counts once, however many read it, drop it or push it again", async () => {
  const page = await newPage();
  await visit(page, "/both/list");
  await page.evaluate((added) => {
    const layer: unknown[] = [];
    Object.assign(window, { dataLayer: layer });
    const tell = () => window.askwell!("track", "something"); // has the layer read
    layer.push(added);
    tell();
    layer.push(added, added); // the same object
    tell();
    layer.splice(0, 2); // as a tag manager does
    layer.push({ event: "gtm.click" });
    tell();
    tell();
  }, added);
  expect(await cartOf(page, "both")).toMatchObject({ value: 149.7, items: 6 });
  await visit(page, "/both/checkout");
  expect(await leaves(page)).toBe("cart_abandonment");
  expect(await cartOf(page, "both")).toMatchObject({ value: 149.7, items: 6 });
});

test("what the data layer said before a track() call comes before it", async () => {
  const page = await newPage();
  await visit(page, "/exit/checkout");
  await push(page, added);
  await page.evaluate(() => window.askwell!("track", "purchase"));
  await push(page, { ...added, ecommerce: { value: 5 } });
  expect(await leaves(page)).toBe("cart_abandonment");
  expect(await cartOf(page, "exit")).toMatchObject({ value: 5, items: 1 });
});

test("the cart is that of all tabs", async () => {
  const page = await newPage();
  await visit(page, "/exit/list");
  await push(page, added);
  const tab = await page.context().newPage();
  await visit(page, "/exit/checkout");
  await visit(tab, "/exit/checkout");
  await push(tab, { event: "purchase" });
  await visit(tab, "/exit/list");
  expect(await leaves(page)).toBe("api");
});

test.each([
  [71, "cart_abandonment"],
  [73, "api"],
])("a cart of %d hours ago, of 72: %s", async (hours, by) => {
  const page = await newPage();
  await visit(page, "/old/list");
  await push(page, added);
  await visit(page, "/old/checkout");
  await page.evaluate((hours) => {
    const memory = JSON.parse(localStorage.getItem("askwell:old:visitor")!);
    memory.cart.at -= hours * 3_600_000;
    localStorage.setItem("askwell:old:visitor", JSON.stringify(memory));
  }, hours);
  expect(await leaves(page)).toBe(by);
});

test("a selector that is none disables the trigger, and says so", async () => {
  const page = await newPage();
  await visit(page, "/wrong/checkout");
  await push(page, added);
  const surveys = await page.evaluate(() => window.askwell!("explain") as unknown as Explanation[]);
  expect(surveys.find(({ survey }) => survey === "nps")!.triggers[0]!.state).toContain("b[");
  expect(await leaves(page)).toBe("api");
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
