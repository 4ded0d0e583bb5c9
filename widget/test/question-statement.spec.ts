import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import {
  asked,
  button,
  type Case,
  goesOn,
  isNamed,
  looksRight,
  open,
  phone,
  stored,
  tabTo,
  useQuestions,
} from "./field.ts";
import { panel } from "./harness.ts";

const statement: Case = { type: "statement", text: "Returns are free.\nFor sixty days." };
const link = { label: "Read the terms", url: "https://shop.example/terms" };
useQuestions({
  plain: statement,
  filled: { ...statement, help: "This helps.", link, button: "Got it" },
  rtl: { ...statement, link, in: "ar" },
});

const says = (page: Page) => panel(page).getByText("Returns are free.");

test.each([
  ["by mouse", {}, (page: Page) => button(page).click()],
  ["by a tap", phone, (page: Page) => button(page).tap()],
  [
    "by keyboard alone",
    {},
    async (page: Page) => {
      await tabTo(page, button(page));
      await page.keyboard.press("Enter");
    },
  ],
])("it leads on %s, and makes no answer", async (_, options, leadOn) => {
  const page = await open("plain", options);
  await says(page).waitFor();
  await leadOn(page);
  await goesOn(page);
  await panel(page).getByRole("radio", { name: "Yes" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  await expect.poll(() => stored(page, "plain")).toEqual({ after: true });
  expect(page.complaints).toEqual([]);
});

test("Back comes to it again, and Enter leads on from its title, which has the focus then", async () => {
  const page = await open("plain");
  await button(page).click();
  await goesOn(page);
  await button(page, "Back").press("Enter");
  await says(page).waitFor();
  await expect.poll(() => asked(page).evaluate((one) => one.matches(":focus"))).toBe(true);
  await page.keyboard.press("Enter");
  await goesOn(page);
});

test("a key that is held leads on once", async () => {
  const page = await open("plain");
  await asked(page).focus();
  await asked(page).dispatchEvent("keydown", { key: "Enter", repeat: true });
  expect(await asked(page).count()).toBe(1);
  await asked(page).dispatchEvent("keydown", { key: "Enter" });
  await goesOn(page);
});

test("its button and its link say what they do; lines stay lines", async () => {
  const page = await open("filled");
  await panel(page).getByText("This helps.").waitFor();
  expect((await says(page).boundingBox())!.height).toBeGreaterThan(40);
  const to = panel(page).getByRole("link", { name: "Read the terms (opens in a new tab)" });
  expect(await to.getAttribute("href")).toBe(link.url);
  await page.context().route(link.url, (route) => route.fulfill({ body: "terms" }));
  const [tab] = await Promise.all([page.context().waitForEvent("page"), to.click()]);
  await tab.waitForURL(link.url);
  expect(await tab.evaluate(() => window.opener)).toBeNull();
  await button(page, "Got it").click();
  await goesOn(page);
});

test("it has roles and names", () =>
  isNamed("filled", [
    '- group "What about this?":',
    "  - text: What about this?",
    "  - paragraph: This helps.",
    "  - paragraph: Returns are free. For sixty days.",
    '  - link "Read the terms (opens in a new tab)":',
    "    - /url: https://shop.example/terms",
    "    - text: Read the terms",
  ]));

looksRight();
