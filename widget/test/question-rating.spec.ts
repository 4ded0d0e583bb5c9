import { expect, test } from "vitest";
import { choice } from "./harness.ts";
import { asked, everyTypeDoes, fits, form, nextTitle, open, stored } from "./question.ts";

const question = { type: "rating", low: "Poor", high: "Excellent" } as const;
const looks = ["stars", "numbers"] as const;
const sizes = [2, 6, 7, 8, 10];

everyTypeDoes({
  question,
  more: {
    ...Object.fromEntries(
      looks.flatMap((look) => sizes.map((points) => [`${look}${points}`, { ...question, look, points }])),
    ),
    fa: { ...question, look: "numbers", points: 10 },
  },
  mouse: (page) => choice(page, 4).click(),
  keys: Array<string>(3).fill("ArrowRight"),
  answer: 4,
  values: ["4"],
  prefill: { value: 5, values: ["5"], trait: 5 },
  refused: { says: "Please answer this question." },
  aria: [
    'radiogroup "The question"',
    'radio "1 Poor"',
    ...[2, 3, 4].map((point) => `radio "${point}"`),
    'radio "5 Excellent"',
  ],
});

test.each(looks.flatMap((look) => sizes.map((points) => [points, look] as const)))(
  "%d points drawn as %s fit a card, and the narrowest phone, where the last can be tapped",
  async (points, look) => {
    await fits(await open(look + points), 24);
    const page = await open(look + points, { viewport: { width: 320, height: 800 }, hasTouch: true, isMobile: true });
    await fits(page, 44);
    expect(await form(page).getByRole("radio").count()).toBe(points);
    await choice(page, points).tap();
    await asked(page, nextTitle);
    await stored(page, look + points, { q: points });
  },
);

test("the numbers are written as in the survey's language", async () => {
  const page = await open("fa");
  const numbers = await form(page).locator("label span").allTextContents();
  expect(numbers.join(" ")).toBe("۱ ۲ ۳ ۴ ۵ ۶ ۷ ۸ ۹ ۱۰");
  await choice(page, 10).click();
  await asked(page, nextTitle);
  await stored(page, "fa", { q: 10 });
});
