import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  newPage,
  panel,
  ready,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  const module = `import { createAskwell } from "/index.js";
    const askwell = createAskwell({ host: "${collector.url}", site: "shop" });
    askwell.identify("u-42", { plan: "pro" });
    askwell.cart({ value: 49.9, currency: "EUR", items: 2 });
    for (const event of ["shown", "answered", "completed"]) askwell.on(event, (survey) => (document.title += event + " " + survey + ";"));
    askwell.show("nps");
    window.sdk = askwell;`;
  // React's StrictMode makes, destroys and makes again, before the script can have come.
  const again = `import { createAskwell } from "/index.js";
    const options = { host: "${collector.url}", site: "shop" };
    const first = createAskwell(options);
    first.identify("first");
    first.destroy();
    const second = createAskwell(options);
    second.identify("second");
    second.show("nps");`;
  const page = (script: string) =>
    `<!doctype html><html lang="en"><title></title><script type="module" src="${script}"></script>`;
  const pages: Record<string, string> = {
    "/": page("/app.js"),
    "/app.js": module,
    "/again": page("/again.js"),
    "/again.js": again,
  };
  origin = await servePages((path) => pages[path], `${root}sdk/dist`);
  await collector.publish("shop", [origin], [npsSurvey([])]);
});

test("a page that knows only the SDK identifies, shows, hears and destroys", async () => {
  const page = await newPage();
  await page.goto(origin);
  await choice(page, 9).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await page.waitForFunction(() => document.title === "shown nps;answered nps;answered nps;completed nps;");
  await expect
    .poll(() => collector.responses("shop", "nps"))
    .toMatchObject([
      {
        state: "completed",
        user: "u-42",
        traits: { plan: "pro" },
        cart: { value: 49.9, currency: "EUR", items: 2 },
        answers: { nps: 9 },
      },
    ]);
  await ready(page);
  await page.evaluate(() => (window as unknown as { sdk: { destroy(): void } }).sdk.destroy());
  expect(
    await page.evaluate(() => ["askwell" in window, document.querySelectorAll(`script[src*="/w/"]`).length]),
  ).toEqual([false, 0]);
  expect(page.complaints).toEqual([]);
});

test("made, destroyed and made again before the script has come, the second one works", async () => {
  const page = await newPage();
  await page.goto(`${origin}/again`);
  await choice(page, 9).click();
  expect(await panel(page).count()).toBe(1);
  await expect
    .poll(async () => (await collector.responses("shop", "nps"))[0])
    .toMatchObject({ user: "second", answers: { nps: 9 } });
});
