// The shop: a cart in localStorage, five pages, and GA4 events for whoever listens.
// Askwell is one of the listeners, so the shop needs no code of its own to tell it about the cart.
import { products } from "./products.js";
import { lang, t, translate } from "./texts.js";

window.dataLayer = window.dataLayer || [];
// Calls made before the Askwell script has loaded wait in this queue.
window.askwell =
  window.askwell ||
  function () {
    (window.askwell.q = window.askwell.q || []).push(arguments);
  };

const MOST = 10; // pieces of one product in an order
const FREE_FROM = 60;
const DELIVERY = 4.9;

const euros = new Intl.NumberFormat(lang, { style: "currency", currency: "EUR" });
const wholeEuros = new Intl.NumberFormat(lang, { style: "currency", currency: "EUR", maximumFractionDigits: 0 });
const $ = (selector, root = document) => root.querySelector(selector);

// The cart: {mug: 2, towel: 1}. Lines are its products with their quantity.

const load = (key) => JSON.parse(localStorage.getItem(key)) ?? {};
const save = (key, value) => localStorage.setItem(key, JSON.stringify(value));

const linesOf = (cart) =>
  products.filter(({ id }) => cart[id]).map((product) => ({ ...product, quantity: cart[product.id] }));
const sumOf = (lines) => Math.round(lines.reduce((sum, line) => sum + 100 * line.price * line.quantity, 0)) / 100;
const countOf = (lines) => lines.reduce((sum, line) => sum + line.quantity, 0);
const deliveryOf = (lines) => (sumOf(lines) >= FREE_FROM ? 0 : DELIVERY);

/** Tells the tag manager what happened, as GA4 wants it. Names stay English, so that reports do not split by language. */
function report(event, lines, more) {
  const items = lines.map((line) => ({
    item_id: line.id,
    item_name: line.name.en,
    price: line.price,
    quantity: line.quantity,
  }));
  window.dataLayer.push({ event, ecommerce: { currency: "EUR", value: sumOf(lines), items, ...more } });
}

function setQuantity(product, quantity) {
  const cart = load("shop.cart");
  const change = Math.min(quantity, MOST) - (cart[product.id] ?? 0);
  if (change === 0) return;
  cart[product.id] = Math.min(quantity, MOST);
  save("shop.cart", cart);
  report(change > 0 ? "add_to_cart" : "remove_from_cart", [{ ...product, quantity: Math.abs(change) }]);
  draw();
}

function addToCart(product, quantity) {
  setQuantity(product, (load("shop.cart")[product.id] ?? 0) + quantity);
  const message = t("In your cart: {name} × {n}", { name: product.name[lang], n: load("shop.cart")[product.id] });
  const link = Object.assign(document.createElement("a"), { href: "cart.html", textContent: t("Go to cart") });
  $(".notice").replaceChildren(message, " ", link);
  clearTimeout(addToCart.timer);
  addToCart.timer = setTimeout(() => $(".notice").replaceChildren(), 6000);
}

// Small pieces of pages.

/** A copy of a <template>, its elements filled with text by selector. */
function copy(template, texts) {
  const root = $(template).content.firstElementChild.cloneNode(true);
  translate(root);
  for (const [selector, text] of Object.entries(texts)) $(selector, root).textContent = text;
  return root;
}

function showPicture(img, product, size) {
  Object.assign(img, { src: `images/${product.id}.svg`, width: size, height: size });
}

function fillQuantities(select, selected) {
  const choices = Array.from({ length: MOST }, (_, i) => new Option(i + 1, i + 1, false, i + 1 === selected));
  select.replaceChildren(...choices);
}

/** Shows the lines and the sums of a cart or an order, wherever the page has a place for them. */
function drawSummary(lines) {
  $(".summary-lines")?.replaceChildren(
    ...lines.map((line) => {
      const row = copy("#summary-line", {
        ".name": `${line.name[lang]} ×\u00a0${line.quantity}`,
        ".amount": euros.format(line.price * line.quantity),
      });
      showPicture($("img", row), line, 48);
      return row;
    }),
  );
  const delivery = deliveryOf(lines);
  $(".subtotal").textContent = euros.format(sumOf(lines));
  $(".delivery").textContent = delivery ? euros.format(delivery) : t("Free");
  for (const total of document.querySelectorAll(".total")) total.textContent = euros.format(sumOf(lines) + delivery);
}

// The pages. `start` runs once; `draw` again whenever the cart may have changed.

