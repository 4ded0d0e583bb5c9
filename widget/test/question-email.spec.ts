import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { behavesAsQuestion, button, type Case, goesOn, isRefused, open, stored, title, useQuestions } from "./field.ts";
import { panel } from "./harness.ts";

const email: Case = { type: "email", placeholder: "name@example.com", consent: "You may write to me." };
useQuestions({
  plain: email,
  required: { ...email, required: true },
  filled: { ...email, help: "This helps.", prefill: { value: "ann@example.com" } },
  rtl: { ...email, in: "ar" },
  "no-tick": { type: "email", prefill: { trait: "address" } },
});

const field = (page: Page) => panel(page).getByRole("textbox", { name: title });
const tick = (page: Page) => panel(page).getByRole("checkbox", { name: "You may write to me." });

behavesAsQuestion({
  control: field,
  async byMouse(page) {
    await field(page).fill("ann@example.com");
    await panel(page).getByText("You may write to me.").click();
  },
  async byKeyboard(page) {
    await page.keyboard.type("ann@example.com");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
  },
  answers: { asked: "ann@example.com", "asked.consent": true },
  shows: (page) => expect.poll(() => field(page).inputValue()).toBe("ann@example.com"),
  tree: [
    '- group "What about this?":',
    "  - text: What about this?",
    "  - paragraph: This helps.",
    '  - textbox "What about this?":',
    "    - /placeholder: name@example.com",
    "    - text: ann@example.com",
    '  - checkbox "You may write to me."',
    "  - text: You may write to me.",
  ],
});

test.each(["ann", "ann@", "@example.com", "ann @example.com", "ann@example", "ann@example.com, bob@example.com"])(
  "%s is no address to write to",
  async (text) => {
    const page = await open("plain");
    await field(page).fill(text);
    await button(page).click();
    await isRefused(page, "Enter an email address, such as name@example.com.", field(page));
    expect(await field(page).getAttribute("aria-invalid")).toBe("true");
    await field(page).fill("ann@example.com");
    expect(await field(page).getAttribute("aria-invalid")).toBe("false");
  },
);

test("an address is taken only with the tick, and the tick alone is no answer", async () => {
  const page = await open("plain");
  await field(page).fill("ann@example.com");
  await page.keyboard.press("Enter");
  await isRefused(page, "Tick the box to go on.", tick(page));
  expect(await tick(page).getAttribute("aria-invalid")).toBe("true");
  expect(await field(page).getAttribute("aria-invalid")).toBe("false");
  await tick(page).check();
  await field(page).fill("");
  await button(page, "Skip").click();
  await goesOn(page);
  await panel(page).getByRole("radio", { name: "Yes" }).click();
  await expect.poll(() => stored(page, "plain")).toEqual({ after: true });
});

test("Back shows the tick too", async () => {
  const page = await open("plain");
  await field(page).fill("ann@example.com");
  await tick(page).check();
  await button(page).click();
  await goesOn(page);
  await button(page, "Back").click();
  await tick(page).waitFor();
  expect(await tick(page).isChecked()).toBe(true);
});

test("browsers know what it is; without words for a tick there is none; identify() may fill it in", async () => {
  const page = await open("no-tick", { traits: { address: "ann@example.com" } });
  expect(await tick(page).count()).toBe(0);
  expect(await field(page).evaluate(({ type, autocomplete }: HTMLInputElement) => ({ type, autocomplete }))).toEqual({
    type: "email",
    autocomplete: "email",
  });
  await button(page).click();
  await goesOn(page);
  await expect.poll(() => stored(page, "no-tick")).toEqual({ asked: "ann@example.com" });
});

test("the page may style the tick's line, as any other part", async () => {
  const page = await open("plain");
  await page.addStyleTag({ content: "askwell-survey::part(consent) { letter-spacing: 3px }" });
  expect(
    await panel(page)
      .locator("[part=consent]")
      .evaluate((e) => getComputedStyle(e).letterSpacing),
  ).toBe("3px");
});
