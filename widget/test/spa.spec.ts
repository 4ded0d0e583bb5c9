import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  nextBorn,
  ready,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey } from "./surveys.ts";

// A shop in one page, with the router of Vue as npm ships it.
const modules = `${root}widget/node_modules`;
const files: Record<string, string> = {
  "/vue.js": `${modules}/vue/dist/vue.global.prod.js`,
  "/router.js": `${modules}/vue-router/dist/vue-router.global.prod.js`,
};

/** Runs on the page. The first part of the path is the site, the second how routes are kept. */
function shop() {
  const { createApp, Vue, VueRouter } = window as never as Record<string, never> & { Vue: never; VueRouter: never };
  void createApp;
  const vue = Vue as { createApp(root: object): { use(router: object): { mount(at: string): void } } };
  const { createRouter, createWebHistory, createWebHashHistory } = VueRouter as Record<string, (a?: unknown) => never>;
  const [, site, mode] = location.pathname.split("/");
  const base = `/${site}/${mode}/`;
  const view = (title: string, height: number) => ({
    template: `<h1>${title}</h1><div style="height:${height}px"></div>`,
  });
  const router = createRouter!({
    history: mode === "hash" ? createWebHashHistory!(base) : createWebHistory!(base),
    routes: [
      { path: "/", component: view("List", 3_000) },
      { path: "/product/:id", component: view("Product", 2_000) },
      { path: "/cart", component: view("Cart", 10) },
      { path: "/checkout", component: view("Checkout", 10) },
      { path: "/thanks", component: view("Thanks", 10) },
      { path: "/private", component: view("Private", 10) },
    ],
    scrollBehavior: (_to: unknown, _from: unknown, saved: unknown) => saved ?? { top: 0 },
  }) as {
    beforeEach(guard: (to: { path: string }) => unknown): void;
    afterEach(after: (to: { fullPath: string }, from: { fullPath: string }, failure?: { type: number }) => void): void;
  };
  const log: unknown[] = [];
  router.beforeEach(({ path }) => (path === "/private" ? "/cart" : path !== "/thanks" || "paid" in window));
  router.afterEach((to, from, failure) => log.push([from.fullPath, to.fullPath, failure?.type]));
  Object.assign(window, { log });
  const link = (to: string, name: string) => `<router-link to="${to}">${name}</router-link> `;
  vue
    .createApp({
      template:
        `<nav style="position:fixed;bottom:0">${link("/", "list")}${link("/product/1", "product")}${link("/cart", "cart")}` +
        `${link("/checkout", "checkout")}${link("/thanks", "thanks")}${link("/private", "private")}</nav><router-view />`,
    })
    .use(router)
    .mount("#app");
}

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(async (path) => {
    if (files[path]) return await readFile(files[path], "utf8");
    const script = `<script async src="${collector.url}/w/${path.split("/")[1]}.js"></script>`;
    return `<!doctype html><html lang="en"><title>A shop</title><body><div id="app"></div>
      <script src="/vue.js"></script><script src="/router.js"></script><script>(${shop})()</script>
      ${path.startsWith("/bare/") ? "" : script}`;
  });
  await collector.publish("time", [origin], [npsSurvey([{ type: "time_on_page", seconds: 30 }])]);
  await collector.publish("url", [origin], [npsSurvey([{ type: "url", url: [{ contains: "/product/" }] }])]);
  await collector.publish("funnel", [origin], [npsSurvey([{ type: "cart_abandonment", when: ["leave_funnel"] }])]);
  const onCheckout = { targeting: { url: [{ contains: "/checkout" }] } };
  await collector.publish(
    "url-none",
    [origin],
    [npsSurvey([{ type: "url", url: [{ contains: "/nowhere/" }] }, exitIntent])],
  );
  await collector.publish("exit", [origin], [npsSurvey([exitIntent], onCheckout)]);
});

const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
/** Clicks a link, and waits for the route that it leads to. */
async function go(page: Page, name: string, leadsTo = name): Promise<void> {
  await link(page, name).click();
  await heading(page, leadsTo);
}
const heading = (page: Page, name: string) =>
  page.getByRole("heading", { name: name[0]!.toUpperCase() + name.slice(1), exact: true }).waitFor();

