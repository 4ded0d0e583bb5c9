import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { behavesAsQuestion, button, type Case, goesOn, isRefused, open, stored, title, useQuestions } from "./field.ts";
import { panel } from "./harness.ts";

const date: Case = { type: "date" };
useQuestions({
  plain: date,
  required: { ...date, required: true },
  filled: { ...date, help: "This helps.", prefill: { value: "2026-01-31" } },
  "by-trait": { ...date, prefill: { trait: "born" } },
  rtl: { ...date, in: "ar" },
  bounded: { ...date, min: "2026-01-10", max: "2026-01-20" },
  from: { ...date, min: "2026-01-10" },
  past: { ...date, max: "today" },
  // Long over: today leaves no day, so that only the other bound is asked for.
  over: { ...date, required: true, min: "today", max: "2026-01-20" },
});

const field = (page: Page) => panel(page).getByLabel(title).and(panel(page).locator("input"));

behavesAsQuestion({
  control: field,
  byMouse: (page) => field(page).fill("2026-01-31"),
  async byKeyboard(page) {
    await page.keyboard.type("01312026");
    await page.keyboard.press("Enter");
  },
  answers: { asked: "2026-01-31" },
  shows: (page) => expect.poll(() => field(page).inputValue()).toBe("2026-01-31"),
  traits: { born: "2026-01-31" },
  tree: [
    '- group "What about this?":',
    "  - text: What about this?",
    "  - paragraph: This helps.",
    '  - textbox "What about this?": 2026-01-31',
  ],
});

test.each([
  ["bounded", "2026-01-09", "Check this answer. Jan 10, 2026 – Jan 20, 2026"],
  ["bounded", "2026-01-21", "Check this answer. Jan 10, 2026 – Jan 20, 2026"],
  ["from", "2026-01-09", "Check this answer. Jan 10, 2026 –"],
])("%s: %s is refused, and it is said which days are not", async (survey, day, words) => {
  const page = await open(survey);
  await field(page).fill(day);
  await button(page).click();
  await isRefused(page, words, field(page));
  expect(await field(page).getAttribute("aria-invalid")).toBe("true");
});

test.each(["2026-01-10", "2026-01-20"])("the bounds are days that can be chosen: %s", async (day) => {
  const page = await open("bounded");
  await field(page).fill(day);
  await button(page).click();
  await goesOn(page);
  await expect.poll(() => stored(page, "bounded")).toEqual({ asked: day });
});

// An hour before midnight in UTC, or after it, another day is on the visitor's calendar.
test.each([
  ["Pacific/Auckland", "2026-03-01T23:00:00Z", "2026-03-02"],
  ["America/Los_Angeles", "2026-03-02T01:00:00Z", "2026-03-01"],
])("today is the visitor's own: in %s", async (timezoneId, now, today) => {
  const page = await open("past", { timezoneId, before: (page) => page.clock.setFixedTime(new Date(now)) });
  expect(await field(page).getAttribute("max")).toBe(today);
});

test("half a date is not passed over in silence", async () => {
  const page = await open("plain");
  await field(page).focus();
  await page.keyboard.type("0131");
  await button(page, "Skip").click();
  await isRefused(page, /^Check this answer\.$/, field(page));
  await button(page, "Next").waitFor(); // it is no longer said that it can be skipped as it is
});

test("years have four digits", async () => {
  const page = await open("plain");
  await field(page).evaluate((one: HTMLInputElement) => {
    one.value = "12026-01-31";
    one.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await button(page).click();
  await isRefused(page, /^Check this answer\.$/, field(page));
});

test("a bound that today has overtaken leaves the other, and days to choose", async () => {
  const page = await open("over");
  await field(page).fill("2026-01-19");
  await button(page).click();
  await expect.poll(() => stored(page, "over")).toEqual({ asked: "2026-01-19" });
});
