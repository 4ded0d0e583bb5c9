import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { axeFinds, type Example, startExample } from "./example.ts";
import { choice, leaveThroughTop, newPage, panel, ready, root, useBrowser } from "./harness.ts";
import { stored } from "./moment.ts";

const folder = `${root}examples/shopify`;

useBrowser();
let example: Example;
beforeAll(async () => {
  example = await startExample("shopify");
}, 120_000); // npm ci

async function visit(path: string): Promise<Page & { complaints: string[] }> {
  const page = await newPage();
  await page.goto(example.page + path);
  await ready(page);
  return page;
}

const accept = (page: Page) => page.getByRole("button", { name: "Accept" }).click();

/** To the cart, with one box of four in it. */
async function fillCart(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.waitForURL("**/cart");
  await ready(page);
}

test("a survey stands in the product page, once the customer agreed, and knows the template", async () => {
  const page = await visit("products/box-of-four");
  expect(await stored(page)).toEqual([]);
  expect(await panel(page).count()).toBe(0);
  await accept(page);
  await page.locator("#askwell-product askwell-survey").getByRole("radio", { name: "No" }).click();
  await panel(page).getByRole("textbox").fill("How much is in it?");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  await expect
    .poll(() => example.responses("product"))
    .toMatchObject([
      {
        state: "completed",
        answers: { enough: false, missing: "How much is in it?" },
        hidden: { page_type: "product", template: "gift" },
      },
    ]);
  expect(page.complaints).toEqual([]);
});

test("who leaves with a full cart is asked why: the cart and the signed customer come from Liquid", async () => {
  const page = await visit("products/shade-sencha");
  await accept(page);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Ada").waitFor();
  await fillCart(page);
  await leaveThroughTop(page);
  await choice(page, "delivery").click();
  await panel(page).getByText("Thank you!").waitFor();
  // The site requires signed users: with a wrong signature, the response would be nobody's.
  await expect
    .poll(() => example.responses("leaving"))
    .toMatchObject([
      {
        state: "completed",
        user: "6814271537473",
        traits: { orders: 3, page_type: "cart" },
        cart: { value: 21, currency: "EUR", items: 1 },
      },
    ]);
});

test("the pixel leaves word of an order, and the shop's next page asks about it, once", async () => {
  const page = await visit("products/box-of-four");
  await accept(page);
  await fillCart(page);
  await page.getByRole("button", { name: "Check out" }).click();
  await page.getByRole("heading", { name: "your order is confirmed" }).waitFor();
  await page.waitForFunction(() => localStorage.getItem("askwell:shopify:order"));
  expect(await page.evaluate(() => typeof window.askwell)).toBe("undefined"); // no theme on that page
  await page.getByRole("link", { name: "Continue shopping" }).click();
  await choice(page, 5).click();
  await panel(page).getByText("enjoy your tea").waitFor();
  await expect
    .poll(() => example.responses("order"))
    .toMatchObject([
      { state: "completed", answers: { csat: 5 }, hidden: { order_id: "5902181466241", order_value: 49 } },
    ]);
  expect(await page.evaluate(() => localStorage.getItem("askwell:shopify:order"))).toBeNull();
  expect(page.complaints).toEqual([]);
});

test("axe finds nothing on the pages", async () => {
  const page = await newPage();
  for (const path of ["", "products/box-of-four", "cart"]) {
    await page.goto(example.page + path);
    expect(await axeFinds(page), path).toEqual([]);
  }
});

test("the snippet, rendered as Shopify does: nothing of a customer's ends the script, and the secret stays away", async () => {
  type Render = (name: string, values?: object) => string;
  type Stand = { createLiquid(theme: string, globals: object): { renderFileSync: Render; parseAndRenderSync: Render } };
  const { createLiquid } = (await import(`${folder}/stand-in/liquid.mjs`)) as Stand;
  const shop = { money_format: "€{{amount}}" };
  const settings = { askwell_host: "https://feedback.example", askwell_site: "tea", askwell_secret: "Polina" };
  const render = (globals: object) =>
    createLiquid(`${folder}/theme`, {
      shop,
      settings,
      request: { design_mode: false, page_type: "cart", locale: { iso_code: "pl" } },
      ...globals,
    });
  const snippet = (globals: object) => render(globals).parseAndRenderSync("{% render 'askwell' %}");
  const currency = { iso_code: "JPY" };

  // Shopify's documentation has this pair.
  expect(render({}).parseAndRenderSync("{{ 'Polyjuice' | hmac_sha256: 'Polina' }}")).toBe(
    "8e0d5d65cff1242a4af66c8f4a32854fd5fb80edcc8aabe9b302b29c7c71dc20",
  );

  const html = snippet({
    customer: { id: 42, orders_count: 1 },
    cart: { item_count: 2, total_price: 100000, currency }, // ¥1,000: hundredths there too
  });
  const signature = createHmac("sha256", "Polina").update("42").digest("hex");
  expect(html).toContain(`askwell("identify", "42", { orders: 1, page_type: "cart" }, "${signature}");`);
  expect(html).toContain('askwell("cart", { value: 1000, currency: "JPY", items: 2 });');
  expect(html).toContain('src="https://feedback.example/w/tea.js" data-language="pl"');
  expect(html).not.toContain("Polina");

  const hostile = snippet({ customer: { id: "</script><b>", orders_count: 0 }, cart: { item_count: 0 } });
  expect(hostile).toContain('"\\u003c/script\\u003e\\u003cb\\u003e"');
  expect(hostile).toContain('askwell("cart");');
  expect(hostile.match(/<\/script>/g)).toHaveLength(2);
  for (const [, script] of hostile.matchAll(/<script>(.+?)<\/script>/gs)) new Function(script!);

  expect(snippet({ request: { design_mode: true } }).trim()).toBe(""); // the theme's editor
  expect(snippet({ settings: {} }).trim()).toBe("");

  const [{ settings: asked }] = JSON.parse(await readFile(`${folder}/theme/config/settings_schema.json`, "utf8"));
  expect(asked.map(({ id }: { id: string }) => id).sort()).toEqual(Object.keys(settings).sort());
});
