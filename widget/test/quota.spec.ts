import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../sdk/src/explanation.ts";
import { type Collector, choice, newPage, panel, servePages, startCollector, useBrowser } from "./harness.ts";
import { explain, publish, shows, visit, waitsForEvent } from "./moment.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  for (const site of ["one", "race", "test"])
    await publish(collector, { site, origins: [origin] }, [
      waitsForEvent("nps", { quota: { completed: 1 } }),
      waitsForEvent("unlimited"),
    ]);
});

async function complete(page: Page, score: number): Promise<void> {
  await choice(page, score).click();
  await panel(page).getByRole("textbox").fill("Because");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you").waitFor();
}

async function visitor(url: string): Promise<Page> {
  const page = await newPage();
  await visit(page, url);
  return page;
}

/** Which surveys a visitor who was never here is offered: explain also names those that are full. */
const offered = async (url: string) => {
  const page = await visitor(url);
  const isFull = ({ gates }: Explanation) => gates.some(({ gate }) => gate === "quota");
  const surveys = (await explain(page)).filter((one) => !isFull(one)).map(({ survey }) => survey);
  await page.context().close();
  return surveys;
};

const classes = async (site: string) =>
  (await collector.responses(site, "nps")).filter((one) => one.state === "completed").map((one) => one.class);

test("who comes after the quota was reached is offered the survey no more, and others still are", async () => {
  const page = await visitor(`${origin}/one`);
  expect(await shows(page, "nps")).toBe("nps");
  expect(await offered(`${origin}/one`)).toEqual(["nps", "unlimited"]); // shown is not completed
  await complete(page, 9);
  await expect.poll(() => offered(`${origin}/one`)).toEqual(["unlimited"]);
  const reply = await fetch(`${collector.url}/w/one.json`);
  expect(await reply.json()).toMatchObject({ full: ["nps"] });
  const other = await visitor(`${origin}/one`);
  expect(await shows(other, "unlimited")).toBe("unlimited");
});

test("of two who were answering, the second is kept apart, and in no score", async () => {
  const pages = [await visitor(`${origin}/race`), await visitor(`${origin}/race`)] as const;
  for (const page of pages) expect(await shows(page, "nps")).toBe("nps");
  await complete(pages[0], 10);
  await expect.poll(() => classes("race")).toEqual(["live"]);
  await complete(pages[1], 0);
  await expect.poll(async () => (await classes("race")).sort()).toEqual(["live", "over_quota"]);
  expect(JSON.stringify(await collector.score("race", "nps"))).toContain('"n":1');
});

test("what is tried out uses up nothing", async () => {
  const page = await visitor(`${origin}/test?askwell=test`);
  expect(await shows(page, "nps")).toBe("nps");
  await complete(page, 9);
  await expect.poll(() => classes("test")).toEqual(["test"]);
  expect(await offered(`${origin}/test`)).toEqual(["nps", "unlimited"]);
});
