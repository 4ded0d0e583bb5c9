import { expect, test } from "vitest";
import { choice } from "./harness.ts";
import { everyTypeDoes, form, open, textEnd } from "./question.ts";

everyTypeDoes({
  question: { type: "nps", low: "Not at all likely", high: "Extremely likely" },
  mouse: (page) => choice(page, 9).click(),
  keys: Array<string>(9).fill("ArrowRight"),
  answer: 9,
  values: ["9"],
  prefill: { value: 0, values: ["0"], trait: "0" },
  refused: { says: "Please answer this question." },
  aria: [
    'radiogroup "The question"',
    'radio "0 Not at all likely"',
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((point) => `radio "${point}"`),
    'radio "10 Extremely likely"',
  ],
});

test.each([
  ["one row with a mouse", {}, [11]],
  ["two on a phone", { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true }, [6, 5]],
  ["two in a narrow window", { viewport: { width: 320, height: 800 } }, [6, 5]],
])("%s, and the ends' names beside their ends", async (_, options, rows) => {
  const page = await open("plain", options);
  const labels = await form(page).locator("label").all();
  const points = await Promise.all(labels.map(async (label) => (await label.boundingBox())!));
  const tops = points.map(({ y }) => y);
  expect([...new Set(tops)].map((top) => tops.filter((one) => one === top).length)).toEqual(rows);

  const [first, last] = [points[0]!, points[10]!];
  const names = form(page).locator("#l span");
  const low = (await names.first().boundingBox())!;
  expect(Math.abs(low.x - first.x)).toBeLessThan(1);
  expect(low.y < first.y).toBe(rows.length > 1);
  expect(Math.abs((await textEnd(names.last())) - last.x - last.width)).toBeLessThan(2);
  expect((await names.last().boundingBox())!.y).toBeGreaterThan(last.y);
});
