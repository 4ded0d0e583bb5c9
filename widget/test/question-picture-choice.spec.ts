import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import { behavesAsQuestion, type Case, desktop, goesOn, open, phone, useQuestions } from "./field.ts";
import { choice, panel } from "./harness.ts";

const picture: Case = {
  type: "picture_choice",
  choices: [
    { id: "classic", label: "Classic", image: "/classic.svg" },
    { id: "modern", label: "Modern", image: "/modern.svg" },
    { id: "plain", label: "Plain and simple, of one colour", image: "/plain.svg" },
  ],
};
const drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="900"><rect width="400" height="900"/></svg>';
const draw = (route: Route) => route.fulfill({ contentType: "image/svg+xml", body: drawn });
useQuestions(
  {
    plain: picture,
    required: { ...picture, required: true },
    filled: { ...picture, help: "This helps.", prefill: { value: "modern" } },
    "by-trait": { ...picture, prefill: { trait: "look" } },
    rtl: { ...picture, in: "ar" },
  },
  (page) => page.route(/\.svg$/, draw),
);

const pictures = (page: Page) => panel(page).locator("img");

behavesAsQuestion({
  control: (page) => choice(page, "classic"),
  byMouse: (page) => choice(page, "modern").click(),
  async byKeyboard(page) {
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
  },
  answers: { asked: "modern" },
  shows: (page) => expect.poll(() => choice(page, "modern").isChecked()).toBe(true),
  tap: true,
  traits: { look: "modern" },
  tree: [
    '- radiogroup "What about this?":',
    "  - text: What about this?",
    "  - paragraph: This helps.",
    '  - radio "Classic"',
    "  - text: Classic",
    '  - radio "Modern" [checked]',
    "  - text: Modern",
    '  - radio "Plain and simple, of one colour"',
    "  - text: Plain and simple, of one colour",
  ],
});

/** Where the tiles are. */
const places = (page: Page) =>
  panel(page)
    .locator("label")
    .evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));

test.each([
  ["a phone", phone],
  ["the narrowest screen", { ...phone, viewport: { width: 320, height: 568 } }],
  ["a desktop", desktop],
])("two stand side by side on %s", async (_, options) => {
  const page = await open("plain", options);
  const tops = (await places(page)).map((box) => JSON.parse(box).top);
  expect(tops[0]).toBe(tops[1]);
  expect(tops[2]).toBeGreaterThan(tops[0]);
});

test("nothing moves when a picture comes, or does not; one that does not come leaves its label", async () => {
  let come: () => void = () => {};
  const waits = new Promise<void>((resolve) => (come = resolve));
  const page = await open("plain", {
    before: (page) =>
      page.route(/\.svg$/, async (route) => {
        await waits;
        return route.request().url().endsWith("/plain.svg") ? route.abort() : draw(route);
      }),
  });
  expect(await pictures(page).count()).toBe(3);
  const before = await places(page);
  come();
  await expect
    .poll(() => pictures(page).evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalHeight)))
    .toEqual([900, 900]);
  expect(await places(page)).toEqual(before);
  expect(await panel(page).getByText("Plain and simple, of one colour").isVisible()).toBe(true);
  await choice(page, "plain").click();
  await goesOn(page);
});
