import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type {} from "../../sdk/src/calls.ts";
import { type Collector, choice, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

const body = `<button class="buy"><b>Buy</b></button> <a class="buy" href="#there">Link</a> <button id="other">Other</button>
<label for="box" id="label">Label</label><input id="box" class="box" type="checkbox">
<x-card></x-card>
<script>
document.querySelector("x-card").attachShadow({mode: "open"}).innerHTML = '<button class="buy" id="deep"><i>Deep</i></button>';
document.querySelector(".buy").addEventListener("click", (event) => event.stopImmediatePropagation());
</script>`;

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.slice(1)}.js`, body));
  await collector.publish("click", [origin], [npsSurvey([{ type: "click", selector: ".buy" }])]);
  await collector.publish("around", [origin], [npsSurvey([{ type: "click", selector: "x-card, .box" }])]);
  await collector.publish("own", [origin], [npsSurvey([{ type: "click", selector: "button, label, input" }])]);
  await collector.publish(
    "wrong",
    [origin],
    [
      npsSurvey([
        { type: "click", selector: "a[" },
        { type: "click", selector: "#other" },
      ]),
    ],
  );
});

async function open(site: string): Promise<Page> {
  const page = await newPage();
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
}

/** When the first trigger of the page's survey last fired. */
const fired = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number | undefined>((tell) =>
        window.askwell!("explain", ([survey]) => tell(survey!.triggers[0]!.fired?.at)),
      ),
  );

test("a click inside the element shows the survey, also where the page stops the event", async () => {
  const page = await open("click");
  await page.locator(".buy b").click();
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("click", "nps")).map(({ trigger }) => trigger))
    .toEqual([{ type: "click" }]);
});

test.each(["Enter", "Space"])("%s on the button is a click", async (key) => {
  const page = await open("click");
  await page.locator("button.buy").first().focus();
  await page.keyboard.press(key);
  expect(await fired(page)).toBeGreaterThan(0);
});

test("so is one inside an open shadow root, and on the element around it", async () => {
  const page = await open("click");
  await page.locator("#deep i").click();
  expect(await fired(page)).toBeGreaterThan(0);
  const around = await open("around");
  await around.locator("#deep i").click();
  expect(await fired(around)).toBeGreaterThan(0);
});

test("a label's click is one of its field", async () => {
  const page = await open("around");
  await page.locator("#label").click();
  expect(await fired(page)).toBeGreaterThan(0);
});

test("a click elsewhere, and one that a script makes, show nothing", async () => {
  const page = await open("click");
  await page.locator("#other").click();
  await page.locator("h1").click();
  await page.evaluate(() => {
    for (const e of document.querySelectorAll<HTMLElement>(".buy")) e.click();
  });
  expect(await fired(page)).toBeUndefined();
  await page.locator("a.buy").click();
  expect(await fired(page)).toBeGreaterThan(0);
});

test("clicks on the survey itself are not the page's", async () => {
  const page = await open("own");
  await page.evaluate(() => window.askwell!("show", "nps"));
  await choice(page, 9).click();
  expect(await fired(page)).toBeUndefined();
  await page.locator("#other").click();
  expect(await fired(page)).toBeGreaterThan(0);
});

test("a selector that is none disables its trigger, and no other", async () => {
  const page = await open("wrong");
  const states = await page.evaluate(
    () =>
      new Promise<string[]>((tell) =>
        window.askwell!("explain", ([survey]) => tell(survey!.triggers.map(({ state }) => state))),
      ),
  );
  expect(states[0]).toContain("SyntaxError");
  expect(states[1]).toBe("armed");
  await page.locator("#other").click();
  await choice(page, 0).waitFor();
});

test("after a route change it waits anew; after destroy() no more", async () => {
  const page = await open("click");
  await page.locator("a.buy").click();
  expect(await fired(page)).toBeGreaterThan(0);
  await page.evaluate(() => history.pushState({}, "", "/other"));
  expect(await fired(page)).toBeUndefined();
  await page.locator("a.buy").click();
  expect(await fired(page)).toBeGreaterThan(0);
  await page.evaluate(() => window.askwell!("destroy"));
  await page.locator("a.buy").click();
  expect(await page.locator("askwell-survey").count()).toBe(0);
});
