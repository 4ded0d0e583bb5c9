import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { panel } from "./harness.ts";
import { alert, asked, button, everyTypeDoes, focused, form, nextTitle, open, stored } from "./question.ts";

const rows = [
  { id: "price", label: "Price" },
  { id: "pack", label: "Quality of the packaging" },
  { id: "time", label: "Delivery" },
];
const columns = [
  { id: "bad", label: "Dissatisfied" },
  { id: "so", label: "Neither" },
  { id: "good", label: "Satisfied" },
];
const ten = Array.from({ length: 10 }, (_, i) => ({ id: `c${i}`, label: `Column ${i}` }));
const row = (page: Page, name: string) => form(page).getByRole("radiogroup", { name, exact: true });
const cell = (page: Page, of: string, name: string) => row(page, of).getByRole("radio", { name, exact: true });

everyTypeDoes({
  question: { type: "matrix", rows, columns },
  more: {
    ten: { type: "matrix", rows, columns: ten },
    twenty: {
      type: "matrix",
      rows: ten.flatMap(({ id, label }) => [
        { id, label },
        { id: `${id}2`, label },
      ]),
      columns,
    },
  },
  async mouse(page) {
    await cell(page, "Price", "Satisfied").click();
    await cell(page, "Quality of the packaging", "Dissatisfied").click();
    await asked(page);
    await cell(page, "Delivery", "Neither").click();
    await button(page, "Next").click();
  },
  keys: ["ArrowLeft", "Tab", "Space", "Tab", "ArrowRight"],
  answer: { price: "good", pack: "bad", time: "so" },
  values: ["good", "bad", "so"],
  prefill: { value: { price: "bad", time: "good" }, values: ["bad", "good"] },
  refused: { says: "Answer every row." },
  aria: [
    'group "The question"',
    ...rows.flatMap(({ label }) => [`radiogroup "${label}"`, ...columns.map((one) => `radio "${one.label}"`)]),
  ],
});

test("a part of the rows is an answer, but where it is required", async () => {
  const page = await open("plain");
  await cell(page, "Delivery", "Satisfied").click();
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "plain", { q: { time: "good" } });

  const required = await open("required");
  await cell(required, "Price", "Satisfied").click();
  await cell(required, "Delivery", "Satisfied").click();
  await button(required, "Next").click();
  expect(await alert(required).textContent()).toBe("Answer every row.");
  // The row that is left has the focus, and the colour of what is wrong.
  expect(await focused(cell(required, "Quality of the packaging", "Dissatisfied"))).toBe(true);
  const colour = (name: string) =>
    row(required, name)
      .locator("legend")
      .evaluate((one) => getComputedStyle(one).color);
  expect(await colour("Quality of the packaging")).not.toBe(await colour("Price"));
  expect(await colour("Delivery")).toBe(await colour("Price"));
});

test("a grid with heads over its columns, where there is room", async () => {
  const page = await open("plain");
  for (const [i, { label }] of columns.entries()) {
    const head = (await form(page)
      .locator(".columns span")
      .nth(i + 1)
      .boundingBox())!;
    for (const { label: of } of rows) {
      const box = (await cell(page, of, label).boundingBox())!;
      expect(Math.abs(box.x + box.width / 2 - head.x - head.width / 2)).toBeLessThan(1);
      expect(box.y).toBeGreaterThan(head.y);
      // In one line with the row's own name.
      const name = (await row(page, of).locator("legend").boundingBox())!;
      expect(Math.abs(box.y + box.height / 2 - name.y - name.height / 2)).toBeLessThan(1);
      expect(name.x + name.width).toBeLessThanOrEqual(box.x + 1);
    }
  }
});

test("the heads stay in view over a long grid, and do not cover what closes it", async () => {
  const page = await open("twenty");
  await form(page).evaluate((one) => one.scrollTo(0, one.scrollHeight));
  const head = (await form(page).locator(".columns").boundingBox())!;
  const first = (await row(page, "Column 0").first().boundingBox())!;
  const card = (await panel(page).locator("[part=panel]").boundingBox())!;
  expect(first.y).toBeLessThan(card.y);
  const x = (await panel(page).getByRole("button", { name: "Close" }).boundingBox())!;
  expect(head.y).toBeGreaterThan(card.y);
  expect(head.y).toBeGreaterThanOrEqual(x.y + x.height);
  await panel(page).getByRole("button", { name: "Close" }).click();
  await panel(page).waitFor({ state: "detached" });
});

test("on a phone a list, in which each choice says what it is", async () => {
  const page = await open("plain", { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  expect(await form(page).locator(".columns").isVisible()).toBe(false);
  const boxes = await Promise.all(
    (await row(page, "Price").locator("label").all()).map(async (one) => (await one.boundingBox())!),
  );
  expect(new Set(boxes.map(({ x }) => x)).size).toBe(1);
  for (const { label } of columns) {
    const text = row(page, "Price").getByText(label, { exact: true });
    expect(await text.evaluate((one) => parseFloat(getComputedStyle(one).fontSize))).toBeGreaterThan(12);
  }
});

test.each([1280, 700, 640, 390, 320])("ten columns fit a window of %d pixels", async (width) => {
  const page = await open("ten", { viewport: { width, height: 800 } });
  const over = await form(page).evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(over).toBe(0);
});
