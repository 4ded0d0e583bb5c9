import { beforeAll, expect, test } from "vitest";
import { accessible } from "./accessible.ts";
import { type Example, startExample, typeErrors } from "./example.ts";
import { asks, choice, newPage, panel, useBrowser } from "./harness.ts";

useBrowser();
let example: Example;
beforeAll(async () => {
  example = await startExample("react");
}, 300_000); // npm ci

test("it draws its own NPS, for pointer and keyboard, and all that is answered arrives", async () => {
  const page = await newPage();
  await page.goto(example.page);
  await page.getByRole("heading", { name: "How likely are you to recommend Saddle to a friend?" }).waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("alert").getByText("Please answer this question.").waitFor();
  await page.getByRole("radio", { name: "5", exact: true }).click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");

  // What was answered stands in the next title, which has the focus; Back leads to what was answered.
  const title = page.getByRole("heading", { name: "6 it is. What made the difference?" });
  await title.waitFor();
  expect(await title.evaluate((node) => node === document.activeElement)).toBe(true);
  await page.getByText("Bike B-214, 24 minutes.").waitFor();
  await accessible(page);
  await page.getByRole("button", { name: "Back", exact: true }).click();
  expect(await page.getByRole("radio", { name: "6", exact: true }).isChecked()).toBe(true);
  await page.getByRole("button", { name: "Next" }).click();

  // Without a network nothing is lost.
  await page.context().setOffline(true);
  await page.getByRole("textbox").fill("The brakes");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("status").getByText("We look at bike B-214 today.").waitFor();
  await page.context().setOffline(false);
  await expect
    .poll(() => example.responses("ride"))
    .toMatchObject([
      {
        state: "completed",
        answers: { nps: 6, why: "The brakes" },
        hidden: { bike: "B-214", minutes: 24 },
        user: "rider-7",
        trigger: { type: "api" },
        class: "live",
      },
    ]); // one, although StrictMode mounts all twice
  expect(page.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text))).toEqual([]);
});

test("its own NPS can be closed, or left: that is another thing", async () => {
  const before = (await example.responses("ride")).length;
  const page = await newPage();
  await page.goto(example.page);
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("region", { name: "Your opinion" }).waitFor({ state: "detached" });
  await expect.poll(async () => (await example.responses("ride"))[0]?.dismissed_at).toEqual(expect.any(Number));
  await page.getByRole("button", { name: "Help" }).click();
  await page.getByRole("button", { name: "Ride" }).click();
  await page.getByRole("radio", { name: "9", exact: true }).waitFor();
  await expect.poll(async () => (await example.responses("ride")).length).toBe(before + 2);
  await page.getByRole("button", { name: "Help" }).click();
  await page.getByRole("heading", { name: "Locking the bike" }).waitFor();
  await page.close({ runBeforeUnload: true });
  expect((await example.responses("ride"))[0]?.dismissed_at).toBeUndefined();
});

test("the inline component shows a survey in its place, tells of it, and goes without a trace", async () => {
  const newest = async () => (await example.responses("helpful"))[0];
  const page = await newPage();
  await page.goto(example.page);
  await page.getByRole("button", { name: "Help" }).click();
  const inside = page.locator("article > .helpful > askwell-survey");
  await inside.waitFor();
  await choice(page, "true").click();
  await page.getByText("Glad that it helped.").waitFor();
  await expect
    .poll(newest) // the one before left some that were only shown
    .toMatchObject({ state: "completed", answers: { helped: true }, hidden: { article: "locking" } });

  // Another article, another survey: in the place of the one before, which went with its element.
  await page.getByRole("button", { name: "Next article" }).click();
  await choice(page, "false").click();
  await asks(page, "What is missing?");
  expect(await panel(page).count()).toBe(1);
  await page.getByRole("button", { name: "Ride" }).click();
  await page.getByRole("heading", { name: "How likely" }).waitFor();
  expect(await panel(page).count()).toBe(0);
  await expect
    .poll(newest)
    .toMatchObject({ state: "partial", answers: { helped: false }, hidden: { article: "brakes" } });
  expect((await newest())!.dismissed_at).toBeUndefined();

  // It left the way free for others, and for itself.
  await page.getByRole("button", { name: "Feedback" }).click();
  await asks(page, "How is Saddle doing?");
  expect(page.complaints).toEqual([]);
});

test("built for production, it asks all the same", async () => {
  const built = await startExample("react", { SCRIPT: "preview" });
  const page = await newPage();
  await page.goto(built.page);
  expect(await page.locator("script[type=module]").getAttribute("src")).toMatch(/^\/assets\//);
  await page.getByRole("radio", { name: "9", exact: true }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("heading", { name: "9 it is. What made the difference?" }).waitFor();
  await page.getByRole("button", { name: "Help" }).click();
  await page.locator("article > .helpful > askwell-survey").waitFor();
  await choice(page, "true").click();
  await page.getByText("Glad that it helped.").waitFor();
  await expect.poll(() => built.responses("ride")).toMatchObject([{ answers: { nps: 9 }, class: "live" }]);
  await expect
    .poll(() => built.responses("helpful"))
    .toMatchObject([{ state: "completed", answers: { helped: true } }]);
  expect(page.complaints).toEqual([]);
}, 120_000); // npm run build

test("its names are checked: it compiles as it stands, and what is misspelt does not", async () => {
  const misspelt = `import { Askwell, useAskwell, useSurvey } from "@askwell/sdk/react";
import { where } from "./where.ts";
export const right = <Askwell survey="helpful" hidden={{ article: "brakes" }} />;
export const survey = <Askwell survey="helpfull" />;
export const field = <Askwell survey="helpful" hidden={{ artcle: "brakes" }} />;
export const ofAnother = <Askwell survey="helpful" hidden={{ bike: "B-214" }} />;
export const useOwn = () => useSurvey({ ...where, survey: "rid" });
export const useFeedback = () => useAskwell().show("feedbak");
`;
  expect(await typeErrors("react", { "misspelt.tsx": misspelt })).toEqual([
    expect.stringMatching(/^src\/misspelt.tsx\(4,.*"helpfull"/),
    expect.stringMatching(/^src\/misspelt.tsx\(5,.*'artcle'/),
    expect.stringMatching(/^src\/misspelt.tsx\(6,.*'bike'/),
    expect.stringMatching(/^src\/misspelt.tsx\(7,.*"rid"/),
    expect.stringMatching(/^src\/misspelt.tsx\(8,.*"feedbak"/),
  ]);
}, 120_000);
