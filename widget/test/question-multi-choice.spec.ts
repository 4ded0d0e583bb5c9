import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { choice } from "./harness.ts";
import {
  alert,
  asked,
  button,
  chosen,
  everyTypeDoes,
  focused,
  form,
  nextTitle,
  open,
  stored,
  violations,
} from "./question.ts";

const choices = [
  { id: "price", label: "Price" },
  { id: "time", label: "Delivery" },
  { id: "pack", label: "Packaging" },
  { id: "people", label: "Service" },
];
const other = { id: "else", label: "Something else", other: true };
const none = { id: "none", label: "None of these", none: true };
const all = [...choices, other, none];

everyTypeDoes({
  question: { type: "multi_choice", choices },
  more: {
    all: { type: "multi_choice", choices: all },
    some: { type: "multi_choice", choices: all, min: 2, max: 3 },
    must: { type: "multi_choice", choices: all, min: 2, required: true },
    mixed: {
      type: "multi_choice",
      choices: [...choices, ...choices.map(({ id }) => ({ id: `${id}2`, label: id })), none],
      shuffle_first: 8,
    },
  },
  async mouse(page) {
    await choice(page, "people").click();
    await choice(page, "time").click();
    await button(page, "Next").click();
  },
  keys: ["Tab", "Space", "Tab", "Tab", "Space"],
  answer: ["time", "people"],
  values: ["time", "people"],
  prefill: { value: ["price"], values: ["price"], trait: "price" },
  refused: { says: "Please answer this question." },
  aria: ['group "The question"', ...choices.map(({ label }) => `checkbox "${label}"`)],
});

const field = (page: Page) => form(page).getByRole("textbox", { name: "Please specify" });

test("fewer than min are not taken, but none at all and none of these are", async () => {
  const page = await open("some");
  await choice(page, "price").click();
  await button(page, "Next").click();
  expect(await alert(page).textContent()).toBe("Choose at least 2 answers.");
  expect(await form(page).locator("fieldset").getAttribute("aria-invalid")).toBe("true");
  expect(await focused(choice(page, "price"))).toBe(true);
  await choice(page, "none").click();
  expect(await alert(page).textContent()).toBe("");
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "some", { q: ["none"] });

  const must = await open("must");
  await button(must, "Next").click();
  expect(await alert(must).textContent()).toBe("Choose at least 2 answers.");
});

test("a box more than max is refused, and it is said why", async () => {
  const page = await open("some");
  for (const id of ["price", "time", "pack"]) await choice(page, id).click();
  expect(await alert(page).textContent()).toBe("");
  await choice(page, "else").click();
  expect(await chosen(page)).toEqual(["price", "time", "pack"]);
  expect(await alert(page).textContent()).toBe("Choose at most 3 answers.");
  expect(await field(page).count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  // In place of one of them it is taken.
  await choice(page, "time").click();
  expect(await alert(page).textContent()).toBe("");
  await choice(page, "people").click();
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "some", { q: ["price", "pack", "people"] });
});

test("none of these goes with no other", async () => {
  const page = await open("all");
  await choice(page, "price").click();
  await choice(page, "else").click();
  await choice(page, "none").click();
  expect(await chosen(page)).toEqual(["none"]);
  expect(await field(page).count()).toBe(0);
  await choice(page, "pack").click();
  expect(await chosen(page)).toEqual(["pack"]);
});

test("other opens its field, which has the focus; what is written there is sent only while it is chosen", async () => {
  const page = await open("all");
  await choice(page, "else").press("Space");
  expect(await focused(field(page))).toBe(true);
  await page.keyboard.type("Music");
  await choice(page, "price").click();
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "all", { q: ["price", "else"], "q.other": "Music" });

  await button(page, "Back").click();
  await asked(page);
  expect(await field(page).inputValue()).toBe("Music");
  await choice(page, "else").click();
  expect(await field(page).count()).toBe(0);
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "all", { q: ["price"] });
});

test("those to be mixed come in random order, and none of these stays last", async () => {
  const orders = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const labels = await form(await open("mixed"))
      .locator("label")
      .allTextContents();
    expect(labels.at(-1)).toBe("None of these");
    orders.add(labels.join());
  }
  expect(orders.size).toBeGreaterThan(1);
});
