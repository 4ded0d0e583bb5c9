import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { behavesAsQuestion, button, type Case, goesOn, isRefused, open, stored, useQuestions } from "./field.ts";
import { panel } from "./harness.ts";

const contact: Case = {
  type: "contact",
  fields: ["name", "email", "phone", "company"],
  consent: "You may call me.",
};
const ann = { name: "Ann Lee", email: "ann@example.com", phone: "+48 600 100 200", company: "Lee & Sons" };
useQuestions({
  plain: contact,
  required: { ...contact, required: true },
  filled: { ...contact, help: "This helps.", prefill: { value: ann } },
  rtl: { ...contact, in: "ar" },
  short: { type: "contact", fields: ["company", "name"] },
});

const field = (page: Page, name: string) => panel(page).getByRole("textbox", { name, exact: true });
const tick = (page: Page) => panel(page).getByRole("checkbox", { name: "You may call me." });
const labels = ["Name", "Email", "Phone", "Company"];
const written = (page: Page) => Promise.all(labels.map((label) => field(page, label).inputValue()));

behavesAsQuestion({
  control: (page) => field(page, "Name"),
  async byMouse(page) {
    for (const [i, label] of labels.entries()) {
      await panel(page).getByText(label, { exact: true }).click();
      await page.keyboard.type(Object.values(ann)[i]!);
    }
    await panel(page).getByText("You may call me.").click();
  },
  async byKeyboard(page) {
    for (const value of Object.values(ann)) {
      await page.keyboard.type(value);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
  },
  answers: { asked: ann, "asked.consent": true },
  shows: (page) => expect.poll(() => written(page)).toEqual(Object.values(ann)),
  tree: [
    '- group "What about this?":',
    "  - text: What about this?",
    "  - paragraph: This helps.",
    "  - text: Name",
    '  - textbox "Name": Ann Lee',
    "  - text: Email",
    '  - textbox "Email": ann@example.com',
    "  - text: Phone",
    '  - textbox "Phone": +48 600 100 200',
    "  - text: Company",
    '  - textbox "Company": Lee & Sons',
    '  - checkbox "You may call me."',
    "  - text: You may call me.",
  ],
});

test("some of the fields are an answer; blanks alone are none", async () => {
  const page = await open("plain");
  await field(page, "Name").fill("   ");
  await field(page, "Phone").fill(" +48 600 100 200 ");
  await tick(page).check();
  await button(page).click();
  await goesOn(page);
  await expect
    .poll(() => stored(page, "plain"))
    .toEqual({
      asked: { phone: "+48 600 100 200" },
      "asked.consent": true,
    });
});

const refused: [string, string, Record<string, string>, string, string][] = [
  ["a bad address", "plain", { Name: "Ann", Email: "ann@example" }, "Email", "Enter an email address"],
  ["no tick", "plain", { Name: "Ann" }, "tick", "Tick the box to go on."],
  [
    "one that is missing of those required",
    "required",
    { Name: "Ann", Email: ann.email, Company: "x" },
    "Phone",
    "Please answer",
  ],
  [
    "blanks where it is required",
    "required",
    { Name: "Ann", Email: ann.email, Phone: "  ", Company: "x" },
    "Phone",
    "Please answer",
  ],
  ["a missing address, as missing", "required", { Name: "Ann", Phone: "1", Company: "x" }, "Email", "Please answer"],
];
test.each(refused)(
  "%s is said at the field that it is about, and at no other",
  async (_, survey, fills, label, words) => {
    const page = await open(survey);
    for (const [name, value] of Object.entries(fills)) await field(page, name).fill(value);
    await button(page).click();
    const at = label === "tick" ? tick(page) : field(page, label);
    await isRefused(page, words, at);
    expect(await panel(page).locator("[aria-invalid=true]").count()).toBe(1);
    expect(await at.getAttribute("aria-invalid")).toBe("true");
  },
);

test("browsers know what each field is, in the order of the survey", async () => {
  const known = (page: Page) =>
    panel(page)
      .getByRole("textbox")
      .evaluateAll((fields) =>
        fields.map((one) => `${(one as HTMLInputElement).type} ${(one as HTMLInputElement).autocomplete}`),
      );
  expect(await known(await open("plain"))).toEqual(["text name", "email email", "tel tel", "text organization"]);
  expect(await known(await open("short"))).toEqual(["text organization", "text name"]);
});
