import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Trigger } from "../../sdk/src/wire.ts";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  panel,
  ready,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey } from "./surveys.ts";

// A shop's page that nobody here wrote, as npm ships it; only the script tag is added.
const folder = `${root}widget/node_modules/startbootstrap-shop-homepage/dist`;

/** What the page has moved by itself until now, its own pictures being late, is not the survey's doing. */
const forgetShifts = (page: Page) =>
  page.evaluate(async () => {
    for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    (window as never as { shifts: number[] }).shifts.length = 0;
  });

/** Each trigger, and what a visitor does on this page for it to fire. */
const rows: [site: string, trigger: Trigger, act: (page: Page) => Promise<unknown>, fired: object][] = [
  ["exit", exitIntent, leaveThroughTop, { reason: "pointer_top" }],
  [
    "click",
    { type: "click", selector: ".card-footer a.btn" },
    (page) => page.getByRole("link", { name: "Add to cart" }).first().click(),
    {},
  ],
  ["visible", { type: "element_visible", selector: "footer", seconds: 0.2 }, (page) => page.mouse.wheel(0, 5_000), {}],
  ["scroll", { type: "scroll_depth", percent: 75 }, (page) => page.mouse.wheel(0, 5_000), {}],
  ["time", { type: "time_on_page", seconds: 1 }, async () => {}, {}],
  [
    "cart",
    {
      type: "cart_abandonment",
      funnel: ["/cart"],
      selectors: { items: "form .badge", currency: "USD" },
    },
    async (page) => {
      await leaveThroughTop(page); // with nothing in the cart nothing is abandoned
      await page.locator("form .badge").evaluate((badge) => {
        badge.textContent = "2";
      });
      await forgetShifts(page);
      await leaveThroughTop(page);
    },
    { reason: "pointer_top" },
  ],
  [
    "button",
    { type: "feedback_button" },
    (page) => page.locator("askwell-feedback").getByRole("button").click(),
    { reason: "button" },
  ],
];

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(async (path) => {
    if (path.includes(".")) return undefined;
    const html = await readFile(`${folder}/index.html`, "utf8");
    return html.replace("</body>", `<script async src="${collector.url}/w${path}.js"></script></body>`);
  }, folder);
  for (const [site, trigger] of rows) await collector.publish(site, [origin], [npsSurvey([trigger])]);
});

test.each(rows)("%s: it shows, moves nothing, and the console stays clean", async (site, trigger, act, fired) => {
  const page = await newPage();
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    addEventListener("load", () =>
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
          if (!entry.hadRecentInput) shifts.push(entry.value);
      }).observe({ type: "layout-shift" }),
    );
  });
  await page.goto(`${origin}/${site}`);
  await ready(page);
  /** Where everything is on the page, and how large the page is. */
  const layout = () =>
    page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      const places = [...document.body.querySelectorAll("*")].map((e) => {
        const { x, y, width, height } = e.getBoundingClientRect();
        if (!e.getClientRects().length) return e.tagName; // is nowhere
        return [e.tagName, ...[x + scrollX, y + scrollY, width, height].map(Math.round)].join(" ");
      });
      return [scrollWidth, scrollHeight, ...places];
    });
  await forgetShifts(page);
  const before = await layout();
  await act(page);
  await choice(page, 9).waitFor();
  expect(await layout()).toEqual(before);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/real-shop-${site}.png` });
  await choice(page, 9).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  expect(await layout()).toEqual(before);
  expect(await page.evaluate(() => (window as never as { shifts: number[] }).shifts)).toEqual([]);
  await expect
    .poll(() => collector.responses(site, "nps"))
    .toMatchObject([
      { state: "completed", answers: { nps: 9 }, trigger: { type: trigger.type, ...fired }, page: { url: page.url() } },
    ]);
  if (site === "cart")
    expect((await collector.responses(site, "nps"))[0]!.cart).toEqual({ value: 0, items: 2, currency: "USD" });
  // The page's own icons, pictures and scripts come from a network that specs do not have.
  expect(page.complaints.filter((text) => !text.includes("Failed to load resource"))).toEqual([]);
});
