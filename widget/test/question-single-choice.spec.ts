import { expect, test } from "vitest";
import { choice } from "./harness.ts";
import { asked, button, chosen, everyTypeDoes, focused, form, nextTitle, open, stored, title } from "./question.ts";

const choices = [
  { id: "price", label: "Price" },
  { id: "time", label: "Delivery takes too long" },
  { id: "look", label: "Only looking around" },
];
const other = { id: "else", label: "Something else", other: true };
const many = Array.from({ length: 12 }, (_, i) => ({ id: `c${i}`, label: `Choice ${i}` }));

everyTypeDoes({
  question: { type: "single_choice", choices },
  more: {
    other: { type: "single_choice", choices: [...choices, other] },
    mixed: { type: "single_choice", choices: many, shuffle_first: 10 },
  },
  mouse: (page) => choice(page, "time").click(),
  keys: ["ArrowDown"],
  answer: "time",
  values: ["time"],
  prefill: { value: "look", values: ["look"], trait: "look" },
  refused: { says: "Please answer this question." },
  aria: ['radiogroup "The question"', ...choices.map(({ label }) => `radio "${label}"`)],
});

test("the card is as high with a choice as without", async () => {
  const page = await open("mixed");
  const height = async () => (await choice(page, "c0").boundingBox())!.height;
  const before = await height();
  await choice(page, "c0").focus();
  await page.keyboard.press("Space");
  expect(await chosen(page)).toEqual(["c0"]);
  expect(await height()).toBe(before);
});

const field = (page: Awaited<ReturnType<typeof open>>) => form(page).getByRole("textbox", { name: "Please specify" });

test("other opens its field and waits; what is written there is sent, and is there again on the way back", async () => {
  const page = await open("other");
  expect(await field(page).count()).toBe(0);
  await choice(page, "else").click();
  await field(page).waitFor();
  await asked(page, title);
  expect(await focused(field(page))).toBe(true);
  await page.keyboard.type(" Too blue ");
  await page.keyboard.press("Enter");
  await asked(page, nextTitle);
  await stored(page, "other", { q: "else", "q.other": "Too blue" });

  await button(page, "Back").click();
  await asked(page);
  expect(await chosen(page)).toEqual(["else"]);
  expect(await field(page).inputValue()).toBe("Too blue");
});

test("what is written beside a choice that was left is not sent, and a tap on another goes on", async () => {
  const page = await open("other");
  await choice(page, "else").click();
  await page.keyboard.type("Too blue");
  await choice(page, "price").click();
  await asked(page, nextTitle);
  await stored(page, "other", { q: "price" });
});

test("other may stay without words", async () => {
  const page = await open("other");
  await choice(page, "else").click();
  await button(page, "Next").click();
  await asked(page, nextTitle);
  await stored(page, "other", { q: "else" });
});

test("arrow keys pass over other: the field opens next to it, and takes no focus", async () => {
  const page = await open("other");
  await choice(page, "price").focus();
  await page.keyboard.press("ArrowUp");
  expect(await chosen(page)).toEqual(["else"]);
  expect(await focused(choice(page, "else"))).toBe(true);
  await page.keyboard.press("Tab");
  expect(await focused(field(page))).toBe(true);
});

test("on a touch screen no keyboard comes up by itself", async () => {
  const page = await open("other", { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  await choice(page, "else").tap();
  await field(page).waitFor();
  expect(await focused(field(page))).toBe(false);
});

test("those to be mixed come in random order, the rest stay last, and Back keeps the order", async () => {
  const order = (page: Awaited<ReturnType<typeof open>>) => form(page).locator("label").allTextContents();
  const page = await open("mixed");
  const first = await order(page);
  const labels = many.map(({ label }) => label);
  expect([...first].sort()).toEqual([...labels].sort());
  expect(first.slice(10)).toEqual(labels.slice(10));
  // One in 3.6 million orders is the one that was written.
  expect(first).not.toEqual(labels);
  await choice(page, "c3").click();
  await asked(page, nextTitle);
  await button(page, "Back").click();
  await asked(page);
  expect(await order(page)).toEqual(first);
  expect(await order(await open("mixed"))).not.toEqual(first);
});
