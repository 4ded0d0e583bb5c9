// What is the same for types of question that are filled in: each spec names its questions, and what is done with them.
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Definition, Question } from "../../sdk/src/wire.ts";
import {
  asks,
  type Collector,
  newPage,
  panel,
  ready,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { plainPage } from "./surveys.ts";

type OptionsOf<Q> = Q extends Question ? Omit<Q, "id" | "title"> : never;
/** A question but for its name; in a language that is not English, or a theme of its own, where it says so. */
export type Case = OptionsOf<Question> & { in?: string; theme?: Definition["theme"] };

type Options = Parameters<typeof newPage>[0] & {
  traits?: Record<string, string>;
  /** Done before the page opens. */
  before?: (page: Page) => Promise<unknown>;
};

export const desktop = { viewport: { width: 1280, height: 800 } };
export const phone = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
export const title = "What about this?";

let collector: Collector;
let origin: string;

let everyPage: Options["before"];

/** Gives a spec file a browser, and a survey for each question: that one, and another after it. */
export function useQuestions(questions: Record<string, Case>, before?: Options["before"]): void {
  everyPage = before;
  useBrowser();
  beforeAll(async () => {
    collector = await startCollector();
    origin = await servePages((path) => (path === "/" ? plainPage(`${collector.url}/w/shop.js`) : undefined));
    await collector.publish(
      "shop",
      [origin],
      Object.entries(questions).map(
        ([id, { in: language = "en", theme, ...question }]) =>
          ({
            id,
            name: id,
            languages: [language],
            theme,
            questions: [
              { ...question, id: "asked", title },
              { id: "after", type: "thumbs", title: "And after it?" },
            ],
          }) as Definition,
      ),
    );
  });
}

/** A page of a new visitor on which a question is asked. */
export async function open(survey: string, { traits, before, ...options }: Options = {}) {
  const page = await newPage({ ...desktop, reducedMotion: "reduce", ...options });
  await everyPage?.(page);
  await before?.(page);
  await page.goto(origin);
  await ready(page);
  await page.evaluate(
    ([survey, traits]) => {
      if (traits) window.askwell!("identify", "u-1", traits);
      window.askwell!("show", survey);
    },
    [survey, traits] as const,
  );
  await asked(page).waitFor();
  return page;
}

/** What the collector has of the visitor of a page. */
export async function stored(page: Page, survey: string) {
  const visitor = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!).visitor);
  return (await collector.responses("shop", survey)).find((response) => response.visitor === visitor)?.answers;
}

/** The title of the question that is asked; a status says it too. */
export const asked = (page: Page) => panel(page).getByText(title, { exact: true });

export const button = (page: Page, name: string | RegExp = "Next") => panel(page).getByRole("button", { name });

/** The message beside the field. */
export const problem = (page: Page) => panel(page).getByRole("alert");

/** The next question is asked: this one was taken, or skipped. */
export const goesOn = (page: Page) => asks(page, "And after it?");

/** The answer is refused with these words, at this control. */
export async function isRefused(page: Page, words: string | RegExp, at: Locator): Promise<void> {
  await problem(page).getByText(words).waitFor();
  await expect.poll(() => at.evaluate((one) => one.matches(":focus"))).toBe(true);
  expect(await asked(page).count()).toBe(1);
}

/** Whether a control tells screen readers that it is wrong, and where that is said. */
export const tellsWrong = (control: Locator) =>
  control.evaluate(
    (one) =>
      one.getAttribute("aria-invalid") === "true" && one.getAttribute("aria-describedby")!.split(" ").includes("e"),
  );

/** Goes to a control as one does without a mouse. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let i = 0; i < 30; i++) {
    if (await control.evaluate((one) => one.matches(":focus"))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("no Tab comes to it");
}

/** What axe has to say of the survey. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(`${root}widget/node_modules/axe-core/axe.min.js`, "utf8"));
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    return (await axe.run("askwell-survey")).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

/** What a finger can hit, and is less than 44 pixels wide or high. */
export const small = (page: Page): Promise<string[]> =>
  panel(page).evaluate((host) =>
    [...host.shadowRoot!.querySelectorAll<HTMLElement>("input,textarea,select,button,fieldset a,label")]
      .filter((one) => one.tabIndex >= 0 || one.localName === "label")
      .filter((one) => {
        // What lies in a label is hit with it.
        const { width, height } = (one.closest("label") ?? one).getBoundingClientRect();
        return (
          one.checkVisibility({ visibilityProperty: true }) && !one.matches(".off") && Math.min(width, height) < 44
        );
      })
      .map((one) => one.outerHTML),
  );

