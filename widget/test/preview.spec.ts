import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Definition } from "../../sdk/src/wire.ts";
import {
  asks,
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
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
let strict: string;
let query: string;
const titled = (en: string, more: Partial<Definition> = {}) => {
  const survey = npsSurvey([exitIntent], more);
  (survey.questions[0] as { title: unknown }).title = { en, pl: en };
  return survey;
};
beforeAll(async () => {
  collector = await startCollector();
  const pages = () => plainPage(`${collector.url}/w/shop.js`).replace("<script ", '<script nonce="abc" ');
  origin = await servePages(pages);
  strict = await servePages(pages, undefined, {
    "Content-Security-Policy": `default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src ${collector.url}; style-src-attr 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types 'none'`,
  });
  await collector.publish("shop", [origin, strict], [titled("What is live?")]);
  const draft = titled("What is a draft?", { dry_run: true });
  const at = "/v1/sites/shop/surveys/nps";
  await collector.api("PUT", at, draft, { "If-Match": '"2"' }); // made, and published
  ({ query } = await collector.api<{ query: string }>("POST", `${at}/preview`, {}));
});

const badge = (page: Page) => page.locator("askwell-tools header");

/** All that pages send to the collector. */
function sent(page: Page): string[] {
  const posts: string[] = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
  return posts;
}

test.each(["a plain page", "one with a strict policy"])("a draft is tried on %s, and nothing is stored", async (on) => {
  const page = await newPage();
  const posts = sent(page);
  await page.goto(`${on === "a plain page" ? origin : strict}/?${query}`);
  await badge(page).getByText("Preview: nothing is stored").waitFor();
  await leaveThroughTop(page);
  await asks(page, "What is a draft?");
  await panel(page).getByText("preview", { exact: true }).waitFor();
  await choice(page, 9).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  await panel(page).getByRole("button", { name: "Close" }).click();

  // It holds for the tab, and asks again whoever has answered.
  await page.goto(`${new URL(page.url()).origin}/next`);
  await badge(page).getByText("Preview: nothing is stored").waitFor();
  await leaveThroughTop(page);
  await asks(page, "What is a draft?");
  expect(posts).toEqual([]);
  expect(await collector.responses("shop", "nps")).toEqual([]);
  expect(page.complaints).toEqual([]);

  // Afterwards, the visitor is one who was never asked.
  await page.goto(`${new URL(page.url()).origin}/?askwell=off`);
  await ready(page);
  await page.waitForFunction(() => !sessionStorage.getItem("askwell"));
  await page.reload();
  await ready(page);
  const gates = await page.evaluate(async () =>
    ((await window.askwell!("explain")) as unknown as { gates: { gate: string; value: unknown }[] }[])[0]!.gates.filter(
      ({ gate }) => gate === "min_gap_days" || gate === "max_shows",
    ),
  );
  expect(gates.map(({ value }) => value)).toEqual([0, 0]);
});

test.each<[string, () => string, RegExp]>([
  ["a link that somebody cut", () => `${query.slice(0, -3)}`, /not one of this site's/],
  ["a link of no kind", () => "askwell_preview=x", /not one of this site's/],
])("%s says so, and the live survey shows", async (_, of, says) => {
  const page = await newPage();
  await page.goto(`${origin}/?${of()}`);
  await badge(page).getByText(says).waitFor();
  await leaveThroughTop(page);
  await asks(page, "What is live?");
  expect(await panel(page).getByText("preview", { exact: true }).count()).toBe(0);
  await expect.poll(async () => (await collector.responses("shop", "nps")).length).toBeGreaterThan(0);
  // The next page is a plain one.
  await page.goto(`${origin}/next`);
  await ready(page);
  expect(await page.evaluate(() => sessionStorage.getItem("askwell"))).toBeNull();
});

test("what the page calls meanwhile reaches the draft", async () => {
  const page = await newPage();
  await page.route(/\.js\?preview=/, async (route) => {
    await page.evaluate(() => window.askwell!("show", "nps"));
    await route.continue();
  });
  await page.goto(`${origin}/?${query}`);
  await asks(page, "What is a draft?");
});

test("a preview that does not come leaves the live survey, with the calls meanwhile", async () => {
  const page = await newPage();
  await page.route(/\.js\?preview=/, async (route) => {
    await page.evaluate(() => window.askwell!("show", "nps"));
    await route.abort();
  });
  await page.goto(`${origin}/?${query}`);
  await badge(page).getByText("cannot be loaded now").waitFor();
  await asks(page, "What is live?");
});
