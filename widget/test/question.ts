// What holds for every type of question, and what the specs of the types share.
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Definition, Question } from "../../sdk/src/wire.ts";
import { type Collector, newPage, panel, ready, root, servePages, startCollector, useBrowser } from "./harness.ts";
import { publish } from "./moment.ts";
import { plainPage } from "./surveys.ts";

type Without<T, Key extends string> = T extends unknown ? Omit<T, Key> : never;
/** A question, but for what is the same in all specs. */
export type Asked = Without<Question, "id" | "title">;

export const title = "The question";
export const nextTitle = "Anything else?";

let collector: Collector;
let origin: string;

/** Makes a survey of each of these questions, by its name; another follows, to come back from. One called fa is in Persian. */
function useQuestions(questions: Record<string, Asked>): void {
  useBrowser();
  beforeAll(async () => {
    collector = await startCollector();
    origin = await servePages(() => plainPage(`${collector.url}/w/shop.js`, "<input id=own>"));
    const surveys = Object.entries(questions).map(
      ([id, question]): Definition => ({
        id,
        name: id,
        languages: [id === "fa" ? "fa" : "en"],
        questions: [{ id: "q", title, ...question } as Question, { id: "more", type: "text", title: nextTitle }],
      }),
    );
    await publish(collector, { site: "shop", origins: [origin] }, surveys);
  });
}

/** Opens the survey of this name, on a page whose visitor has these traits. */
export async function open(
  name: string,
  options: Parameters<typeof newPage>[0] = {},
  traits: Record<string, string | number> = {},
) {
  const page = await newPage({ reducedMotion: "reduce", ...options });
  await page.goto(origin);
  await ready(page);
  await page.evaluate(
    ([name, traits]) => {
      window.askwell!("identify", undefined as never, traits);
      window.askwell!("show", name);
    },
    [name, traits] as const,
  );
  await asked(page);
  return page;
}

export const asked = (page: Page, question = title) => panel(page).getByText(question, { exact: true }).waitFor();
export const form = (page: Page) => panel(page).locator("form");
export const button = (page: Page, name: string) => form(page).getByRole("button", { name, exact: true });
export const alert = (page: Page) => form(page).locator("[role=alert]");

/** Waits until this is what the collector has of the only visitor's answer, and of what derives from it. */
export async function stored(page: Page, survey: string, answers: object): Promise<void> {
  const visitor = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!).visitor);
  await expect
    .poll(async () => (await collector.responses("shop", survey)).find((one) => one.visitor === visitor)?.answers)
    .toEqual(answers);
}

/** The values of all that is chosen. */
export const chosen = (page: Page): Promise<string[]> =>
  form(page)
    .locator("input:checked")
    .evaluateAll((inputs) => (inputs as HTMLInputElement[]).map(({ value }) => value));

/** Whether it has the focus. */
export const focused = (control: Locator): Promise<boolean> => control.evaluate((one) => one.matches(":focus"));

/** The roles and names of what is no text, as the accessibility tree has them. */
export async function roles(page: Page): Promise<string[]> {
  const lines = (await form(page).locator("fieldset").first().ariaSnapshot()).split("\n");
  return lines
    .filter((line) => !/- (text|paragraph|img|status)/.test(line))
    .map((line) => line.replace(/^ *- |:$/g, ""));
}

/** Where its text ends. */
export const textEnd = (one: Locator): Promise<number> =>
  one.evaluate((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect().right;
  });

/** What axe-core finds in the survey. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(`${root}widget/node_modules/axe-core/axe.min.js`, "utf8"));
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    return (await axe.run("askwell-survey")).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

/** Phones are held at 390 pixels; 320 is the narrowest that WCAG's reflow asks for. */
const screens: [string, number, NonNullable<Parameters<typeof newPage>[0]>][] = [
  ["a desktop", 24, { viewport: { width: 1280, height: 800 } }],
  ["a narrow window", 24, { viewport: { width: 320, height: 800 } }],
  ...[390, 320].map((width): [string, number, object] => [
    `a phone of ${width} pixels, in the dark`,
    44,
    { viewport: { width, height: 800 }, hasTouch: true, isMobile: true, colorScheme: "dark" },
  ]),
];

