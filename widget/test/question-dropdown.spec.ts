import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { behavesAsQuestion, button, type Case, goesOn, open, title, useQuestions } from "./field.ts";
import { panel } from "./harness.ts";

const dropdown: Case = {
  type: "dropdown",
  choices: [
    { id: "search", label: "A search engine" },
    { id: "friend", label: "A friend" },
    { id: "ad", label: "An advertisement" },
  ],
};
useQuestions({
  plain: dropdown,
  required: { ...dropdown, required: true },
  filled: { ...dropdown, help: "This helps.", prefill: { value: "friend" } },
  "by-trait": { ...dropdown, prefill: { trait: "source" } },
  rtl: { ...dropdown, in: "ar" },
});

const list = (page: Page) => panel(page).getByRole("combobox", { name: title });

behavesAsQuestion({
  control: list,
  // The open list is the browser's own, outside the page.
  byMouse: (page) => list(page).selectOption({ label: "A friend" }),
  async byKeyboard(page) {
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
  },
  answers: { asked: "friend" },
  shows: (page) => expect.poll(() => list(page).inputValue()).toBe("friend"),
  traits: { source: "friend" },
  tree: [
    '- group "What about this?":',
    "  - text: What about this?",
    "  - paragraph: This helps.",
    '  - combobox "What about this?":',
    '    - option "Choose…"',
    '    - option "A search engine"',
    '    - option "A friend" [selected]',
    '    - option "An advertisement"',
  ],
});

test("it begins with no choice, which can be gone back to", async () => {
  const page = await open("plain");
  expect(await list(page).locator("option").allTextContents()).toEqual([
    "Choose…",
    "A search engine",
    "A friend",
    "An advertisement",
  ]);
  expect(await list(page).locator(":checked").textContent()).toBe("Choose…");
  await list(page).selectOption("ad");
  await button(page, "Next").waitFor();
  await list(page).selectOption({ label: "Choose…" });
  await button(page, "Skip").click();
  await goesOn(page);
});

test("what is filled in and is none of the choices chooses none", async () => {
  const page = await open("by-trait", { traits: { source: "a shop" } });
  expect(await list(page).locator(":checked").textContent()).toBe("Choose…");
});
