import { beforeAll, expect, test } from "vitest";
import type { Definition } from "../../sdk/src/wire.ts";
import {
  asks,
  type Collector,
  choice,
  newPage,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { plainPage } from "./surveys.ts";

// What the page passes with show(), and what conditions and texts make of it and of what else is known.
useBrowser();
let collector: Collector;
let origin: string;

const survey: Definition = {
  id: "support",
  name: "Support",
  languages: ["en", "de"],
  hidden: { agent: "string", minutes: "number" },
  questions: [
    {
      id: "ces",
      type: "ces",
      title: { en: "How easy was it, {{trait.name|friend}}?", de: "Wie leicht war es, {{trait.name|}}?" },
      jumps: [{ if: { ces: { gte: 6 } }, to: "end" }],
    },
    {
      id: "slow",
      type: "thumbs",
      title: "Were {{hidden.minutes|some}} minutes too long?",
      show_if: { hidden: { minutes: { gt: 1000 } } },
    },
    {
      id: "agent",
      type: "thumbs",
      title: "Was {{hidden.agent|the agent}} kind?",
      show_if: { trait: { plan: { eq: "pro" } } },
    },
    {
      id: "why",
      type: "text",
      title: "You said {{ces|nothing}}. Why?",
      show_if: { trigger: { answered: false }, language: { eq: "en" } },
    },
  ],
  endings: [{ if: { hidden: { agent: { eq: "<b>Ada</b>" } } }, title: "Ada says thanks." }, { title: "Thanks." }],
};

const skips: Definition = {
  id: "skips",
  name: "Skips",
  languages: ["en"],
  questions: [
    { id: "nps", type: "nps", title: "How likely?", jumps: [{ if: { nps: { answered: false } }, to: "last" }] },
    { id: "why", type: "text", title: "Why?" },
    { id: "last", type: "text", title: "Anything else?" },
  ],
};

const parts: Definition = {
  id: "parts",
  name: "Parts",
  languages: ["en"],
  questions: [
    {
      id: "grid",
      type: "matrix",
      title: "How were they?",
      rows: [
        { id: "price", label: "Price" },
        { id: "delivery", label: "Delivery" },
      ],
      columns: [
        { id: "bad", label: "Bad" },
        { id: "good", label: "Good" },
      ],
    },
    {
      id: "why",
      type: "single_choice",
      title: "Delivery was {{grid.delivery|fine}}: why?",
      show_if: { "grid.delivery": { eq: "bad" } },
      choices: [
        { id: "late", label: "Late" },
        { id: "other", label: "Something else", other: true },
      ],
    },
    {
      id: "who",
      type: "contact",
      title: "Who are you?",
      fields: ["name"],
      show_if: { "why.other": { answered: true } },
    },
  ],
  endings: [
    { if: { "who.name": { answered: true } }, title: "Thanks, {{who.name|friend}}!" },
    { title: "That is all." },
  ],
};

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/shop.js`, "", path === "/de" ? "de" : "en"));
  await collector.publish("shop", [origin], [survey, skips, parts]);
});

async function ask(hidden?: Record<string, unknown>, path = "/") {
  const page = await newPage();
  await page.goto(origin + path);
  await ready(page);
  await page.evaluate((hidden) => {
    window.askwell!("identify", "u-1", { name: "<i>Eve</i>", plan: "pro" });
    window.askwell!("show", "support", { hidden: hidden as never });
  }, hidden);
  await choice(page, 1).waitFor();
  return page;
}

const tap = (page: Awaited<ReturnType<typeof ask>>, value: number | string) => choice(page, value).click();
const title = (page: Awaited<ReturnType<typeof ask>>) => panel(page).locator("legend").textContent();

test("fields, traits and answers are read by conditions and put into texts, as text", async () => {
  const page = await ask({ agent: "<b>Ada</b>", minutes: 1234.5 });
  expect(await title(page)).toBe("How easy was it, <i>Eve</i>?");
  await tap(page, 2);
  await asks(page, "Were 1,234.5 minutes too long?");
  await tap(page, "true");
  await asks(page, "Was <b>Ada</b> kind?");
  await tap(page, "false");
  await expect
    .poll(async () => (await collector.responses("shop", "support"))[0])
    .toMatchObject({
      state: "partial",
      answers: { ces: 2, slow: true, agent: false },
      hidden: { agent: "<b>Ada</b>", minutes: 1234.5 },
    });
});

test("an ending fits what was passed, and a jump leads to it", async () => {
  const page = await ask({ agent: "<b>Ada</b>" });
  await tap(page, 6);
  await panel(page).getByText("Ada says thanks.").waitFor();
});

test("a row of a matrix, what was written beside a choice and a contact's field lead on, and stand in texts", async () => {
  const page = await newPage();
  await page.goto(origin);
  await ready(page);
  await page.evaluate(() => window.askwell!("show", "parts"));
  await panel(page).getByRole("radiogroup", { name: "Price" }).getByRole("radio", { name: "Good" }).click();
  await panel(page).getByRole("radiogroup", { name: "Delivery" }).getByRole("radio", { name: "Bad" }).click();
  await panel(page).getByRole("button", { name: "Next" }).click();
  await asks(page, "Delivery was Bad: why?");
  await panel(page).getByRole("radio", { name: "Something else" }).click();
  await panel(page).getByRole("textbox").fill("Wet");
  await panel(page).getByRole("button", { name: "Next" }).click();
  await asks(page, "Who are you?");
  await panel(page).getByRole("textbox").fill("Ann");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thanks, Ann!").waitFor();
  await expect
    .poll(async () => (await collector.responses("shop", "parts"))[0])
    .toMatchObject({ state: "completed", answers: { "why.other": "Wet", who: { name: "Ann" } } });
});

test("of another row nothing follows", async () => {
  const page = await newPage();
  await page.goto(origin);
  await ready(page);
  await page.evaluate(() => window.askwell!("show", "parts"));
  await panel(page).getByRole("radiogroup", { name: "Price" }).getByRole("radio", { name: "Bad" }).click();
  await panel(page).getByRole("radiogroup", { name: "Delivery" }).getByRole("radio", { name: "Good" }).click();
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("That is all.").waitFor();
});

test("Back does not lead to what was jumped over, and the progress does not count it", async () => {
  const page = await newPage();
  await page.goto(origin);
  await ready(page);
  await page.evaluate(() => window.askwell!("show", "skips"));
  const question = (text: string) => panel(page).locator("legend", { hasText: text }).waitFor();
  await question("How likely?");
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await question("Anything else?");
  expect(await panel(page).locator("[part=progress]").textContent()).toBe("Question 2 of 2");
  await panel(page).getByRole("button", { name: "Back" }).click();
  await question("How likely?");
});

test("a page in another language has numbers and conditions of that", async () => {
  const page = await ask({ minutes: 1234.5 }, "/de");
  expect(await title(page)).toBe("Wie leicht war es, <i>Eve</i>?");
  await tap(page, 2);
  await asks(page, "Were 1.234,5 minutes too long?");
  await tap(page, "true");
  await asks(page, "Was the agent kind?");
  await tap(page, "true");
  await panel(page).getByText("Thanks.").waitFor();
});

test("what the survey does not declare, or is of another type, is left out, and the response is kept", async () => {
  const page = await ask({ agent: 7, minutes: 5, colour: "red", list: [1] });
  await tap(page, 7);
  await panel(page).getByText("Thanks.").waitFor();
  await expect
    .poll(async () => (await collector.responses("shop", "support")).filter(({ answers }) => answers?.ces === 7))
    .toMatchObject([{ hidden: { minutes: 5 } }]);
});
