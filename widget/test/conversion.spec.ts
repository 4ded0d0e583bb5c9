import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { ConversionTrigger, Trigger } from "../../sdk/src/wire.ts";
import { fired } from "./fired.ts";
import { type Collector, newPage, nextBorn, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const script = `${collector.url}/w/${path.split("/")[1]}.js`;
    const bought = `<script>dataLayer = [{ event: "purchase", ecommerce: { value: 9 } }]</script>`;
    return plainPage(script, path.endsWith("/bought") ? bought : "");
  });
  const publish = (site: string, options: Omit<ConversionTrigger, "type">, ...more: Trigger[]) =>
    collector.publish(site, [origin], [npsSurvey([{ type: "conversion", ...options }, ...more])]);
  await publish("shop", {});
  await publish("cart", {}, { type: "cart_abandonment" });
  await publish("signup", { event: "signed_up" });
  await publish("thanks", { url: [{ glob: "*/thank-you*" }] });
  await publish("delayed", { delay_seconds: 5 });
});

type Pushing = { dataLayer?: unknown[] };

async function open(path: string): Promise<Page> {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/${path}`);
  await ready(page);
  return page;
}

const push = (page: Page, entry: unknown) =>
  page.evaluate((entry) => {
    const global = window as Pushing;
    global.dataLayer ??= [];
    global.dataLayer.push(entry);
  }, entry);

const track = (page: Page, event: string) => page.evaluate((event) => window.askwell!("track", event), event);

test("a purchase that is tracked shows the survey, and is its reason", async () => {
  const page = await open("shop");
  const born = nextBorn(page);
  await track(page, "add_to_cart");
  expect(await fired(page)).toBeUndefined();
  await track(page, "purchase");
  expect(await fired(page)).toBe("purchase");
  expect((await born).trigger).toEqual({ type: "conversion", reason: "purchase" });
  await expect
    .poll(() => collector.responses("shop", "nps"))
    .toMatchObject([{ trigger: { type: "conversion", reason: "purchase" } }]);
});

test.each(["shop", "cart"])(
  "a purchase that was in the data layer before the script came counts (%s)",
  async (site) => {
    const page = await open(`${site}/bought`);
    expect(await fired(page)).toBe("purchase");
  },
);

test("a purchase that a tag manager pushes some seconds after the page has loaded counts", async () => {
  const page = await open("shop");
  await page.clock.fastForward(1_500);
  await push(page, { event: "gtm.js" });
  await page.clock.fastForward(1_500);
  expect(await fired(page)).toBeUndefined();
  await push(page, { event: "purchase" });
  await page.clock.fastForward(1_500);
  expect(await fired(page)).toBe("purchase");
});

test("the data layer is not looked at for ever, but again after a click", async () => {
  const page = await open("shop");
  for (let i = 0; i < 12; i++) await page.clock.fastForward(1_000);
  await push(page, ["event", "purchase", {}]);
  await page.clock.fastForward(60_000);
  expect(await fired(page)).toBeUndefined();
  await page.mouse.click(600, 400);
  expect(await fired(page)).toBe("purchase");
});

test("what a click sends is found when its answer comes", async () => {
  const page = await open("shop");
  for (let i = 0; i < 12; i++) await page.clock.fastForward(1_000);
  await page.mouse.click(600, 400);
  await page.clock.fastForward(1_500);
  await push(page, { event: "purchase" });
  await page.clock.fastForward(1_500);
  expect(await fired(page)).toBe("purchase");
});

test("another event may be the conversion, and then a purchase is none", async () => {
  const page = await open("signup");
  await track(page, "purchase");
  expect(await fired(page)).toBeUndefined();
  await track(page, "signed_up");
  expect(await fired(page)).toBe("signed_up");
});

test("a page that is reached only after it tells of it, and so does the event", async () => {
  const page = await open("thanks/basket");
  expect(await fired(page)).toBeUndefined();
  await page.evaluate(() => history.pushState(null, "", "/thanks/thank-you?order=1"));
  expect(await fired(page)).toBe("url");
  await page.evaluate(() => history.pushState(null, "", "/thanks/home"));
  expect(await fired(page)).toBeUndefined();
  await track(page, "purchase");
  expect(await fired(page)).toBe("purchase");
});

test.each([
  ["tracked", (page: Page) => track(page, "purchase")],
  ["pushed", (page: Page) => push(page, { event: "purchase" })],
])(
  "a purchase that was %s right before the next page opens counts there, and on none after half a minute",
  async (_, buy) => {
    const page = await open("delayed");
    await page.clock.fastForward(20_000);
    await buy(page);
    await page.goto(`${origin}/delayed/thanks`);
    await ready(page);
    const born = nextBorn(page);
    await page.clock.fastForward(5_500);
    expect(await fired(page)).toBe("purchase");
    expect((await born).page?.url).toContain("/thanks");
    await page.clock.fastForward(30_000);
    await page.goto(`${origin}/delayed/later`);
    await ready(page);
    await page.clock.fastForward(5_500);
    expect(await fired(page)).toBeUndefined();
  },
);

test("on a route that is entered right after a purchase it counts too", async () => {
  const page = await open("delayed");
  await track(page, "purchase");
  await page.clock.fastForward(2_000);
  await page.evaluate(() => history.pushState(null, "", "/delayed/thanks"));
  await page.clock.fastForward(4_000);
  expect(await fired(page)).toBeUndefined(); // the delay of the page view before is off
  await page.clock.fastForward(1_500);
  expect(await fired(page)).toBe("purchase");
});

test("in another tab nothing was bought", async () => {
  const page = await open("shop");
  await track(page, "purchase");
  const other = await page.context().newPage();
  await other.goto(`${origin}/shop`);
  await ready(other);
  expect(await fired(other)).toBeUndefined();
});
