// The shop's own script. It speaks to dataLayer as GA4 has it, and knows nothing of Askwell.
window.dataLayer = window.dataLayer || [];
function gtag() {
  dataLayer.push(arguments);
}

// Consent, as a banner with Google's consent mode says it: first that nothing is granted, then what was chosen.
gtag("consent", "default", { analytics_storage: "denied", ad_storage: "denied" });
const choose = (analytics_storage) => {
  gtag("consent", "update", { analytics_storage });
  dataLayer.push({ event: "cookie_consent_update" });
};
const chosen = () => localStorage.getItem("nightjar:consent");
if (chosen()) choose(chosen());

const records = [
  { id: "nj-01", name: "Harbour Lights", by: "The Tin Choir", price: 24, sleeve: "harbour" },
  { id: "nj-02", name: "Slow Weather", by: "Ines Moor", price: 27, sleeve: "weather" },
  { id: "nj-03", name: "Night Train North", by: "Quartet 9", price: 22, sleeve: "train" },
  { id: "nj-04", name: "Paper Moons", by: "Odd Summer", price: 25, sleeve: "moons" },
];

/** How many of which, by id. */
const cart = () => JSON.parse(sessionStorage.getItem("nightjar:cart") ?? "{}");
const save = (now) => sessionStorage.setItem("nightjar:cart", JSON.stringify(now));

const item = ({ id, name, price }, quantity = 1) => ({ item_id: id, item_name: name, price, quantity });
const inCart = () => records.filter(({ id }) => cart()[id]).map((record) => item(record, cart()[record.id]));
const sum = (items) => items.reduce((total, { price, quantity }) => total + price * quantity, 0);

/** One of GA4's ecommerce events. */
function tell(event, items, more) {
  dataLayer.push({ ecommerce: null }); // so that nothing of the last one is left
  dataLayer.push({ event, ecommerce: { currency: "EUR", value: sum(items), items, ...more } });
}

const money = (value) => `€${value.toFixed(2)}`;

/** An element with a text, and what is in it. */
function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function drawCount() {
  document.getElementById("count").textContent = inCart().reduce((n, { quantity }) => n + quantity, 0);
}

function drawList(list) {
  for (const record of records) {
    const add = make("button", { type: "button", className: "button", textContent: "Add to cart" });
    add.setAttribute("aria-label", `Add to cart: ${record.name}`);
    add.addEventListener("click", () => {
      save({ ...cart(), [record.id]: (cart()[record.id] ?? 0) + 1 });
      tell("add_to_cart", [item(record)]);
      drawCount();
    });
    const sleeve = make("img", { src: `sleeves/${record.sleeve}.svg`, alt: "", width: 320, height: 320 });
    const text = make("div", {}, make("h2", { textContent: record.name }), make("p", { textContent: record.by }));
    const price = make("p", { className: "price", textContent: money(record.price) });
    list.append(make("li", {}, sleeve, text, make("div", { className: "buy" }, price, add)));
  }
}

function drawCart(table) {
  const items = inCart();
  document.getElementById("full").hidden = !items.length;
  document.getElementById("empty").hidden = !!items.length;
  table.replaceChildren();
  for (const one of items) {
    const remove = make("button", { type: "button", className: "plain", textContent: "Remove" });
    remove.setAttribute("aria-label", `Remove ${one.item_name}`);
    remove.addEventListener("click", () => {
      const { [one.item_id]: _, ...rest } = cart();
      save(rest);
      tell("remove_from_cart", [one]);
      drawCart(table);
      drawCount();
      document.querySelector("h1").focus();
    });
    const cells = [`${one.quantity} × ${one.item_name}`, money(one.price * one.quantity), remove];
    table.append(make("tr", {}, ...cells.map((cell) => make("td", {}, cell))));
  }
  document.getElementById("sum").textContent = money(sum(items));
}

document.addEventListener("DOMContentLoaded", () => {
  drawCount();
  const list = document.getElementById("records");
  if (list) drawList(list);

  const table = document.getElementById("cart");
  if (table) {
    drawCart(table);
    if (inCart().length) tell("view_cart", inCart());
    document.getElementById("order").addEventListener("click", () => tell("begin_checkout", inCart()));
  }

  if (document.getElementById("thanks") && inCart().length) {
    tell("purchase", inCart(), { transaction_id: `nj-${Date.now()}` });
    save({});
    drawCount();
  }

  document.getElementById("sign-in").addEventListener("click", (event) => {
    dataLayer.push({ event: "login", user_id: "c-204" });
    event.target.replaceWith(make("span", { textContent: "Hello, Ines" }));
  });

  const banner = document.getElementById("consent");
  banner.hidden = !!chosen();
  for (const button of banner.querySelectorAll("button"))
    button.addEventListener("click", () => {
      localStorage.setItem("nightjar:consent", button.value);
      choose(button.value);
      banner.hidden = true;
    });
  document.getElementById("reconsider").addEventListener("click", () => {
    banner.hidden = false;
    banner.querySelector("button").focus();
  });
});
