import { readdir, readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Definition } from "../../sdk/src/wire.ts";
import { type Collector, newPage, panel, ready, root, startCollector, useBrowser } from "./harness.ts";
import { bringAxe, goOn, look, shown } from "./look.ts";

// The gallery, as `askwell serve --demo` shows it: every type of question, place, look and language.

/** The corners are one place but for their edges, which are looked at with the buttons. */
const places = ["top-left", "modal", "bar", "page", "inline"] as const;
const types = [
  ..."nps csat ces rating thumbs single_choice multi_choice dropdown picture_choice ranking matrix".split(" "),
  ..."date text email contact statement".split(" "),
];

useBrowser();
let collector: Collector;
let everyType: Definition;
beforeAll(async () => {
  collector = await startCollector("--demo");
  everyType = (await collector.api<{ draft: Definition }>("GET", "/v1/sites/gallery/surveys/every-type")).draft;
  // All types in all places: made of the one file, for no one to copy.
  for (const position of places) {
    const id = `every-type-${position}`;
    const theme = { position, ...(position === "inline" && { selector: "#here" }) };
    await collector.api("PUT", `/v1/sites/gallery/surveys/${id}`, { ...everyType, id, theme });
    await collector.api("POST", `/v1/sites/gallery/surveys/${id}/publish`);
  }
});

async function openGallery(options: Parameters<typeof newPage>[0] = {}) {
  const page = await newPage({ reducedMotion: "reduce", ...options });
  await page.goto(`${collector.url}/gallery/`);
  await ready(page);
  await bringAxe(page);
  return page;
}

/** For whoever runs the spec by hand. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/gallery-${name}.png` });
}

/** Looks at every question of the survey that is shown, and at its ending: what was asked, and all that was wrong. */
async function lookThrough(page: Page, name: string, axeAt = (_question: number) => true) {
  const titles: string[] = [];
  const wrong: string[] = [];
  const once = async (step: string) => {
    wrong.push(...(await look(page, axeAt(titles.length))).map((one) => `${name}, ${step}: ${one}`));
    await picture(page, `${name}-${step === "the ending" ? "end" : titles.length}`);
  };
  let title = (await panel(page).locator("[part=title]").textContent()) ?? undefined;
  while (title !== undefined) {
    titles.push(title);
    await once(title);
    title = await goOn(page);
  }
  await panel(page).locator("[part=ending]", { hasText: /\S/ }).waitFor();
  await once("the ending");
  return { titles, wrong };
}

const titlesOf = ({ questions }: Definition) => questions.map(({ title }) => title as string);

test("the files are those that the site lists and the page has buttons for", async () => {
  const files = (await readdir(`${root}examples/gallery/askwell`)).filter((name) => name !== "site.yaml");
  const site = await readFile(`${root}examples/gallery/askwell/site.yaml`, "utf8");
  expect([...site.matchAll(/- (.+\.yaml)/g)].map(([, file]) => file).sort()).toEqual(files.sort());
  const page = await openGallery();
  const shows = await page.locator("[data-show]").evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.show));
  expect([...new Set(shows)].sort()).toEqual(files.map((file) => file.replace(".yaml", "")).sort());
  const single = page.locator("[data-type]");
  expect(await single.evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.type))).toEqual(types);
  expect(everyType.questions.map(({ type }) => type)).toEqual(types);
  expect(everyType.questions.map(({ id }) => id)).toEqual(types);
});

test("the page itself has nothing that axe finds, and fits a narrow window", async () => {
  const page = await openGallery({ viewport: { width: 320, height: 568 } });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(found).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test.each(["types", "places", "looks", "languages"])(
  "each of the %s: its button shows it, in the place of the one before",
  async (list) => {
    const page = await openGallery();
    const wrong: string[] = [];
    for (const button of await page.locator(`.${list} [data-show]`).all()) {
      const { show, type, lang } = await button.evaluate((e) => {
        const { dataset, lang } = e as HTMLElement;
        return { show: dataset.show!, type: dataset.type, lang };
      });
      // One that covers the page covers the buttons too; the page's script can still press them.
      await button.evaluate((e) => (e as HTMLElement).click());
      const { draft } = await collector.api<{ draft: Definition }>("GET", `/v1/sites/gallery/surveys/${show}`);
      const { title } = draft.questions.find(({ id }) => id === type) ?? draft.questions[0]!;
      await shown(page, typeof title === "string" ? title : title[lang]!);
      expect(await panel(page).count()).toBe(1);
      if (type) expect(await panel(page).locator("[part=progress]").isVisible(), `${type}: alone`).toBe(false);
      else wrong.push(...(await lookThrough(page, show + (lang && `-${lang}`), (n) => n === 1)).wrong);
    }
    expect(wrong).toEqual([]);
    expect(page.complaints).toEqual([]);
  },
);

test.each<[string, Parameters<typeof newPage>[0]]>([
  ["desktop", {}],
  ["dark", { colorScheme: "dark" }],
  ["phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }],
  ["narrow-dark", { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true, colorScheme: "dark" }],
])("every type of question: %s", async (name, options) => {
  const page = await openGallery(options);
  await page.locator(".all").click();
  await shown(page, titlesOf(everyType)[0]!);
  expect(await lookThrough(page, name!)).toEqual({ titles: titlesOf(everyType), wrong: [] });
  expect(page.complaints).toEqual([]);
});

test.each(places)("every type of question in the place %s, also in a narrow window", async (place) => {
  const page = await openGallery();
  for (const size of ["wide", "narrow"]) {
    await page.evaluate((id) => window.askwell!("show", id), `every-type-${place}`);
    await shown(page, titlesOf(everyType)[0]!);
    const seen = await lookThrough(page, `${place}-${size}`, () => size === "wide");
    expect(seen).toEqual({ titles: titlesOf(everyType), wrong: [] });
    await panel(page).locator("[part=close]").click();
    await page.setViewportSize({ width: 320, height: 568 });
  }
  expect(page.complaints).toEqual([]);
});
