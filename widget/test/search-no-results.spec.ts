import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type {} from "../../sdk/src/calls.ts";
import { type Collector, choice, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
let content = "";
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.slice(1)}.js`, content));
  const publish = (site: string, more: object) =>
    collector.publish(site, [origin], [npsSurvey([{ type: "search_no_results", ...more }])]);
  await publish("text", { text: ["no results", "nothing found"] });
  await publish("selector", { selector: ".empty" });
  await publish("both", { selector: ".count", text: ["0 products"] });
  await publish("named", { parameters: ["find"], text: ["no results"] });
  await publish("wrong", { selector: ":nope(" });
});

async function open(path: string, body: string): Promise<Page> {
  content = body;
  const page = await newPage();
  await page.goto(`${origin}/${path}`);
  await ready(page);
  return page;
}

const fired = (page: Page) =>
  page.evaluate(
    () => new Promise<boolean>((tell) => window.askwell!("explain", ([survey]) => tell(!!survey!.triggers[0]!.fired))),
  );
const becomes = (page: Page) => expect.poll(() => fired(page)).toBe(true);
/** Whether it has fired when its own timer, of a second, set before this one, must have run. */
const fires = async (page: Page) => {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_300)));
  return fired(page);
};

test("a search page that says that nothing was found shows the survey", async () => {
  const page = await open("text?q=unicorn", "<main><p>Sorry, <b>No\n  Results</b> for unicorn</p></main>");
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("text", "nps")).map(({ trigger }) => trigger))
    .toEqual([{ type: "search_no_results" }]);
});

test.each([
  ["selector?s=x", `<p class="empty">Try another</p>`],
  ["both?query=x", `<p class="count">0 Products</p>`],
  ["named?page=2&find=x", "<p>No results</p>"],
  ["text#/search?keyword=x", "<p>Nothing found</p>"],
])("so does %s", async (path, body) => {
  await becomes(await open(path, body));
});

test.each([
  ["without a search", "text", "<main>No results</main>"],
  ["with an empty search", "text?q=%20", "<main>No results</main>"],
  ["with another parameter", "named?q=x", "<main>No results</main>"],
  ["with results", "text?q=x", "<main>3 results</main>"],
  ["where the words are outside the main part", "text?q=x", "<main>3 results</main><aside>No results?</aside>"],
  [
    "where the words are hidden",
    "text?q=x",
    "<main>3 results<p hidden>No results</p><template>No results</template></main>",
  ],
  ["where the element is hidden", "selector?q=x", `<p class="empty" hidden></p>`],
  ["where the element says another thing", "both?q=x", `<p class="count">10 products</p><p>Not 0 products</p>`],
])("a page %s shows nothing", async (_, path, body) => {
  expect(await fires(await open(path, body))).toBe(false);
});

test("what a script renders later counts", async () => {
  const page = await open("text?q=x", "<main>Searching…</main>");
  expect(await fires(page)).toBe(false);
  await page.evaluate(() => (document.querySelector("main")!.innerHTML = "<p>No results</p>"));
  await becomes(page);
  const shown = await open("selector?q=x", `<p class="empty" hidden>Nothing</p>`);
  expect(await fires(shown)).toBe(false);
  await shown.evaluate(() => document.querySelector(".empty")!.removeAttribute("hidden"));
  await becomes(shown);
});

test("what is only said while the page loads does not", async () => {
  const page = await open(
    "text?q=x",
    "<main>No results</main><script>setTimeout(() => (document.querySelector('main').textContent = '3 results'), 300)</script>",
  );
  expect(await fires(page)).toBe(false);
});

test("a route of a single-page app counts as a page", async () => {
  const page = await open("text", "<main>No results</main>");
  expect(await fires(page)).toBe(false);
  await page.evaluate(() => history.pushState({}, "", "?q=x"));
  await becomes(page);
});

test("after ten seconds nobody looks any more", async () => {
  content = "<main>Searching…</main>";
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/text?q=x`);
  await ready(page);
  for (let i = 0; i < 11; i++) await page.clock.fastForward(1_000);
  await page.evaluate(() => (document.querySelector("main")!.textContent = "No results"));
  for (let i = 0; i < 3; i++) await page.clock.fastForward(1_000);
  expect(await fired(page)).toBe(false);
});

test("a selector that is none disables it, on every page", async () => {
  const page = await open("wrong", "");
  const state = await page.evaluate(
    () => new Promise<string>((tell) => window.askwell!("explain", ([survey]) => tell(survey!.triggers[0]!.state))),
  );
  expect(state).toContain("SyntaxError");
});
