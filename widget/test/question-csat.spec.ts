import { expect, test } from "vitest";
import { choice } from "./harness.ts";
import { asked, everyTypeDoes, fits, form, nextTitle, open, roles, stored, violations } from "./question.ts";

const five = ["Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"];
const seven = ["Extremely dissatisfied", ...five, "Extremely satisfied"];
const looks = ["numbers", "stars", "emoji"] as const;

everyTypeDoes({
  question: { type: "csat", labels: five },
  more: {
    unnamed: { type: "csat", look: "emoji" },
    ...Object.fromEntries(looks.map((look) => [`${look}5`, { type: "csat", labels: five, look }])),
    ...Object.fromEntries(looks.map((look) => [`${look}7`, { type: "csat", points: 7, labels: seven, look }])),
  },
  mouse: (page) => choice(page, 4).click(),
  keys: Array<string>(3).fill("ArrowRight"),
  answer: 4,
  values: ["4"],
  prefill: { value: 2, values: ["2"], trait: 2 },
  refused: { says: "Please answer this question." },
  aria: ['radiogroup "The question"', ...five.map((label, i) => `radio "${i + 1} ${label}"`)],
});

const phone = { viewport: { width: 320, height: 800 }, hasTouch: true, isMobile: true };

test.each(looks.flatMap((look) => [5, 7].map((points) => [look, points] as const)))(
  "drawn as %s, %d points: the name of the one in hand stands below the row, in place of the ends' names",
  async (look, points) => {
    const page = await open(look + points);
    const ends = form(page).locator("#l");
    const inHand = () =>
      form(page)
        .locator("bdi")
        .evaluateAll((names) =>
          names.filter((one) => getComputedStyle(one).opacity === "1").map((one) => one.textContent),
        );
    expect(await inHand()).toEqual([]);
    expect(await ends.isVisible()).toBe(true);

    await choice(page, 2).press("Space");
    await choice(page, 3).hover();
    const labels = points === 7 ? seven : five;
    expect(await inHand()).toEqual([labels[2]]);
    await page.mouse.move(1, 1);
    expect(await inHand()).toEqual([labels[1]]);
    expect(await ends.isVisible()).toBe(false);
    const name = (await form(page).locator("bdi").nth(1).boundingBox())!;
    const row = (await form(page).locator("label").first().boundingBox())!;
    expect(name.y).toBeGreaterThan(row.y + row.height);
    expect(await violations(page)).toEqual([]);

    await choice(page, points).click();
    await asked(page, nextTitle);
    await stored(page, look + points, { q: points });
  },
);

test.each(looks)("7 points drawn as %s fit on the narrowest phone", async (look) => {
  await fits(await open(`${look}7`, phone), 44);
});

test("stars are filled up to the one that is pointed at, else to the one that is chosen", async () => {
  const page = await open("stars5");
  const filled = () =>
    form(page)
      .locator("label span")
      .evaluateAll((stars) => {
        const colours = stars.map((star) => getComputedStyle(star).color);
        return colours.filter((colour) => colour === "rgb(91, 91, 214)").length;
      });
  expect(await filled()).toBe(0);
  await choice(page, 2).press("Space");
  expect(await filled()).toBe(2);
  await choice(page, 4).hover();
  expect(await filled()).toBe(4);
  await choice(page, 1).hover();
  expect(await filled()).toBe(1);
});

test("faces without names say their numbers", async () => {
  const page = await open("unnamed");
  expect((await roles(page)).slice(1)).toEqual([1, 2, 3, 4, 5].map((point) => `radio "${point}"`));
});