/** The same tests for each type. */
export function everyTypeDoes(one: {
  /** Not required, and without help. */
  question: Asked;
  /** What else the spec asks, by the survey's name. */
  more?: Record<string, Asked>;
  /** What a mouse does to answer, and to come to the next question. */
  mouse(page: Page): Promise<void>;
  /** From the first control on; the button follows. */
  keys: string[];
  /** What is stored then. */
  answer: unknown;
  /** The values that are chosen then. */
  values: string[];
  /** Another answer to begin with, and what is chosen then. */
  prefill: { value: unknown; values: string[]; trait?: string | number };
  /** What is said where a required one is left out, and the control that has the focus then. */
  refused?: { says: string; focus?: string };
  /** Roles and names: the group's, and those in it. */
  aria: string[];
}): void {
  const { question, answer, values, prefill, refused } = one;
  useQuestions({
    plain: question,
    required: { ...question, required: true, help: "What helps." },
    value: { ...question, prefill: { value: prefill.value } },
    ...(prefill.trait !== undefined && { trait: { ...question, prefill: { trait: "known" } } }),
    ...one.more,
  });

  test("answered with the mouse", async () => {
    const page = await open("plain");
    await one.mouse(page);
    await asked(page, nextTitle);
    await stored(page, "plain", { q: answer });
    expect(page.complaints).toEqual([]);
  });

  test("answered with the keyboard alone; nothing goes on by itself; Back shows the answer again", async () => {
    const page = await open("plain");
    await page.locator("#own").focus();
    const inside = () => page.evaluate(() => document.activeElement?.localName === "askwell-survey");
    do await page.keyboard.press("Tab");
    while (!(await inside()));
    for (const key of one.keys) await page.keyboard.press(key);
    await asked(page);
    const next = button(page, "Next");
    for (let i = 0; i < 20 && !(await focused(next)); i++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await asked(page, nextTitle);
    await stored(page, "plain", { q: answer });

    await button(page, "Back").press("Enter");
    await asked(page);
    expect(await chosen(page)).toEqual(values);
    // The focus does not fall back to the page.
    expect(await inside()).toBe(true);
    await next.press("Enter");
    await asked(page, nextTitle);
    await stored(page, "plain", { q: answer });
  });

  test("not required, it can be skipped", async () => {
    const page = await open("plain");
    await button(page, "Skip").click();
    await asked(page, nextTitle);
    await form(page).getByRole("textbox").fill("No");
    await button(page, "Send").click();
    await stored(page, "plain", { more: "No" });
  });

  if (refused)
    test("required, it says what is missing beside the field, and waits", async () => {
      const page = await open("required");
      expect(await button(page, "Skip").count()).toBe(0);
      await button(page, "Next").press("Enter");
      await asked(page);
      expect(await alert(page).textContent()).toBe(refused.says);
      const box = (await alert(page).boundingBox())!;
      const above = (await form(page).locator("fieldset").first().boundingBox())!;
      expect(box.y - above.y - above.height).toBeLessThan(24);
      const field = form(page).locator("[aria-invalid=true]");
      expect(await field.getAttribute("aria-describedby")).toMatch(/\be\b/);
      expect(
        await focused(
          form(page)
            .locator(refused.focus ?? "input")
            .first(),
        ),
      ).toBe(true);
      expect(await violations(page)).toEqual([]);

      await one.mouse(page);
      await asked(page, nextTitle);
      await stored(page, "required", { q: answer });
    });

  test("the help is shown, and belongs to the field", async () => {
    const page = await open("required");
    const help = panel(page).getByText("What helps.");
    expect(await help.isVisible()).toBe(true);
    const id = (await help.getAttribute("id"))!;
    expect(await form(page).locator("fieldset").first().getAttribute("aria-describedby")).toMatch(
      new RegExp(`\\b${id}\\b`),
    );
  });

  const traits: [string, Record<string, string | number>][] = [["value", {}]];
  if (prefill.trait !== undefined) traits.push(["trait", { known: prefill.trait }]);
  test.each(traits)("what is filled in by a %s is shown, and is the answer once it was sent", async (name, traits) => {
    const page = await open(name, {}, traits);
    expect(await chosen(page)).toEqual(prefill.values);
    await button(page, "Next").click();
    await asked(page, nextTitle);
    await stored(page, name, { q: prefill.value });
  });

  test("what assistive technology is told", async () => {
    const page = await open("plain");
    expect(await roles(page)).toEqual(one.aria);
  });

  test.each(screens)(
    "on %s: nothing is cut off, nothing is too small, and axe finds nothing",
    async (_, least, options) => {
      const page = await open("plain", options);
      await fits(page, least);
      expect(await violations(page)).toEqual([]);
    },
  );
}

/** All targets are on the card, apart from each other, and at least so large. */
export async function fits(page: Page, least: number): Promise<void> {
  const card = (await panel(page).locator("[part=panel]").boundingBox())!;
  const boxes: { x: number; y: number; width: number; height: number }[] = [];
  for (const target of await form(page).locator("label,li button").all()) {
    const box = (await target.boundingBox())!;
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(least);
    expect(box.x).toBeGreaterThanOrEqual(card.x);
    expect(box.x + box.width).toBeLessThanOrEqual(card.x + card.width);
    boxes.push(box);
  }
  expect(boxes.length).toBeGreaterThan(1);
  const overlap = boxes.some((a, i) =>
    boxes
      .slice(i + 1)
      .some((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
  );
  expect(overlap).toBe(false);
}
