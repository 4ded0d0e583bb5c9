import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Definition } from "../../sdk/src/wire.ts";
import {
  asks,
  type Collector,
  choice,
  newPage,
  panel,
  ready,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;

const all: Definition = {
  id: "all",
  name: "Every type",
  languages: ["en"],
  questions: [
    {
      id: "nps",
      type: "nps",
      title: "How likely?",
      low: "Not at all likely",
      high: "Extremely likely",
      required: true,
    },
    {
      id: "csat",
      type: "csat",
      title: "How satisfied?",
      labels: ["Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"],
    },
    { id: "ces", type: "ces", title: "How easy?", low: "Very difficult", high: "Very easy" },
    {
      id: "reason",
      type: "single_choice",
      title: "Why?",
      choices: [
        { id: "price", label: "Price" },
        { id: "other", label: "Other" },
      ],
    },
    {
      id: "why",
      type: "text",
      title: "Tell us more",
      required: true,
      max_length: 20,
      show_if: { reason: { eq: "other" } } as never,
    },
  ],
  endings: [{ if: { nps: { lte: 6 } } as never, title: "We are sorry." }, { title: "Thank you!" }],
};

beforeAll(async () => {
  collector = await startCollector();
  const hostile = "<style>*{all:unset !important}body *,askwell-survey{display:none !important}</style>";
  origin = await servePages((path) =>
    plainPage(`${collector.url}/w/shop.js`, path === "/hostile" ? hostile : "<input id=own>"),
  );
  await collector.publish("shop", [origin], [all]);
});

async function ask(path = "/", options: Parameters<typeof newPage>[0] = {}) {
  const page = await newPage(options);
  await page.goto(origin + path);
  await ready(page);
  await page.evaluate(() => window.askwell!("show", "all"));
  await choice(page, 0).waitFor();
  return page;
}
const next = (page: Page) => panel(page).getByRole("button", { name: /^(Next|Send)$/ });
const answers = async (page: Page) => {
  const visitor = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!).visitor);
  return (await collector.responses("shop", "all")).find((response) => response.visitor === visitor)?.answers;
};

test("one tap answers and goes on; a condition skips what it hides; the ending fits", async () => {
  const page = await ask();
  await choice(page, 3).click();
  await asks(page, "How satisfied?");
  await choice(page, 4).click();
  await asks(page, "How easy?");
  await choice(page, 7).click();
  await choice(page, "price").click();
  await panel(page).getByText("We are sorry.").waitFor();
  await expect.poll(() => answers(page)).toEqual({ nps: 3, csat: 4, ces: 7, reason: "price" });
});

test("the whole survey by keyboard alone; arrow keys choose and never advance", async () => {
  const page = await ask();
  await page.locator("#own").focus();
  // Tab from the page's own field reaches the survey, which has taken no focus by itself.
  await expect
    .poll(async () => {
      await page.keyboard.press("Tab");
      return page.evaluate(() => document.activeElement?.localName);
    })
    .toBe("askwell-survey");
  for (const question of ["How likely?", "How satisfied?", "How easy?", "Why?"]) {
    await panel(page).getByText(question, { exact: true }).waitFor();
    await panel(page).locator("input").first().focus();
    await page.keyboard.press("ArrowRight");
    await panel(page).locator("input:checked").waitFor();
    await panel(page).getByText(question, { exact: true }).waitFor();
    await page.keyboard.press("Enter");
  }
  await panel(page).getByRole("textbox").focus();
  await page.keyboard.type("By keyboard");
  await next(page).press("Enter");
  await panel(page).getByText("We are sorry.").waitFor();
  await expect.poll(() => answers(page)).toEqual({ nps: 1, csat: 2, ces: 2, reason: "other", why: "By keyboard" });
});

test("a required question says so beside the field, and waits", async () => {
  const page = await ask();
  for (const value of [9, 5, 7, "other"]) await choice(page, value).click();
  await next(page).click();
  await panel(page).getByRole("alert").filter({ hasText: /\S/ }).waitFor();
  expect(await panel(page).getByRole("textbox").getAttribute("aria-invalid")).toBe("true");
  await panel(page).getByRole("textbox").fill("x".repeat(30));
  expect(await panel(page).getByRole("textbox").inputValue()).toHaveLength(20);
  await next(page).click();
  await panel(page).getByText("Thank you!").waitFor();
});

test("it takes no focus, keeps its keys to itself, and Escape closes it only from inside", async () => {
  const page = await ask();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await page.evaluate(() => {
    Object.assign(window, { keys: 0 });
    document.addEventListener("keydown", () => ((window as unknown as { keys: number }).keys += 1));
  });
  await page.keyboard.press("Escape");
  expect(await panel(page).count()).toBe(1);
  await choice(page, 5).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Escape");
  expect(await panel(page).count()).toBe(0);
  expect(await page.evaluate(() => (window as unknown as { keys: number }).keys)).toBe(1);
});

test("the page's CSS neither hides nor changes it", async () => {
  const page = await ask("/hostile");
  await choice(page, 9).click();
  await asks(page, "How satisfied?");
});

test.each([
  ["a desktop", { viewport: { width: 1280, height: 800 } }],
  [
    "a phone in the dark",
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "dark" as const },
  ],
  ["the narrowest screen", { viewport: { width: 320, height: 568 } }],
])("axe finds nothing on %s, and every part is on the screen", async (_, options) => {
  const page = await ask("/", { ...options, reducedMotion: "reduce" });
  const axe = await readFile(`${root}widget/node_modules/axe-core/axe.min.js`, "utf8");
  await page.evaluate(axe);
  for (const value of [9, 5, 7, "other"]) {
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      return (await axe.run("askwell-survey")).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(found).toEqual([]);
    const box = (await panel(page).locator("[part=panel]").boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(options.viewport.width);
    expect(box.y + box.height).toBeLessThanOrEqual(options.viewport.height);
    if (options.viewport.width === 390) {
      for (const radio of await panel(page).locator("label").all()) {
        const { width, height } = (await radio.boundingBox())!;
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
      }
    }
    await choice(page, value).click();
  }
});

test("what was begun is there again after Back, and is no answer until it is sent", async () => {
  const page = await ask();
  await choice(page, 9).click();
  for (let i = 0; i < 2; i++) await panel(page).getByRole("button", { name: "Skip" }).click();
  await choice(page, "other").click();
  await panel(page).getByRole("textbox").fill("Begun");
  await panel(page).getByRole("button", { name: "Back" }).click();
  await asks(page, "Why?");
  await expect.poll(() => answers(page)).toEqual({ nps: 9, reason: "other" });
  await choice(page, "other").click();
  expect(await panel(page).getByRole("textbox").inputValue()).toBe("Begun");
});
