// Stands in for Shopify, which runs on Shopify's servers alone: renders the theme with objects as Shopify has them,
// keeps a cart, signs a customer in, and shows a thank-you page with the custom pixel in its frame.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createLiquid } from "./liquid.mjs";

const { PORT, ASKWELL_HOST, ASKWELL_KEY, ASKWELL_SITE } = process.env;
const here = import.meta.dirname;
const theme = join(here, "../theme");

const reply = await fetch(`${ASKWELL_HOST}/v1/sites/${ASKWELL_SITE}/secret`, {
  method: "POST",
  headers: { Authorization: `Bearer ${ASKWELL_KEY}` },
});
if (!reply.ok) throw new Error(`the collector made no secret: ${await reply.text()}`);
const { secret } = await reply.json();

const shop = { name: "Second Flush", currency: "EUR", money_format: "€{{amount}}" };
const settings = { askwell_host: ASKWELL_HOST, askwell_site: ASKWELL_SITE, askwell_secret: secret };
const products = JSON.parse(readFileSync(join(here, "products.json"), "utf8"));
const ada = { id: 6814271537473, first_name: "Ada", last_name: "Byron", email: "ada@example.com", orders_count: 3 };

/** What is in the cart and who is signed in, by the session's cookie. */
const sessions = new Map();

function cartOf({ quantities }) {
  const items = products
    .filter(({ variants }) => quantities[variants[0].id])
    .map((product) => {
      const quantity = quantities[product.variants[0].id];
      return { product, quantity, title: product.title, final_line_price: product.price * quantity };
    });
  const sum = (of) => items.reduce((total, item) => total + of(item), 0);
  const total_price = sum((item) => item.final_line_price);
  return { items, item_count: sum((item) => item.quantity), total_price, currency: { iso_code: shop.currency } };
}

/** A page of the theme. */
function render(session, page_type, page_title, more = {}) {
  const globals = {
    shop,
    settings,
    cart: cartOf(session),
    customer: session.customer,
    collections: { all: { products } },
    request: { page_type, design_mode: false, locale: { iso_code: "en" } },
    template: { name: page_type, suffix: more.product?.template_suffix ?? null },
    ...more,
  };
  const liquid = createLiquid(theme, globals);
  const content_for_layout = liquid.renderFileSync(page_type, {});
  const content_for_header = '<script src="/cdn/shopify.js"></script>';
  return liquid.renderFileSync("theme", { page_title, content_for_layout, content_for_header });
}

/** Of Shopify, not of the theme: no theme's script runs here, only pixels do. */
function thankYou({ order }) {
  const page = readFileSync(join(here, "thank-you.html"), "utf8");
  const event = { id: "sh-1", name: "checkout_completed", type: "standard", data: { checkout: order } };
  return page
    .replace("{{event}}", () => JSON.stringify(event).replaceAll("<", "\\u003c"))
    .replace("{{number}}", order.order.id);
}

const files = {
  "/cdn/assets/style.css": [join(theme, "assets/style.css"), "text/css"],
  "/cdn/shopify.js": [join(here, "shopify.js"), "text/javascript"],
  "/cdn/pixel.js": [join(here, "../pixel.js"), "text/javascript"],
  "/cdn/sandbox.html": [join(here, "sandbox.html"), "text/html; charset=utf-8"],
  "/cdn/thank-you.js": [join(here, "thank-you.js"), "text/javascript"],
};

async function answer(request, session) {
  const { pathname } = new URL(request.url, "http://localhost");
  if (request.method === "POST") {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (pathname === "/cart/add") {
      const id = new URLSearchParams(body).get("id");
      session.quantities[id] = (session.quantities[id] ?? 0) + 1;
      return { to: "/cart" };
    }
    if (pathname === "/account/login") {
      session.customer = ada;
      return { to: request.headers.referer ?? "/" };
    }
    if (pathname === "/checkouts/complete") {
      const { total_price, item_count } = cartOf(session);
      if (!item_count) return { to: "/cart" };
      session.order = {
        token: "c1-7f3e",
        currencyCode: shop.currency,
        totalPrice: { amount: total_price / 100, currencyCode: shop.currency },
        order: { id: "5902181466241", customer: { id: session.customer ? String(ada.id) : null } },
      };
      session.quantities = {};
      return { to: "/checkouts/c1-7f3e/thank-you" };
    }
    return undefined;
  }
  const file = files[pathname];
  if (file) return { body: readFileSync(file[0]), type: file[1] };
  if (pathname === "/") return { body: render(session, "index", "Home") };
  if (pathname === "/cart") return { body: render(session, "cart", "Your cart") };
  if (pathname.endsWith("/thank-you") && session.order) return { body: thankYou(session) };
  const product = products.find(({ url }) => url === pathname);
  return product && { body: render(session, "product", product.title, { product }) };
}

createServer(async (request, reply) => {
  if (!URL.canParse(request.url, "http://localhost")) return void reply.writeHead(400).end();
  const known = /(?:^|; )session=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
  const id = sessions.has(known) ? known : crypto.randomUUID().replaceAll("-", "");
  if (id !== known) {
    sessions.set(id, { quantities: {} });
    reply.setHeader("Set-Cookie", `session=${id}; Path=/; HttpOnly; SameSite=Lax`);
  }
  const { body, type = "text/html; charset=utf-8", to } = (await answer(request, sessions.get(id))) ?? {};
  if (to) reply.writeHead(303, { Location: to }).end();
  else if (body) reply.writeHead(200, { "Content-Type": type }).end(body);
  else reply.writeHead(404, { "Content-Type": "text/plain" }).end("There is no such page.\n");
}).listen(PORT, "localhost");
