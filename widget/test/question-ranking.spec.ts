import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { asked, button, everyTypeDoes, focused, form, nextTitle, open, stored } from "./question.ts";

const choices = [
  { id: "price", label: "Price" },
  { id: "quality", label: "Quality" },
  { id: "speed", label: "Speed of $& delivery" },
];
const many = Array.from({ length: 8 }, (_, i) => ({ id: `c${i}`, label: `Choice ${i}` }));
const up = (label: string) => `button "Move ${label} up"`;
const down = (label: string) => `button "Move ${label} down"`;

everyTypeDoes({
  question: { type: "ranking", choices },
  more: { mixed: { type: "ranking", choices: many, shuffle: true } },
  async mouse(page) {
    await button(page, "Move Quality up").click();
    await button(page, "Next").click();
  },
  // The first button is the one that moves the first down.
  keys: ["Enter"],
  answer: ["quality", "price", "speed"],
  values: ["quality", "price", "speed"],
  prefill: { value: ["speed", "price", "quality"], values: ["speed", "price", "quality"] },
  aria: [
    'group "The question"',
    "list",
    "listitem",
    `${up("Price")} [disabled]`,
    down("Price"),
    "listitem",
    up("Quality"),
    down("Quality"),
    "listitem",
    up("Speed of $& delivery"),
    `${down("Speed of $& delivery")} [disabled]`,
  ],
});

const order = (page: Page) => form(page).locator("li").allTextContents();
const told = (page: Page) => form(page).getByRole("status").textContent();

test("a move is told, the focus stays on its button, and at an end goes to the other", async () => {
  const page = await open("plain");
  const [higher, lower] = [button(page, "Move Price up"), button(page, "Move Price down")];
  expect(await order(page)).toEqual(["1Price", "2Quality", "3Speed of $& delivery"]);
  await lower.focus();
  await page.keyboard.press("Enter");
  expect(await order(page)).toEqual(["1Quality", "2Price", "3Speed of $& delivery"]);
  expect(await told(page)).toBe("2 of 3");
  expect(await focused(lower)).toBe(true);
  await page.keyboard.press("Space");
  expect(await order(page)).toEqual(["1Quality", "2Speed of $& delivery", "3Price"]);
  expect(await told(page)).toBe("3 of 3");
  expect(await lower.isDisabled()).toBe(true);
  expect(await focused(higher)).toBe(true);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  expect(await order(page)).toEqual(["1Price", "2Quality", "3Speed of $& delivery"]);
  expect(await focused(lower)).toBe(true);
  // Back in the order that it came in, it was put there.
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "plain", { q: ["price", "quality", "speed"] });
});

test("required, Next takes the order as it stands", async () => {
  const page = await open("required");
  expect(await button(page, "Skip").count()).toBe(0);
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "required", { q: ["price", "quality", "speed"] });
});

test("shuffled, it begins in random order, and what is stored is the order that was seen", async () => {
  const page = await open("mixed");
  const first = await order(page);
  expect(first.map((item) => item.slice(1)).sort()).toEqual(many.map(({ label }) => label));
  expect(first).not.toEqual(await order(await open("mixed")));
  await form(page).getByRole("button", { name: / up$/ }).last().click();
  const moved = (await order(page)).map((item) => `c${item.at(-1)}`);
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "mixed", { q: moved });
  await button(page, "Back").click();
  await asked(page);
  expect((await order(page)).map((item) => `c${item.at(-1)}`)).toEqual(moved);
});
