import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { type Example, startExample } from "./example.ts";
import { asks, choice, newPage, panel, useBrowser } from "./harness.ts";

useBrowser();
let example: Example;
beforeAll(async () => {
  example = await startExample("webview");
});

declare global {
  interface Window {
    askwellApp(request: object): void;
  }
}

type Heard = { type: string; survey?: string };

/** A page in an app, whose side of the bridge is this script. */
async function openInApp(bridge: string, options: Parameters<typeof newPage>[0] = {}): Promise<[Page, Heard[]]> {
  const page = await newPage({ viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true, ...options });
  const heard: Heard[] = [];
  await page.exposeFunction("toApp", (message: string) => heard.push(JSON.parse(message)));
  await page.addInitScript(bridge);
  await page.goto(example.page);
  await expect.poll(() => heard).toEqual([{ type: "ready" }]);
  return [page, heard];
}

const request = { user: "u-42", traits: { name: "Noor" }, survey: "after-hike", hidden: { hike: "h-7" } };
const survey = "after-hike";

test("on iOS: the app says who and what, and hears when it was shown and completed", async () => {
  const [page, heard] = await openInApp("window.webkit = { messageHandlers: { askwell: { postMessage: toApp } } }", {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
  });
  expect(await page.locator("header").isVisible()).toBe(true);
  await page.evaluate((request) => window.askwellApp(request), request);
  await asks(page, "How satisfied are you with the map, Noor?");
  expect(await page.locator("header").isVisible()).toBe(false);
  await expect
    .poll(() => panel(page).locator("dialog").boundingBox()) // once it has moved in
    .toEqual({ x: 0, y: 0, width: 390, height: 760 });
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/webview.png` });
  await choice(page, 2).tap();
  await panel(page).getByRole("textbox").fill("Contour lines");
  await panel(page).getByRole("button", { name: "Send" }).tap();
  await panel(page).getByText("Thank you!").waitFor();
  await expect
    .poll(() => heard.map(({ type }) => type))
    .toEqual(["ready", "shown", "answered", "answered", "completed"]);
  expect(heard.slice(1).every((one) => one.survey === survey)).toBe(true);
  await expect
    .poll(() => example.responses(survey))
    .toMatchObject([
      {
        state: "completed",
        user: "u-42",
        traits: { name: "Noor" },
        hidden: { hike: "h-7" },
        answers: { map: 2, why: "Contour lines" },
        class: "live",
        device: "mobile",
        system: "iOS",
      },
    ]);
});

test("on Android: in the device's language, and dismissed", async () => {
  const [page, heard] = await openInApp("window.AskwellAndroid = { postMessage: (message) => toApp(message) }", {
    locale: "de-DE",
    userAgent:
      "Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36",
  });
  await page.evaluate((request) => window.askwellApp(request), { ...request, user: "u-43" });
  await asks(page, "Wie zufrieden sind Sie mit der Karte, Noor?");
  await panel(page).getByRole("button", { name: "Schließen" }).tap();
  await expect.poll(() => heard.map(({ type }) => type)).toEqual(["ready", "shown", "dismissed"]);
  await expect
    .poll(async () => (await example.responses(survey)).find(({ user }) => user === "u-43"))
    .toMatchObject({
      class: "live",
      state: "shown",
      dismissed_at: expect.any(Number),
      device: "mobile",
      system: "Android",
    });
});

test("what could not be shown is told with the survey that it is about: an app closes for its own alone", async () => {
  const [page, heard] = await openInApp("window.AskwellAndroid = { postMessage: (message) => toApp(message) }");
  await page.evaluate((request) => window.askwellApp(request), { ...request, survey: "long-gone" });
  await expect.poll(() => heard.slice(1)).toEqual([{ type: "error", survey: "long-gone" }]);
});

test("in a browser, the page can pretend to be the app", async () => {
  const page = await newPage();
  await page.goto(`${example.page}?pretend`);
  await choice(page, 5).click();
  await panel(page).getByText("Thank you!").waitFor();
  await page.getByText(`{"type":"completed","survey":"after-hike"}`).waitFor();
  expect(page.complaints).toEqual([]);
});
