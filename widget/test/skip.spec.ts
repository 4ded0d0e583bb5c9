import { beforeAll, expect, test } from "vitest";
import type { Definition, Question } from "../../sdk/src/wire.ts";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { remembered } from "./moment.ts";
import { plainPage } from "./surveys.ts";

// Who goes through a survey without an answer has not completed it.
useBrowser();
let collector: Collector;
let origin: string;

const why: Question = { id: "why", type: "text", title: "Why?" };
const surveys: Record<string, Question[]> = {
  asks: [{ id: "nps", type: "nps", title: "How likely?" }, why],
  writes: [why, { id: "more", type: "text", title: "What else?" }],
  begins: [{ id: "news", type: "statement", title: "News" }, why],
  tells: [
    { id: "news", type: "statement", title: "News" },
    { id: "more", type: "statement", title: "More" },
  ],
};

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(() => plainPage(`${collector.url}/w/shop.js`));
  const all = Object.entries(surveys).map(
    ([id, questions]): Definition => ({
      id,
      name: id,
      languages: ["en"],
      questions,
      endings: [{ title: "Goodbye" }],
      frequency: { min_gap_days: 0 },
    }),
  );
  await collector.publish("shop", [origin], all);
});

type Page = Awaited<ReturnType<typeof newPage>>;

async function open(survey: string): Promise<Page> {
  const page = await newPage({ reducedMotion: "reduce" });
  await page.goto(origin);
  await ready(page);
  await page.evaluate((survey) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const event of ["shown", "answered", "completed", "dismissed"] as const)
      window.askwell!("on", event, () => heard.push(event));
    window.askwell!("show", survey);
  }, survey);
  return page;
}
const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
const press = (page: Page, name: string) => panel(page).getByRole("button", { name, exact: true }).click();

/** The ending is there; closes it, and returns what is stored of the visitor then. */
async function end(page: Page, survey: string) {
  await panel(page).getByText("Goodbye").waitFor();
  await press(page, "Close");
  await panel(page).waitFor({ state: "detached" });
  const { visitor } = await remembered(page, "shop");
  const response = async () => (await collector.responses("shop", survey)).find((one) => one.visitor === visitor);
  const over = async () => {
    const { state, dismissed_at } = (await response()) ?? {};
    return state === "completed" || dismissed_at;
  };
  await expect.poll(over).toBeTruthy();
  return response();
}

test.each([
  ["asks", ["Skip", "Skip"]],
  ["begins", ["Next", "Skip"]],
])("%s: skipped to its end it is dismissed, though the ending shows", async (survey, buttons) => {
  const page = await open(survey);
  for (const button of buttons) await press(page, button);
  const response = await end(page, survey);
  expect(response).toMatchObject({ state: "shown", answers: {} });
  expect(await heard(page)).toEqual(["shown", "dismissed"]); // once, and not again as it is closed
  const { answered, dismissed, shows } = await remembered(page, "shop");
  expect(answered ?? {}).toEqual({});
  expect(dismissed).toHaveProperty(survey);
  expect(shows).toEqual({ [survey]: 1 });
  expect(page.complaints).toEqual([]);
});

test("one that tells and asks nothing is completed", async () => {
  const page = await open("tells");
  await press(page, "Next");
  await press(page, "Send");
  expect(await end(page, "tells")).toMatchObject({ state: "completed", answers: {} });
  expect(await heard(page)).toEqual(["shown", "answered", "completed"]);
});

test("one answer completes it, whatever is skipped", async () => {
  const page = await open("asks");
  await choice(page, 9).click();
  await press(page, "Skip");
  expect(await end(page, "asks")).toMatchObject({ state: "completed", answers: { nps: 9 } });
  expect(await heard(page)).toEqual(["shown", "answered", "answered", "completed"]);
});

test("an answer that was taken back is none", async () => {
  const page = await open("writes");
  await panel(page).getByRole("textbox").fill("Because");
  await press(page, "Next");
  await press(page, "Back");
  await panel(page).getByRole("textbox").fill("");
  await press(page, "Skip");
  await press(page, "Skip");
  expect(await end(page, "writes")).toMatchObject({ state: "partial", answers: {} });
  expect((await heard(page)).at(-1)).toBe("dismissed");
});

test("what was skipped to its end does not go on with the next page", async () => {
  const page = await open("writes");
  await panel(page).getByRole("textbox").fill("Because");
  await press(page, "Next");
  await press(page, "Back");
  await panel(page).getByRole("textbox").fill("");
  await press(page, "Skip");
  await press(page, "Skip");
  await panel(page).getByText("Goodbye").waitFor();
  await page.reload();
  await ready(page);
  expect((await remembered(page, "shop")).open).toBeUndefined();
  await page.waitForTimeout(300);
  expect(await panel(page).count()).toBe(0);
});

test("what was begun, left by Back, cleared and skipped does not come back", async () => {
  const page = await open("writes");
  const field = panel(page).getByRole("textbox");
  await press(page, "Skip");
  await field.fill("Half a thought");
  await press(page, "Back");
  await press(page, "Skip");
  expect(await field.inputValue()).toBe("Half a thought");
  await press(page, "Back");
  await press(page, "Skip");
  await field.fill("");
  await press(page, "Back");
  await press(page, "Skip");
  expect(await field.inputValue()).toBe("");
});
