import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import {
  asks,
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  panel,
  ready,
  startCollector,
  useBrowser,
} from "./harness.ts";

useBrowser();
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector("--demo");
});

/** From the list to the checkout, with one thing in the cart. */
async function goToCheckout(page: Page, language = ""): Promise<void> {
  await page.goto(`${collector.url}/shop/${language && `?lang=${language}`}`);
  await page.locator("main a[href^='product.html']").first().click();
  await page.locator("main form .button").click();
  await page.locator(".cart-count", { hasText: "1" }).waitFor();
  await page.goto(`${collector.url}/shop/cart.html`);
  await page.locator("a[href='checkout.html']").click();
  await page.waitForURL("**/checkout.html");
  await ready(page);
}

test("a visit: cart, checkout, exit, a reload in mid-survey, a collector that is down: one response, in the score", async () => {
  const page = await newPage();
  await goToCheckout(page);
  await leaveThroughTop(page);
  await choice(page, 3).click();
  await asks(page, "What is the main thing keeping you from ordering today?");

  await page.reload();
  await choice(page, "delivery_cost").waitFor();
  await collector.stop();
  await choice(page, "delivery_cost").click();
  await panel(page).getByRole("textbox").fill("Ten euros for a mug");
  await panel(page).getByRole("button", { name: "Send" }).click();
  // A detractor gets the ending for detractors.
  await panel(page).getByText("sorry").waitFor();
  await collector.start();

  await expect
    .poll(() => collector.responses("shop", "checkout-exit"))
    .toMatchObject([
      {
        state: "completed",
        answers: { nps: 3, reason: "delivery_cost", why: "Ten euros for a mug" },
        trigger: { type: "cart_abandonment", reason: "pointer_top" },
        cart: { currency: "EUR", items: 1 },
        language: "en",
      },
    ]);
  const score = await collector.score("shop", "checkout-exit");
  expect(score.total).toMatchObject({ n: 1, score: -100, distribution: { 3: 1 } });
  expect(score.formula).toContain("detractors");
});

test.each([
  ["pl", "Jak bardzo prawdopodobne jest"],
  ["zh", "您有多大可能"],
])("in %s the survey speaks the page's language", async (language, words) => {
  const page = await newPage();
  await goToCheckout(page, language);
  await leaveThroughTop(page);
  await asks(page, words);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/shop-${language}.png` });
});

test("who has ordered is asked how that was, and not why the cart was left", async () => {
  const page = await newPage();
  await goToCheckout(page);
  await page.locator("#example").click();
  await page.locator("main form .button").last().click();
  await page.waitForURL("**/order-complete.html");
  await panel(page)
    .getByText("How satisfied or dissatisfied are you with placing this order?", { exact: true })
    .waitFor();
  await choice(page, 5).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await expect
    .poll(() => collector.score("shop", "order-csat"))
    .toMatchObject({ metric: "csat", total: { n: 1, score: 100 } });

  await page.goto(`${collector.url}/shop/checkout.html`);
  await ready(page);
  expect(await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!).cart)).toBeUndefined();
});
