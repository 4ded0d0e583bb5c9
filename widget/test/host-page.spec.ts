import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  panel,
  ready,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey } from "./surveys.ts";

// A page nobody here wrote, as npm ships it; only the script tag is added.
const folder = `${root}widget/node_modules/startbootstrap-shop-homepage/dist`;

useBrowser();
let collector: Collector;
let site: string;
beforeAll(async () => {
  collector = await startCollector();
  site = await servePages(async (path) => {
    if (path !== "/") return undefined;
    const html = await readFile(`${folder}/index.html`, "utf8");
    return html.replace("</body>", `<script async src="${collector.url}/w/shop.js"></script></body>`);
  }, folder);
  await collector.publish("shop", [site], [npsSurvey([exitIntent])]);
});

test("a survey on a foreign page shows on exit, is answered, and moves nothing", async () => {
  const page = await newPage();
  await page.goto(site);
  await ready(page);
  await page.evaluate(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput) shifts.push(entry.value);
    }).observe({ type: "layout-shift" });
  });
  const layout = () =>
    page.evaluate(() =>
      [...document.body.querySelectorAll("*")].map((e) => {
        const { x, y, width, height } = e.getBoundingClientRect();
        return [e.tagName, x, y, width, height].join(" ");
      }),
    );
  const before = await layout();

  await leaveThroughTop(page);
  await choice(page, 9).waitFor();
  expect(await layout()).toEqual(before);
  // Look at it: CI keeps no pictures, so this is for whoever runs the spec by hand.
  await panel(page).evaluate((host) => Promise.all(host.shadowRoot!.getAnimations().map((a) => a.finished)));
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/host-page.png` });
  const font = await panel(page)
    .locator("legend")
    .evaluate((e) => getComputedStyle(e).fontFamily);
  expect(font).not.toBe(await page.evaluate(() => getComputedStyle(document.body).fontFamily));

  await choice(page, 9).click();
  await panel(page).getByRole("textbox").fill("It just works");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  expect(await layout()).toEqual(before);
  expect(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)).toEqual([]);

  await expect.poll(async () => (await collector.score("shop", "nps")).total).toMatchObject({ n: 1, score: 100 });
  // The score counts an answer of which the rest is still on its way.
  const first = async () => (await collector.responses("shop", "nps"))[0];
  await expect.poll(first).toMatchObject({
    state: "completed",
    answers: { nps: 9, why: "It just works" },
    trigger: { type: "exit_intent", reason: "pointer_top" },
    page: { url: `${site}/` },
    language: "en",
  });
  // The page's own scripts come from a network that specs do not have.
  expect(page.complaints.filter((text) => !text.includes("Failed to load resource"))).toEqual([]);
});
