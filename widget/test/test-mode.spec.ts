import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  nextBorn,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  const unlikely = npsSurvey([exitIntent], {
    targeting: { sample: 1e-12 },
    frequency: { min_gap_days: 365, after_dismissal_days: 365, max_shows: 1 },
  });
  await collector.publish("shop", [origin], [unlikely]);
  const fatigue = { per_session: 1, days_apart: 30 };
  await collector.api(
    "PUT",
    "/v1/sites/shop",
    { site: "shop", name: "Shop", origins: [origin], fatigue },
    { "If-Match": '"1"' },
  );
});

const tools = (page: Page) => page.locator("askwell-tools");

test("consent that comes before the tools begins nothing but the test", async () => {
  const page = await newPage();
  let come = () => {};
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route("**/a/tools.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${origin}/shop?askwell=test`);
  await ready(page);
  await page.evaluate(() => window.askwell!("consent", true));
  come();
  await tools(page).locator("header").waitFor();
  const born = nextBorn(page);
  await leaveThroughTop(page);
  expect(await born).toMatchObject({ test: true });
});

/** The mode is known once the tools have come. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(origin + path);
  await ready(page);
  await tools(page).locator("header").waitFor();
}

test("nothing keeps a survey from who tries it, and what is answered is a test's", async () => {
  const classes = async () => (await collector.responses("shop", "nps")).map((one) => one.class);
  const before = await classes();
  const page = await newPage();
  await open(page, "/shop?askwell=test");
  for (let times = 0; times < 3; times++) {
    const born = nextBorn(page);
    await leaveThroughTop(page);
    expect(await born).toMatchObject({ test: true, trigger: { type: "exit_intent" } });
    await panel(page).getByText("test", { exact: true }).waitFor();
    if (times) await choice(page, 9).click();
    await panel(page).getByRole("button", { name: "Close" }).click();
  }
  await expect.poll(async () => (await classes()).length).toBeGreaterThanOrEqual(before.length + 3);
  expect(new Set(await classes())).toEqual(new Set(["test"]));
  expect((await collector.score("shop", "nps")).total).toMatchObject({ n: 0 });
  expect(page.complaints).toEqual([]);
});

test("it holds for the tab, and a badge says so, until ?askwell=off", async () => {
  const page = await newPage();
  await open(page, "/shop?a=b&askwell=test");
  await tools(page).getByText("Test mode").waitFor();
  await page.evaluate(() => history.pushState(null, "", "/shop/checkout")); // a router drops it
  await open(page, "/shop/next");
  const born = nextBorn(page);
  await leaveThroughTop(page);
  expect((await born).test).toBe(true);

  // Another tab of the same visitor is none.
  const other = await page.context().newPage();
  await other.goto(`${origin}/shop`);
  await ready(other);
  expect(await tools(other).count()).toBe(0);

  await page.goto(`${origin}/shop?askwell=off`);
  await page.waitForFunction(() => !sessionStorage.getItem("askwell"));
  await page.goto(`${origin}/shop`);
  await ready(page);
  const next = nextBorn(page);
  await leaveThroughTop(page); // the sample keeps it away
  await page.evaluate(() => window.askwell!("show", "nps"));
  const { test, trigger } = await next;
  expect({ test, trigger }).toEqual({ test: undefined, trigger: { type: "api" } });
  expect(await tools(page).count()).toBe(0);
});

test("the badge opens the explanation, and ends the mode", async () => {
  const page = await newPage();
  await open(page, "/shop?askwell=test");
  const chip = tools(page).getByRole("button", { name: "Test mode" });
  expect(await chip.getAttribute("aria-expanded")).toBe("false");
  await chip.press("Enter");
  const sample = tools(page).locator('[data-gate="sample"]');
  expect(await sample.innerText()).toContain("Keeps visitors away, not who tries it out");
  await tools(page).getByRole("button", { name: "End test mode" }).click();
  await page.waitForURL(`${origin}/shop`);
  await ready(page);
  expect(await page.evaluate(() => sessionStorage.getItem("askwell"))).toBeNull();
  expect(await tools(page).count()).toBe(0);
});

test.each(["?askwell_test", "?not_askwell=test", "?askwell=tested", "?askwell="])(
  "%s is no test mode",
  async (query) => {
    const page = await newPage();
    await page.goto(`${origin}/shop${query}`);
    await ready(page);
    const born = nextBorn(page);
    await page.evaluate(() => window.askwell!("show", "nps"));
    expect((await born).test).toBeUndefined();
    expect(await tools(page).count()).toBe(0);
  },
);
