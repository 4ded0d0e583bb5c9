import { expect, test } from "vitest";
import { choice } from "./harness.ts";
import { asked, everyTypeDoes, form, nextTitle, open, roles, stored } from "./question.ts";

everyTypeDoes({
  question: { type: "thumbs" },
  more: {
    named: { type: "thumbs", up: "Yes, it was", down: "Not really" },
    long: { type: "thumbs", up: "Selbstverständlich, gern", down: "Unglücklicherweise nicht" },
  },
  mouse: (page) => choice(page, "true").click(),
  keys: ["Space"],
  answer: true,
  values: ["true"],
  prefill: { value: false, values: ["false"], trait: "false" },
  refused: { says: "Please answer this question." },
  aria: ['radiogroup "The question"', 'radio "Yes"', 'radio "No"'],
});

test("a name with a long word has a row of its own, and no word is broken", async () => {
  const page = await open("long", { viewport: { width: 320, height: 568 } });
  const names = await form(page)
    .locator(".thumbs label span")
    .evaluateAll((all) =>
      all.map((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        return { lines: lines.size, top: one.getBoundingClientRect().top };
      }),
    );
  expect(names.map(({ lines }) => lines)).toEqual([1, 1]);
  expect(names[0]!.top).toBeLessThan(names[1]!.top);
});

test("in forced colours the thumbs have the text's colour", async () => {
  const page = await open("named", { forcedColors: "active" });
  const colours = (one: Element) => [getComputedStyle(one, "::before").borderTopColor, getComputedStyle(one).color];
  const [thumb, text] = await choice(page, "true").locator("+ span").evaluate(colours);
  expect(thumb).toBe(text);
});

test("a thumb down is an answer, and has the name that the survey gives it", async () => {
  const page = await open("named");
  expect((await roles(page)).slice(1)).toEqual(['radio "Yes, it was"', 'radio "Not really"']);
  await choice(page, "false").click();
  await asked(page, nextTitle);
  await stored(page, "named", { q: false });
});