describe.each([
  ["history", "the Navigation API"],
  ["history", "patched methods"],
  ["hash", "the Navigation API"],
  ["hash", "patched methods"],
])("routes by %s, seen by %s", (mode, way) => {
  const open = async (site: string, prepare?: (page: Page) => Promise<unknown>) => {
    const page = await newPage();
    if (way === "patched methods")
      await page.addInitScript(() => Object.defineProperty(window, "navigation", { value: undefined }));
    await prepare?.(page);
    await page.goto(`${origin}/${site}/${mode}/`);
    await heading(page, "list");
    if (site !== "bare") await ready(page);
    return page;
  };

  test("a route change is a page view: the time on it begins anew", async () => {
    const page = await open("time", (page) => page.clock.install());
    await page.clock.fastForward(20_000);
    await go(page, "product");
    const start = await page.evaluate(() => Date.now());
    const born = nextBorn(page);
    await page.clock.fastForward(20_000);
    await page.clock.fastForward(10_500);
    await choice(page, 0).waitFor();
    const { shown_at, page: at, trigger } = await born;
    expect(shown_at - start).toBeGreaterThanOrEqual(29_900);
    expect([at?.url, trigger?.type]).toEqual([page.url(), "time_on_page"]);
  });

  test("a route shows its survey when it is entered, and no other does", async () => {
    const page = await open("url");
    await go(page, "cart");
    const born = nextBorn(page);
    await go(page, "product");
    await choice(page, 0).waitFor();
    expect(await born).toMatchObject({ trigger: { type: "url" }, page: { url: page.url() } });
    expect(page.url()).toContain("/product/1");
  });

  test("who leaves the funnel by a route with a full cart is asked, and not within it", async () => {
    const page = await open("funnel");
    await page.evaluate(() => window.askwell!("cart", { value: 20, items: 1, currency: "EUR" }));
    const born = nextBorn(page);
    for (const name of ["product", "cart", "checkout", "cart", "list"]) await go(page, name);
    await choice(page, 0).waitFor();
    const { trigger, page: at, cart } = await born;
    expect(trigger).toMatchObject({ type: "cart_abandonment", reason: "left_funnel" });
    expect([at?.url, cart]).toEqual([page.url(), { value: 20, items: 1, currency: "EUR" }]);
    expect(page.url()).not.toContain("cart");
  });

  test("a survey for one route is armed on it alone", async () => {
    const page = await open("exit");
    const born = nextBorn(page);
    await leaveThroughTop(page);
    await go(page, "checkout");
    await go(page, "cart");
    await leaveThroughTop(page);
    await go(page, "checkout");
    await leaveThroughTop(page);
    await choice(page, 0).waitFor();
    // The first that was born at all: the leaves before it showed nothing.
    expect(await born).toMatchObject({ trigger: { type: "exit_intent" }, page: { url: page.url() } });
    expect(page.url()).toContain("/checkout");
  });

  test("the router works as it does without the script", async () => {
    const walk = async (site: string) => {
      const page = await open(site);
      const at: unknown[] = [];
      const look = async () =>
        at.push(
          await page.evaluate(
            (site) => [
              location.href.replace(`/${site}/`, "/"),
              history.length,
              Math.round(scrollY),
              JSON.stringify(history.state).replaceAll(`/${site}/`, "/"),
              document.querySelector("h1")?.textContent,
            ],
            site,
          ),
        );
      const scrolled = (top: number) => page.waitForFunction((top) => Math.round(scrollY) === top, top);
      await look();
      await page.evaluate(() => scrollTo(0, 700));
      await go(page, "product");
      await scrolled(0);
      await look();
      await page.goBack();
      await heading(page, "list");
      await scrolled(700); // the router restores the place, and not the browser, nor anybody else
      await look();
      await page.goForward();
      await heading(page, "product");
      await look();
      await go(page, "private", "cart"); // a guard leads elsewhere
      await look();
      await link(page, "thanks").click(); // and another one refuses
      await expect.poll(() => page.evaluate(() => (window as never as { log: unknown[] }).log.length)).toBe(6);
      await look();
      await page.evaluate(() => Object.assign(window, { paid: true }));
      await go(page, "thanks");
      await page.evaluate(() => history.go(-2));
      await heading(page, "product");
      await look();
      at.push(await page.evaluate(() => (window as never as { log: unknown[] }).log));
      expect(page.complaints).toEqual([]);
      return at;
    };
    expect(await walk("url-none")).toEqual(await walk("bare"));
  });

  test("what is destroyed sees no more routes, and leaves the history as it was", async () => {
    const page = await open("url");
    const methods = () =>
      page.evaluate(() => [
        Object.keys(history),
        `${history.pushState}${history.replaceState}`.match(/native/g)?.length,
      ]);
    await page.evaluate(() => window.askwell!("destroy"));
    expect(await methods()).toEqual([[], 2]);
    await go(page, "product");
    expect(await page.evaluate(() => "askwell" in window)).toBe(false);
  });
});

test("a patch of the page on top of ours, or below it, keeps working", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    Object.defineProperty(window, "navigation", { value: undefined });
    const seen: string[] = [];
    Object.assign(window, { seen, native: history.pushState });
    const patch = (name: string) => {
      const before = history.pushState;
      history.pushState = function (...args) {
        seen.push(name);
        before.apply(this, args);
      };
    };
    Object.assign(window, { patch });
    patch("below");
  });
  await page.goto(`${origin}/url/history/`);
  await ready(page);
  await page.evaluate(() => (window as never as { patch(name: string): void }).patch("above"));
  const seen = () => page.evaluate(() => (window as never as { seen: string[] }).seen.splice(0));
  await seen();
  const born = nextBorn(page);
  await go(page, "product");
  expect(await born).toMatchObject({ trigger: { type: "url" } });
  expect(await seen()).toEqual(["above", "below"]);
  await page.evaluate(() => window.askwell!("destroy"));
  await go(page, "cart");
  expect(await seen()).toEqual(["above", "below"]);
});