const pages = {
  list: {
    start() {
      $(".products").append(
        ...products.map((product) => {
          const card = copy("#product", {
            ".name a": product.name[lang],
            ".text": product.text[lang],
            ".price": euros.format(product.price),
          });
          showPicture($("img", card), product, 400);
          for (const link of card.querySelectorAll("a")) link.href = `product.html?id=${product.id}`;
          $("button", card).ariaLabel = `${t("Add to cart")}: ${product.name[lang]}`;
          $("button", card).addEventListener("click", () => addToCart(product, 1));
          return card;
        }),
      );
    },
  },

  product: {
    start() {
      const id = new URLSearchParams(location.search).get("id");
      const product = products.find((candidate) => candidate.id === id);
      $(".product").hidden = !product;
      $(".missing").hidden = Boolean(product);
      if (!product) return;

      document.title = `${product.name[lang]} · Fernhill`;
      $("h1").textContent = product.name[lang];
      $(".product .price").textContent = euros.format(product.price);
      $(".product .text").textContent = product.text[lang];
      $(".product .details").textContent = product.details[lang];
      showPicture($(".product img"), product, 560);
      $(".product img").alt = product.name[lang];

      const form = $(".product form");
      fillQuantities(form.elements.quantity, 1);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        addToCart(product, Number(form.elements.quantity.value));
      });
    },
  },

  cart: {
    start() {
      report("view_cart", linesOf(load("shop.cart")));
    },
    draw(lines) {
      $(".full").hidden = lines.length === 0;
      $(".empty").hidden = lines.length > 0;
      const focused = document.activeElement.id; // the rows are made anew, the focus stays where it was
      $(".lines").replaceChildren(
        ...lines.map((line) => {
          const row = copy("#line", {
            ".name a": line.name[lang],
            ".each": t("{price} each", { price: euros.format(line.price) }),
            ".amount": euros.format(line.price * line.quantity),
          });
          showPicture($("img", row), line, 96);
          $(".name a", row).href = `product.html?id=${line.id}`;

          const select = $("select", row);
          fillQuantities(select, line.quantity);
          select.id = `quantity-${line.id}`;
          select.ariaLabel = `${t("Quantity")}: ${line.name[lang]}`;
          select.addEventListener("change", () => setQuantity(line, Number(select.value)));

          const remove = $("button", row);
          remove.ariaLabel = `${t("Remove")}: ${line.name[lang]}`;
          remove.addEventListener("click", () => {
            setQuantity(line, 0);
            $("main > :not([hidden]) > h1").focus();
          });
          return row;
        }),
      );
      document.getElementById(focused)?.focus();

      const missing = FREE_FROM - sumOf(lines);
      $(".until-free").textContent =
        missing > 0 ? t("Add {amount} more and delivery is free.", { amount: euros.format(missing) }) : "";
      drawSummary(lines);
    },
  },

  checkout: {
    start() {
      const form = $("form");
      const names = new Intl.DisplayNames(lang, { type: "region" });
      const countries = ["AT", "BE", "CZ", "DE", "ES", "FR", "IE", "IT", "NL", "PL"]
        .map((code) => new Option(names.of(code), code))
        .sort((a, b) => a.text.localeCompare(b.text, lang));
      form.elements.country.append(...countries);

      $("#example").addEventListener("click", () => {
        const example = {
          email: "anna@example.com",
          name: "Anna Nowak",
          street: "ul. Lipowa 7",
          postcode: "30-001",
          city: "Kraków",
          country: "PL",
          card: "4242 4242 4242 4242",
          expiry: "12/30",
          code: "123",
        };
        for (const [name, value] of Object.entries(example)) {
          form.elements[name].value = value;
          showError(form.elements[name]);
        }
      });
      form.addEventListener("input", ({ target }) => {
        if (target.ariaInvalid === "true") showError(target);
      });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const fields = [...form.elements].filter((field) => field.name);
        fields.forEach(showError);
        const wrong = fields.find((field) => !field.validity.valid);
        if (wrong) return wrong.focus();

        // A real shop would send the form here. This one keeps the order, without the address, and forgets the rest.
        save("shop.order", {
          id: `FH-${Date.now().toString(36).toUpperCase()}`,
          cart: load("shop.cart"),
          reported: false,
        });
        save("shop.cart", {});
        location.assign("order-complete.html");
      });

      const lines = linesOf(load("shop.cart"));
      if (lines.length > 0) report("begin_checkout", lines);
    },
    draw(lines) {
      $(".full").hidden = lines.length === 0;
      $(".empty").hidden = lines.length > 0;
      drawSummary(lines);
    },
  },

  complete: {
    start() {
      const order = load("shop.order");
      $(".full").hidden = !order.id;
      $(".empty").hidden = Boolean(order.id);
      if (order.id) {
        const lines = linesOf(order.cart);
        $(".order-id").textContent = order.id;
        drawSummary(lines);
        if (!order.reported) {
          report("purchase", lines, { transaction_id: order.id, shipping: deliveryOf(lines) });
          save("shop.order", { ...order, reported: true }); // a reload is not another purchase
        }
      }
      $("#support").addEventListener("click", talkToSupport);
    },
  },
};

/** Says under a field what is wrong with it, in the language of the page (the browser's own bubbles use the browser's). */
function showError(field) {
  const error = document.getElementById(field.getAttribute("aria-describedby"));
  field.ariaInvalid = !field.validity.valid;
  error.textContent = field.validity.valid
    ? ""
    : t(field.validity.valueMissing ? "Please fill this in." : field.dataset.wrong);
}

async function talkToSupport() {
  $("#support").disabled = true;
  $(".chat").hidden = false;
  $(".chat").replaceChildren();
  const chat = [
    ["you", t("Hello, I have not received a confirmation yet.")],
    ["agent", t("Thanks for asking! I have just sent it to you again.")],
    ["agent", t("Your issue is resolved.")],
  ];
  for (const [who, text] of chat) {
    const line = Object.assign(document.createElement("p"), { className: who, textContent: text });
    $(".chat").append(line);
    await new Promise((done) => setTimeout(done, 900));
  }
  $("#support").disabled = false;
  // The SDK call of this example: ask how easy that was, now that it is over.
  window.askwell?.("show", "support-ces");
}

// Start.

translate(document, { free: wholeEuros.format(FREE_FROM) });

for (const button of document.querySelectorAll(".languages button")) {
  button.ariaPressed = button.lang === lang;
  button.addEventListener("click", () => {
    localStorage.setItem("shop.lang", button.lang);
    location.reload();
  });
}

const page = pages[document.body.dataset.page];

function draw() {
  const lines = linesOf(load("shop.cart"));
  $(".cart-count").textContent = countOf(lines);
  page?.draw?.(lines);
}

page?.start();
draw();
addEventListener("storage", ({ key }) => key === "shop.cart" && draw()); // another tab changed it
addEventListener("pageshow", ({ persisted }) => persisted && draw()); // back from the browser's memory
