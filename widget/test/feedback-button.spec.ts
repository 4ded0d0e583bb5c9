import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  newPage,
  nextBorn,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
let strict: string;
beforeAll(async () => {
  collector = await startCollector();
  const language = (path: string) => (path.startsWith("/pl") ? "pl-PL" : "en");
  origin = await servePages((path) =>
    plainPage(
      `${collector.url}/w/${path.split("/").at(-1)}.js`,
      path.startsWith("/hostile")
        ? "<style>* { all: unset !important } html > *, askwell-feedback { display: none !important; opacity: 0 !important; pointer-events: none !important; position: static !important } button { display: none }</style>"
        : "<button id=own>The page's own</button>",
      language(path),
    ),
  );
  // The style attribute is plainPage's own.
  strict = await servePages((path) => plainPage(`${collector.url}/w/${path.slice(1)}.js`), undefined, {
    "Content-Security-Policy": `default-src 'none'; script-src ${collector.url}; connect-src ${collector.url}; style-src-attr 'unsafe-inline'; require-trusted-types-for 'script'`,
  });
  const button = { type: "feedback_button" } as const;
  await collector.publish("button", [origin, strict], [npsSurvey([button])]);
  await collector.publish(
    "left",
    [origin],
    [npsSurvey([{ ...button, position: "left", label: { en: "Tell us", pl: "Napisz" } }])],
  );
});

const tab = (page: Page) => page.locator("askwell-feedback button");

async function open(path: string, options: Parameters<typeof newPage>[0] = {}) {
  const page = await newPage(options);
  await page.goto(origin + path);
  await ready(page);
  return page;
}

test("it opens the survey and closes it, and stays after it was answered", async () => {
  const page = await open("/button");
  await expect.poll(() => tab(page).getAttribute("aria-expanded")).toBe("false");
  await tab(page).click();
  await choice(page, 0).waitFor();
  await expect.poll(() => tab(page).getAttribute("aria-expanded")).toBe("true");
  await expect
    .poll(async () => (await collector.responses("button", "nps")).map(({ trigger }) => trigger))
    .toEqual([{ type: "feedback_button", reason: "button" }]);
  await tab(page).click();
  await expect.poll(() => panel(page).count()).toBe(0);
  await expect.poll(() => tab(page).getAttribute("aria-expanded")).toBe("false");
  await tab(page).click();
  await choice(page, 9).click();
  await page.getByRole("button", { name: "Skip" }).click();
  await page.getByRole("button", { name: "Close" }).click();
  await expect.poll(() => panel(page).count()).toBe(0);
  await tab(page).click();
  await choice(page, 0).waitFor();
});

test("by keyboard too, by its name, and it hides its keys from the page", async () => {
  const page = await open("/button");
  await page.evaluate(() => {
    document.addEventListener("keydown", ({ key }) => Object.assign(window, { seen: key }));
  });
  await page.getByRole("button", { name: "Feedback", expanded: false }).focus();
  await page.keyboard.press("Enter");
  await choice(page, 0).waitFor();
  expect(await page.evaluate(() => "seen" in window)).toBe(false);
});

test("its words and its place are those asked for", async () => {
  const page = await open("/pl/left");
  expect(await tab(page).innerText()).toBe("Napisz");
  expect((await tab(page).boundingBox())!.x).toBe(0);
  const right = await open("/pl/button");
  expect(await tab(right).getAttribute("lang")).toBe("pl");
  const { x, width, height } = (await tab(right).boundingBox())!;
  expect(x + width).toBe(1_280);
  expect(width).toBeGreaterThanOrEqual(24);
  expect(height).toBeGreaterThanOrEqual(44);
});

test("a finger has 44 px to hit it", async () => {
  const page = await open("/button", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const { y, height } = (await tab(page).boundingBox())!;
  await page.touchscreen.tap(390 - 43, y + height / 2);
  await choice(page, 0).waitFor();
});

test("a script's click does not press it", async () => {
  const page = await open("/button");
  await page.evaluate(() => document.querySelector("askwell-feedback")!.shadowRoot!.querySelector("button")!.click());
  const born = nextBorn(page);
  await tab(page).click();
  expect((await born).trigger).toMatchObject({ type: "feedback_button" });
});

test("it withstands hostile styles", async () => {
  const page = await open("/hostile/button");
  await tab(page).click();
  await choice(page, 0).waitFor();
});

test("a strict Content-Security-Policy and Trusted Types have nothing to complain of", async () => {
  const page = await newPage();
  await page.goto(`${strict}/button`);
  await ready(page);
  const { width, height } = (await tab(page).boundingBox())!;
  expect(height).toBeGreaterThan(width * 2); // its style is there
  await tab(page).click();
  await choice(page, 0).waitFor();
  expect(page.complaints).toEqual([]);
});

test("it outlives the page's body and root, and goes with destroy()", async () => {
  const page = await open("/button");
  await page.evaluate(() => document.body.replaceWith(document.createElement("body")));
  expect(await tab(page).count()).toBe(1);
  await page.evaluate(() => document.querySelector("askwell-feedback")!.remove());
  await expect.poll(() => tab(page).count()).toBe(1);
  await page.evaluate(() => document.documentElement.replaceWith(document.createElement("html")));
  await expect.poll(() => tab(page).count()).toBe(1);
  await page.evaluate(() => history.pushState({}, "", "/next"));
  expect(await tab(page).count()).toBe(1);
  await page.evaluate(() => window.askwell!("destroy"));
  expect(await page.locator("askwell-feedback").count()).toBe(0);
});

test("it is not printed", async () => {
  const page = await open("/button");
  await page.emulateMedia({ media: "print" });
  expect(await tab(page).isVisible()).toBe(false);
});

test("axe finds nothing wrong with it, in forced colours neither", async () => {
  const page = await open("/button");
  await page.emulateMedia({ forcedColors: "active" });
  await page.addScriptTag({ path: fileURLToPath(new URL("../node_modules/axe-core/axe.min.js", import.meta.url)) });
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(context: unknown, options: unknown): Promise<{ violations: { id: string }[] }> };
    };
    return (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag22aa"] })).violations.map(({ id }) => id);
  });
  expect(found).toEqual([]);
});
