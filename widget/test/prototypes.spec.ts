import { beforeAll, expect, test } from "vitest";
import type { Definition } from "../../sdk/src/wire.ts";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { plainPage } from "./surveys.ts";

// Pages whose scripts changed what all objects have.

const survey: Definition = {
  id: "nps",
  name: "NPS",
  languages: ["en"],
  questions: [
    { id: "nps", type: "nps", title: "How likely?" },
    { id: "why", type: "text", title: "Why?" },
  ],
};

const pages: Record<string, string> = {
  "Prototype 1.6": `
    String.prototype.toJSON = function () { return this.inspect ? this.inspect(true) : '"' + this + '"' };
    Number.prototype.toJSON = function () { return isFinite(this) ? this.toString() : "null" };
    Array.prototype.toJSON = function () { return "[" + this.map(Object.toJSON).join(", ") + "]" };
    Date.prototype.toJSON = function () { return '"' + this.getFullYear() + '"' };
    Object.toJSON = JSON.stringify;
    Object.keys = function (object) { var keys = []; for (var name in object) keys.push(name); return keys };
    Object.values = function (object) { var values = []; for (var name in object) values.push(object[name]); return values };
    Array.prototype.each = Array.prototype._each = Array.prototype.forEach;
    Array.prototype.reverse = (function (reverse) { return function (inline) { return reverse.call(inline !== false ? this : this.slice()) } })(Array.prototype.reverse);`,
  "Prototype 1.7": `
    Array.prototype.toJSON = Array.prototype.toJSON || function () { return Object.toJSON(this) };
    String.prototype.toJSON = function () { return "s" };
    Object.toJSON = function (value) { return String(value) };`,
  "a toJSON for every object": `Object.prototype.toJSON = function () { return "spoilt" };`,
  "a toJSON that throws": `Object.prototype.toJSON = Array.prototype.toJSON = String.prototype.toJSON = Date.prototype.toJSON = function () { throw new Error("mine") };`,
  "members for every object and list": `
    Object.prototype.mine = function () {}; Object.prototype.plan = "theirs"; Array.prototype.last = function () {};`,
};

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const [, name] = decodeURIComponent(path).split("/");
    const spoil = `<script>${pages[name!]}</script>`;
    return plainPage(`${collector.url}/w/shop.js`, spoil);
  });
  await collector.publish("shop", [origin], [survey]);
});

test.each(Object.keys(pages))("%s spoils no answer, also not one that goes on after a reload", async (name) => {
  const page = await newPage();
  await page.goto(`${origin}/${name}`);
  await ready(page);
  await page.evaluate((user) => {
    window.askwell!("identify", user, { seats: 3 });
    window.askwell!("cart", { value: 49.9, currency: "EUR", items: 2 });
    window.askwell!("show", "nps");
  }, name);
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").waitFor();
  await page.reload();
  await panel(page).getByRole("textbox").fill('Says "no"');
  await panel(page).getByRole("button", { name: "Send" }).click();
  await expect
    .poll(async () => (await collector.responses("shop", "nps")).filter(({ user }) => user === name))
    .toEqual([
      expect.objectContaining({
        state: "completed",
        answers: { nps: 9, why: 'Says "no"' },
        traits: { seats: 3 },
        cart: { value: 49.9, currency: "EUR", items: 2 },
        trigger: { type: "api" },
      }),
    ]);
  await expect
    .poll(() => page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.includes(":response:")).length))
    .toBe(0);
});