/** What a type of question has to do, whatever it asks; its file names the surveys `plain`, `required` and `filled`. */
export function behavesAsQuestion(of: {
  /** What is focused first, and where something is missing. */
  control(page: Page): Locator;
  byMouse(page: Page): Promise<unknown>;
  /** The focus is on the control. */
  byKeyboard(page: Page): Promise<unknown>;
  /** What both make. */
  answers: object;
  /** Whether the controls show that answer. */
  shows(page: Page): Promise<unknown>;
  /** Of the accessibility tree: roles, names, descriptions. */
  tree: string[];
  /** A tap answers: there is no button to press. */
  tap?: true;
  /** A trait that `by-trait` is filled in with. */
  traits?: Record<string, string>;
}): void {
  test("it is answered by mouse, and Back shows what was", async () => {
    const page = await open("plain");
    await of.byMouse(page);
    if (!of.tap) await button(page).click();
    await goesOn(page);
    await expect.poll(() => stored(page, "plain")).toEqual(of.answers);
    await button(page, "Back").click();
    await asked(page).waitFor();
    await of.shows(page);
    expect(page.complaints).toEqual([]);
  });

  test("it is answered by keyboard alone", async () => {
    const page = await open("plain");
    await tabTo(page, of.control(page));
    await of.byKeyboard(page);
    await goesOn(page);
    await expect.poll(() => stored(page, "plain")).toEqual(of.answers);
  });

  test("without an answer, it can be skipped", async () => {
    const page = await open("plain");
    await button(page, "Skip").click();
    await goesOn(page);
    await button(page, "Back").click();
    await asked(page).waitFor();
    await button(page, "Skip").waitFor();
  });

  test("where it is required, it says so beside the field and waits there", async () => {
    const page = await open("required");
    expect(await panel(page).locator("[aria-invalid=true]").count()).toBe(0);
    const told = panel(page).locator("fieldset :required:not([name=consent]),[aria-required=true]");
    expect(await told.count()).toBeGreaterThan(0);
    await tabTo(page, button(page));
    await page.keyboard.press("Enter");
    await isRefused(page, "Please answer this question.", of.control(page));
    expect(await tellsWrong(panel(page).locator("[aria-invalid=true]"))).toBe(true);
    expect(await findings(page)).toEqual([]);
    await of.byMouse(page);
    if (!of.tap) {
      await problem(page).waitFor({ state: "hidden" });
      expect(await panel(page).locator("[aria-invalid=true]").count()).toBe(0);
      await button(page).click();
    }
    await goesOn(page);
    await expect.poll(() => stored(page, "required")).toEqual(of.answers);
  });

  test("help and what is filled in show, and what is filled in is no answer until it is sent", async () => {
    const page = await open("filled");
    await panel(page).getByText("This helps.").waitFor();
    await of.shows(page);
    await button(page, "Close").click();
    await expect.poll(() => stored(page, "filled")).toEqual({});
  });

  if (of.traits)
    test("what identify() said of the user is filled in, and is taken", async () => {
      const page = await open("by-trait", { traits: of.traits! });
      await of.shows(page);
      await button(page).click();
      await goesOn(page);
      await expect.poll(() => stored(page, "by-trait")).toEqual(of.answers);
    });

  test("it has roles and names", () => isNamed("filled", of.tree));

  looksRight();
}

/** What is read out of a question: its accessibility tree, a line for each. */
export async function isNamed(survey: string, tree: string[]): Promise<void> {
  const page = await open(survey);
  expect((await panel(page).locator("fieldset").ariaSnapshot()).split("\n")).toEqual(tree);
}

/** Wherever it shows, whatever is filled in, and in a language that is read from the right. */
export function looksRight(): void {
  test.each([
    ["plain", "a desktop", desktop],
    ["filled", "a phone in the dark", { ...phone, colorScheme: "dark" as const }],
    ["rtl", "the narrowest screen", { ...phone, viewport: { width: 320, height: 568 } }],
    ["filled", "forced colours", { ...desktop, forcedColors: "active" as const }],
  ])("axe finds nothing, and every part is on the screen: %s on %s", async (survey, _, options) => {
    const page = await open(survey, options);
    expect(await findings(page)).toEqual([]);
    if ("hasTouch" in options) expect(await small(page)).toEqual([]);
    const { width, height } = options.viewport;
    const box = (await panel(page).locator("[part=panel]").boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(box.y + box.height).toBeLessThanOrEqual(height);
    const form = panel(page).locator("form");
    expect(await form.evaluate((form) => form.scrollWidth - form.clientWidth)).toBe(0);
  });
}
