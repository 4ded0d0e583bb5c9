import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Definition, Text } from "../../sdk/src/wire.ts";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { shown } from "./look.ts";
import { plainPage } from "./surveys.ts";

// Which language a survey speaks, that only that one is downloaded, and how it counts.

const titles: Record<string, string> = {
  en: "How likely?",
  pl: "Jak bardzo prawdopodobne?",
  ar: "ما مدى احتمال ذلك؟",
  "zh-Hans": "可能性有多大？",
  "zh-Hant": "可能性有多大呢？",
  "pt-BR": "Qual é a probabilidade?",
  fa: "چقدر احتمال دارد؟",
  zh: "有多大可能？",
};

const survey = (id: string, ...languages: string[]): Definition => {
  const text = (texts: Record<string, string>): Text =>
    Object.fromEntries(languages.map((tag) => [tag, texts[tag] ?? texts.en!])) as Text;
  const all = (more: string) => text(Object.fromEntries(languages.map((tag) => [tag, `${titles[tag]} ${more}`])));
  return {
    id,
    name: id,
    languages,
    frequency: { per_visitor: "always", min_gap_days: 0 },
    questions: [
      { id: "nps", type: "nps", title: text(titles), low: all("low"), high: all("high") },
      {
        id: "multi",
        type: "multi_choice",
        title: all("2"),
        min: 2,
        choices: ["a", "b", "c"].map((id) => ({ id, label: all(id) })),
      },
      { id: "why", type: "text", title: all("3"), max_length: 22 },
    ],
  };
};

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  // The path is the page's language: /zh-TW; of / there is none.
  origin = await servePages((path) => {
    const [, lang, dir] = path.split("/");
    const page = plainPage(`${collector.url}/w/shop.js`, "<div id=here></div>", lang);
    return (lang ? page : page.replace(' lang=""', "")).replace("<html", dir ? `<html dir=${dir}` : "<html");
  });
  await collector.publish(
    "shop",
    [origin],
    [
      survey("many", "en", "pl", "ar", "zh-Hans", "zh-Hant", "pt-BR", "fa"),
      survey("scripts", "en", "zh-Hant"),
      survey("plain", "en", "zh"),
    ],
  );
});

/** Shows a survey on a page of this language, in a browser of that one; which late parts came. */
async function ask(lang: string, id = "many", locale = "en-US", dir = "") {
  const page = await newPage({ locale, reducedMotion: "reduce" });
  const parts: string[] = [];
  page.on("response", async (response) => {
    if (/\/w\/a\/.{20,}\.js$/.test(response.url())) parts.push(await response.text());
  });
  await page.goto(`${origin}/${lang}${dir && `/${dir}`}`);
  await ready(page);
  await page.evaluate((id) => window.askwell!("show", id), id);
  await choice(page, 9).waitFor();
  return { page, parts };
}

/** What a survey speaks on a page in each of these languages; and all the late parts that were downloaded for it. */
async function speaks(tags: string[], id: string, locale: string) {
  const { page, parts } = await ask("", id, locale);
  const spoken: Record<string, string | undefined> = {};
  for (const tag of tags) {
    await panel(page).locator("[part=close]").click();
    await page.evaluate((tag) => (document.documentElement.lang = tag), tag);
    await page.evaluate((id) => window.askwell!("show", id), id);
    await choice(page, 9).waitFor();
    const title = await panel(page).locator("[part=title]").textContent();
    const found = Object.keys(titles).find((tag) => titles[tag] === title);
    spoken[tag] = found;
    expect(await panel(page).locator("[part=panel]").getAttribute("lang")).toBe(found);
  }
  expect(page.complaints).toEqual([]);
  return { spoken, parts };
}

test("the language is the page's, in the script that is read where it is from, else the survey's first", async () => {
  const wanted = {
    en: "en",
    "en-GB": "en",
    "EN-us": "en",
    "pl-PL": "pl",
    ar: "ar",
    "ar-EG": "ar",
    "fa-AF": "fa",
    pt: "pt-BR", // CLDR: most who write it live there
    "pt-BR": "pt-BR",
    "pt-PT": "pt-BR", // another spelling is nearer than another language
    "pt-AO": "pt-BR",
    zh: "zh-Hans",
    "zh-CN": "zh-Hans",
    "zh-SG": "zh-Hans",
    "zh-TW": "zh-Hant",
    "zh-HK": "zh-Hant",
    "zh-MO": "zh-Hant",
    "zh-Hant-HK": "zh-Hant",
    "zh-hans-tw": "zh-Hans", // what is said outdoes what is likely
    // What the survey has not, and what is no language: never the browser's, in which the page is not.
    de: "en",
    plx: "en",
    "xx-invalid": "en",
    "not a language": "en",
    "*": "en",
  };
  const { spoken, parts } = await speaks(Object.keys(wanted), "many", "pl-PL");
  expect(spoken).toEqual(wanted);
  // Each was downloaded when it was first spoken, by itself, and no other ever.
  const inParts = parts.map((part) => Object.keys(titles).filter((tag) => part.includes(titles[tag]!)));
  expect(inParts.flat().sort()).toEqual([...new Set(Object.values(wanted))].sort());
  expect(inParts.filter((tags) => tags.length !== 1)).toEqual([]);
});

test("another script is nearer than another language", async () => {
  const scripts = { "zh-TW": "zh-Hant", "zh-CN": "zh-Hant", zh: "zh-Hant", "sr-Latn": "en" };
  expect((await speaks(Object.keys(scripts), "scripts", "en-US")).spoken).toEqual(scripts);
  const plain = { "zh-TW": "zh", "zh-CN": "zh", "zh-Hant": "zh", zh: "zh" };
  expect((await speaks(Object.keys(plain), "plain", "en-US")).spoken).toEqual(plain);
});

