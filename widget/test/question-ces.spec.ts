import { expect, test } from "vitest";
import { choice } from "./harness.ts";
import { asked, everyTypeDoes, nextTitle, open, roles, stored } from "./question.ts";

const question = { type: "ces", low: "Very difficult", high: "Very easy" } as const;
const points = [2, 3, 4, 5, 6].map((point) => `radio "${point}"`);

everyTypeDoes({
  question,
  more: { first: { ...question, direction: "easiest_first" } },
  mouse: (page) => choice(page, 6).click(),
  keys: Array<string>(5).fill("ArrowRight"),
  answer: 6,
  values: ["6"],
  prefill: { value: 1, values: ["1"], trait: 1 },
  refused: { says: "Please answer this question." },
  aria: ['radiogroup "The question"', 'radio "1 Very difficult"', ...points, 'radio "7 Very easy"'],
});

test("7 is the easiest, whichever end is read first", async () => {
  const page = await open("first");
  const drawn = await roles(page);
  expect(drawn.slice(1)).toEqual(['radio "7 Very easy"', ...[...points].reverse(), 'radio "1 Very difficult"']);
  await page.locator("askwell-survey label").first().click();
  await asked(page, nextTitle);
  await stored(page, "first", { q: 7 });
});
