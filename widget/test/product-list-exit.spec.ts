import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../sdk/src/explanation.ts";
import type { ProductListExitTrigger, Response } from "../../sdk/src/wire.ts";
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

const trigger: ProductListExitTrigger = {
  type: "product_list_exit",
  list: ["/*/list*", "/*/search?q=*"],
  product: ["/*/list/product*", "/*/product*"],
  selector: ".quick",
};
const sites: Record<string, ProductListExitTrigger> = {
  exit: { ...trigger, when: ["exit"] },
  leave: { ...trigger, when: ["leave_page"] },
  here: { ...trigger, when: ["exit"] }, // whose survey is for the lists alone
  wrong: { ...trigger, selector: "a[" },
};

/** Shows on the next page where the list did not: later than the list would. */
const control = npsSurvey([{ type: "time_on_page", seconds: 3 }], {
  id: "control",
  targeting: { url: [{ contains: "home" }] },
});

const body = (site: string) =>
  `<a href="/${site}/product/1">Product</a> <a href="/${site}/list/product-2?a=b">Another</a> <a href="/${site}/list?page=2">More</a> <a href="/${site}/home">Home</a>
<button class="quick"><i>Quick view</i></button>
<p><a href="/${site}/product/3" onclick="event.preventDefault()" target="_blank">Prevented</a></p>`;

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const [, site] = path.split("/");
    return site! in sites ? plainPage(`${collector.url}/w/${site}.js`, body(site!)) : undefined;
  });
  for (const [site, options] of Object.entries(sites)) {
    const targeting = site === "here" ? { targeting: { url: [{ contains: "/list?" }] } } : {};
    await collector.publish(site, [origin], [npsSurvey([options], targeting), control]);
  }
});

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(origin + path);
  await ready(page);
}

async function open(path: string): Promise<Page> {
  const page = await newPage();
  await visit(page, path);
  return page;
}

/** What shows first after this. */
async function first(page: Page, go: () => Promise<unknown>): Promise<Response["trigger"]> {
  const born = nextBorn(page);
  await go();
  return (await born).trigger;
}

/** What leaving through the top shows, once exits are armed; show() comes after it. */
const leave = (page: Page) =>
  first(page, async () => {
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_100)));
    await leaveThroughTop(page);
    await page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1)); // what fired is weighed in a timer of its own
      window.askwell!("show", "nps");
    });
  });

test.each(["/exit/list", "/exit/search?q=shoes"])("leaving %s shows the survey", async (path) => {
  const page = await open(path);
  await page.waitForFunction(() => performance.now() > 3_000); // exits are armed after a second
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("exit", "nps"))[0]?.trigger)
    .toEqual({ type: "product_list_exit", reason: "pointer_top" });
});

test("more of the list, and a search in it, are the list still", async () => {
  const page = await open("/exit/list");
  await page.getByText("More").click();
  await page.waitForURL("**/list?page=2");
  await visit(page, "/exit/search?q=a");
  expect(await leave(page)).toMatchObject({ type: "product_list_exit" });
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  ["where there is no list", (page) => visit(page, "/exit/home")],
  ["on a product", (page) => visit(page, "/exit/product/1")],
  ["on a product below the list", (page) => visit(page, "/exit/list/product-2")],
  [
    "with a product in another tab, by the control key",
    async (page) => {
      const tab = page.context().waitForEvent("page");
      await page.getByText("Product").click({ modifiers: ["ControlOrMeta"] });
      await tab;
    },
  ],
  [
    "with a product in another tab, by the middle button",
    async (page) => {
      const tab = page.context().waitForEvent("page");
      await page.getByText("Another").click({ button: "middle" });
      await tab;
    },
  ],
  ["with a product that the page opens by itself", (page) => page.getByText("Prevented").click()],
  ["after a quick view", (page) => page.getByText("Quick view").click()],
  [
    "back from a product",
    async (page) => {
      await page.getByText("Product").click();
      await page.waitForURL("**/product/1");
      await page.goBack();
      await ready(page);
    },
  ],
  [
    "come to from a product by a link",
    async (page) => {
      await page.getByText("Another").click();
      await page.waitForURL("**/product-2*");
      await page.getByText("More").click();
      await page.waitForURL("**/list?page=2");
      await ready(page);
    },
  ],
  [
    "back from a product's route",
    async (page) => {
      await page.evaluate(() => history.pushState({}, "", "/exit/product/1"));
      await page.evaluate(() => history.pushState({}, "", "/exit/list"));
    },
  ],
])("leaving the list %s shows nothing", async (_, go) => {
  const page = await open("/exit/list");
  await go(page);
  await page.bringToFront();
  expect(await leave(page)).toEqual({ type: "api" });
});

test("a survey that is for the lists alone knows of the product too", async () => {
  const page = await open("/here/list?");
  await page.evaluate(() => location.assign("/here/product/1")); // no click tells of it
  await page.waitForURL("**/product/1");
  await ready(page);
  await visit(page, "/here/list?page=2");
  expect(await leave(page)).toEqual({ type: "api" });
});

test("from another page, the search begins anew", async () => {
  const page = await open("/exit/list");
  await page.getByText("Quick view").click();
  await page.getByText("Home").click();
  await page.waitForURL("**/home");
  await ready(page);
  await page.getByText("More").click();
  await page.waitForURL("**/list?page=2");
  await ready(page);
  expect(await leave(page)).toMatchObject({ type: "product_list_exit" });
});

const left = { type: "product_list_exit", reason: "left_page" };

test("a page that is neither list nor product shows it", async () => {
  const page = await open("/leave/list");
  expect(await first(page, () => page.getByText("Home").click())).toEqual(left);
  const other = await open("/leave/search?q=a");
  expect(await first(other, () => other.evaluate(() => history.pushState({}, "", "/leave/home")))).toEqual(left);
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  [
    "after a quick view",
    async (page) => {
      await page.getByText("Quick view").click();
      await page.getByText("Home").click();
    },
  ],
  [
    "by way of a product",
    async (page) => {
      await page.getByText("Product").click();
      await page.waitForURL("**/product/1");
      await ready(page);
      await page.getByText("Home").click();
    },
  ],
  [
    "by way of the product's list",
    async (page) => {
      await page.getByText("Product").click();
      await page.waitForURL("**/product/1");
      await ready(page);
      await page.getByText("More").click();
      await page.waitForURL("**/list?page=2");
      await ready(page);
      await page.getByText("Home").click();
    },
  ],
  [
    "by a route that leads on at once",
    (page) =>
      page.evaluate(() => {
        history.pushState({}, "", "/leave/loading");
        history.pushState({}, "", "/leave/product/1");
        history.pushState({}, "", "/leave/home");
      }),
  ],
  ["where it is another list", (page) => page.goto(`${origin}/leave/list?home`)],
])("opening another page %s shows nothing", async (_, go) => {
  const page = await open("/leave/list");
  expect(await first(page, () => go(page))).toMatchObject({ type: "time_on_page" });
});

test("a selector that is none disables the trigger, and says so", async () => {
  const page = await open("/wrong/list");
  const surveys = await page.evaluate(() => window.askwell!("explain") as unknown as Explanation[]);
  expect(surveys.find(({ survey }) => survey === "nps")!.triggers[0]!.state).toContain("a[");
});