test("where the page names none it is the browser's", async () => {
  const wanted = { "pl-PL": "pl", "zh-TW": "zh-Hant", "zh-CN": "zh-Hans", "pt-PT": "pt-BR", "de-DE": "en" };
  const spoken: Record<string, string | null> = {};
  for (const locale of Object.keys(wanted)) {
    const { page, parts } = await ask("", "many", locale);
    spoken[locale] = await panel(page).locator("[part=panel]").getAttribute("lang");
    expect(parts).toHaveLength(1);
  }
  expect(spoken).toEqual(wanted);
});

test("the language of the page at that moment counts, and a response carries the one it was asked in", async () => {
  const { page, parts } = await ask("en");
  await panel(page).getByRole("button", { name: "Close" }).click();
  await page.evaluate(() => (document.documentElement.lang = "pl"));
  await page.evaluate(() => window.askwell!("show", "many"));
  await shown(page, titles.pl!);
  await choice(page, 9).click();
  expect(parts).toHaveLength(2);
  const visitor = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!).visitor);
  await expect
    .poll(async () =>
      (await collector.responses("shop", "many"))
        .filter((one) => one.visitor === visitor)
        .map(({ language, state }) => [language, state])
        .sort(),
    )
    .toEqual([
      ["en", "shown"],
      ["pl", "partial"],
    ]);
});

test.each([
  ["ar", "ar", ""],
  ["ar", "ar", "rtl"],
  ["fa", "fa", "rtl"],
  ["en", "en", "rtl"],
])("it reads in its own direction: %s on a page in %s %s", async (_, lang, dir) => {
  const leftwards = lang !== "en";
  const { page } = await ask(lang, "many", "en-US", dir);
  const card = panel(page).locator("[part=panel]");
  expect(await card.evaluate((e) => getComputedStyle(e).direction)).toBe(leftwards ? "rtl" : "ltr");
  const x = async (value: number) => (await choice(page, value).boundingBox())!.x;
  expect((await x(0)) > (await x(10))).toBe(leftwards);
  const box = (await card.boundingBox())!;
  const close = (await panel(page).locator("[part=close]").boundingBox())!;
  expect(close.x < box.x + box.width / 2).toBe(leftwards);
  // The corner is the one that was asked for, in any direction.
  expect(box.x).toBeGreaterThan(640);
});

/** To the question of several choices, and the one after it. */
async function words(lang: string) {
  const { page } = await ask(lang);
  const next = () => panel(page).locator("[part=button]").click();
  await choice(page, 9).click();
  await choice(page, "a").click();
  await next();
  const problem = await panel(page).getByRole("alert").textContent();
  await choice(page, "b").click();
  await next();
  const field = panel(page).getByRole("textbox");
  const progress = await field.evaluate((e) => {
    const p = (e.getRootNode() as ShadowRoot).querySelector("[part=progress]")!;
    return p.ariaLabel || p.textContent;
  });
  const left: string[] = [];
  for (const used of [0, 17, 20, 21, 22]) {
    await field.fill("x".repeat(used));
    left.push((await panel(page).locator("#c").textContent())!);
  }
  await next();
  const thanks = (await panel(page).locator("[part=ending]").textContent())!;
  return { problem, progress, left, thanks };
}

test.each([
  [
    "en",
    {
      problem: "Choose at least 2 answers.",
      progress: "Question 3 of 3",
      left: ["22 characters left", "5 characters left", "2 characters left", "1 character left", "0 characters left"],
      thanks: "Thank you!",
    },
  ],
  [
    "pl",
    {
      problem: "Wybierz co najmniej 2 odpowiedzi.",
      progress: "Pytanie 3 z 3",
      left: ["Pozostały 22 znaki", "Pozostało 5 znaków", "Pozostały 2 znaki", "Pozostał 1 znak", "Pozostało 0 znaków"],
      thanks: "Dziękujemy!",
    },
  ],
  [
    "ar",
    {
      problem: "يُرجى اختيار إجابتين على الأقل.",
      progress: "السؤال 3 من 3",
      left: ["بقي 22 حرفًا", "بقيت 5 أحرف", "بقي حرفان", "بقي حرف واحد", "لم يتبقَّ أي حرف"],
      thanks: "شكرًا لك!",
    },
  ],
])("the words of the interface count as one counts in %s", async (lang, wanted) => {
  expect(await words(lang)).toEqual(wanted);
});

test("numbers are written in the digits of the language", async () => {
  const points = (page: Page) => panel(page).locator("[part=option]").allTextContents();
  const { page: persian } = await ask("fa");
  expect(await points(persian)).toEqual([..."۰۱۲۳۴۵۶۷۸۹", "۱۰"]);
  const { page: arabic } = await ask("ar");
  // CLDR writes Western digits for "ar" alone; what the browser's Intl says is what is shown.
  expect(await points(arabic)).toEqual(
    await arabic.evaluate(() => [...Array(11).keys()].map((n) => n.toLocaleString("ar"))),
  );
  await choice(persian, 9).click();
  await shown(persian, titles.fa!);
  const told = await panel(persian)
    .locator("[part=progress]")
    .evaluate((p) => p.ariaLabel || p.textContent);
  expect(told).toContain("۲");
  expect(told).toContain("۳");
  expect(told).not.toMatch(/[0-9]/);
  // What is stored is the number.
  const visitor = await persian.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!).visitor);
  await expect
    .poll(async () => (await collector.responses("shop", "many")).find((one) => one.visitor === visitor)?.answers)
    .toEqual({ nps: 9 });
});
