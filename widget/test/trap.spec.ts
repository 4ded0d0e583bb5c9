import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  newPage,
  panel,
  ready,
  servePages,
  show,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(() => plainPage(`${collector.url}/w/shop.js`));
  await collector.publish("shop", [origin], [npsSurvey([])]);
});

async function ask(): Promise<Page> {
  const page = await newPage();
  await page.goto(origin);
  await show(page, "nps");
  return page;
}
const trap = (page: Page) => panel(page).locator("[name=subject]");
/** What the snapshots say of the trap that are sent from now on, by seq: but for the first, which says that it is shown. */
const said = (page: Page) => {
  const traps: Record<number, unknown> = {};
  page.on("request", (request) => {
    const batch = request.postDataJSON() as { responses: { seq: number; trap?: boolean }[] } | null;
    for (const { seq, trap } of batch?.responses ?? []) if (seq > 1) traps[seq] = trap ?? false;
  });
  return traps;
};

test("no pointer, no key and no screen reader comes to the trap", async () => {
  const page = await ask();
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press("Tab");
    expect(await trap(page).evaluate((field) => (field.getRootNode() as ShadowRoot).activeElement === field)).toBe(
      false,
    );
  }
  const found = await trap(page).evaluate((field) => {
    const { x, y, width, height } = field.getBoundingClientRect();
    const hits: boolean[] = [];
    for (let i = 0; i <= 10; i++)
      for (let j = 0; j <= 10; j++)
        hits.push(
          (field.getRootNode() as ShadowRoot).elementFromPoint(x + (width * i) / 10, y + (height * j) / 10) === field,
        );
    return { hit: hits.includes(true), displayed: getComputedStyle(field).display };
  });
  expect(found).toEqual({ hit: false, displayed: expect.not.stringMatching("none") });
  expect(await panel(page).getByRole("textbox").count()).toBe(0);
});

test("a program that fills in every field is told apart, for the whole response; a person is not", async () => {
  const person = await ask();
  const quiet = said(person);
  await choice(person, 9).click();
  await panel(person).getByRole("button", { name: "Skip" }).click();
  await expect.poll(() => quiet).toEqual({ 2: false, 3: false });

  const page = await ask();
  const traps = said(page);
  await trap(page).evaluate((field: HTMLInputElement) => (field.value = "Cheap watches"));
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").fill("Great site");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await expect.poll(() => traps).toEqual({ 2: true, 3: true });
});

test("one that is told apart stays so when the survey goes on after a reload", async () => {
  const page = await ask();
  await trap(page).evaluate((field: HTMLInputElement) => (field.value = "x"));
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").waitFor();
  await page.reload();
  await ready(page);
  const traps = said(page);
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await expect.poll(() => traps).toEqual({ 3: true });
});
