import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import {
  behavesAsQuestion,
  button,
  type Case,
  goesOn,
  isRefused,
  open,
  phone,
  stored,
  title,
  useQuestions,
} from "./field.ts";
import { panel } from "./harness.ts";

const text: Case = { type: "text", placeholder: "Write here", max_length: 40 };
useQuestions({
  plain: text,
  required: { ...text, required: true },
  filled: { ...text, help: "This helps.", prefill: { value: "Quick and kind." } },
  "by-trait": { ...text, prefill: { trait: "said" } },
  rtl: { ...text, in: "ar" },
  long: { type: "text", size: "long", min_length: 5 },
  short: { type: "text", size: "short", max_length: 30 },
  compact: { ...text, theme: { density: "compact" } },
  "compact-line": { ...text, size: "short", theme: { density: "compact" } },
  tiny: { type: "text", size: "short", max_length: 5, prefill: { trait: "said" } },
});

const field = (page: Page) => panel(page).getByRole("textbox", { name: title });
const counter = (page: Page) => panel(page).getByText(/characters? left$/);

behavesAsQuestion({
  control: field,
  async byMouse(page) {
    await field(page).click();
    await page.keyboard.type("Quick and kind.");
  },
  async byKeyboard(page) {
    await page.keyboard.type("Quick and kind.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
  },
  answers: { asked: "Quick and kind." },
  shows: (page) => expect.poll(() => field(page).inputValue()).toBe("Quick and kind."),
  traits: { said: "Quick and kind." },
  tree: [
    '- group "What about this?":',
    "  - text: What about this?",
    "  - paragraph: This helps.",
    '  - textbox "What about this?":',
    "    - /placeholder: Write here",
    "    - text: Quick and kind.",
    "  - text: 25 characters left",
  ],
});

test("a long one has lines, and a short one has not: there, Enter sends", async () => {
  const long = await open("long");
  await field(long).focus();
  await long.keyboard.type("One");
  await long.keyboard.press("Enter");
  await long.keyboard.type("two");
  await button(long).click();
  await goesOn(long);
  await expect.poll(() => stored(long, "long")).toEqual({ asked: "One\ntwo" });
  const short = await open("short");
  await field(short).focus();
  await short.keyboard.type("One");
  await short.keyboard.press("Enter");
  await goesOn(short);
  await expect.poll(() => stored(short, "short")).toEqual({ asked: "One" });
});

test("a long one is higher, and grows up to a limit", async () => {
  const page = await open("long");
  const height = async () => (await field(page).boundingBox())!.height;
  expect(await height()).toBeGreaterThan(90);
  await field(page).fill("Line\n".repeat(40));
  expect(await height()).toBe(200);
});

test("one that is too short is told what is missing, but may be left out", async () => {
  const page = await open("long");
  await field(page).fill("abc  ");
  await button(page).click();
  await isRefused(page, "Write at least 5 characters.", field(page));
  expect(await field(page).getAttribute("aria-invalid")).toBe("true");
  await field(page).fill("  ");
  await button(page, "Skip").click();
  await goesOn(page);
});

test("a counter says what is left, aloud only where that is little, and ends there", async () => {
  const page = await open("short");
  const says = async (left: string, live: string) => {
    await expect.poll(() => counter(page).textContent()).toBe(left);
    expect(await counter(page).getAttribute("aria-live")).toBe(live);
  };
  await says("30 characters left", "off");
  await field(page).focus();
  await page.keyboard.type("123456789");
  await says("21 characters left", "off");
  await page.keyboard.type("0");
  await says("20 characters left", "polite");
  await page.keyboard.type("1");
  await says("19 characters left", "off");
  await page.keyboard.type("234567890");
  await says("10 characters left", "polite");
  await page.keyboard.type("123456789");
  await says("1 character left", "off");
  await page.keyboard.type("0");
  await says("0 characters left", "polite");
  await page.keyboard.type("xyz");
  expect(await field(page).inputValue()).toHaveLength(30);
  const described = await field(page).evaluate((one) =>
    one
      .getAttribute("aria-describedby")!
      .split(" ")
      .map((id) => (one.getRootNode() as ShadowRoot).getElementById(id)?.textContent)
      .filter(Boolean),
  );
  expect(described).toContain("0 characters left");
});

test("there is no counter where the survey sets no limit", async () => {
  const page = await open("long");
  expect(await counter(page).count()).toBe(0);
});

test("what is filled in is cut at the limit", async () => {
  const page = await open("tiny", { traits: { said: "Quick and kind." } });
  expect(await field(page).inputValue()).toBe("Quick");
  await button(page).click();
  await goesOn(page);
  await expect.poll(() => stored(page, "tiny")).toEqual({ asked: "Quick" });
});

test.each(["compact", "compact-line"])("an iPhone does not zoom in on it: %s", async (survey) => {
  const page = await open(survey, phone);
  const size = await field(page).evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
});
