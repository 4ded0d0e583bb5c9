import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type {} from "../../sdk/src/calls.ts";
import { type Collector, choice, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";
import { bringToFront, withTabs } from "./tabs.ts";

const body = `<div id="marker" style="width:9px;height:9px"></div><div style="height:2000px">Far down:</div>
<div id="target" class="target" style="height:400px;background:#eee">Target</div>
<div style="height:1000px"></div><div id="tall" style="height:8000px;background:#eef">Taller than the screen</div>`;

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.slice(1)}.js`, body));
  const visible = { type: "element_visible", seconds: 0 } as const;
  // The second tells when everything that could fire the first has been looked at.
  const marker = { ...visible, selector: "#done" };
  const publish = (site: string, more: object) =>
    collector.publish(site, [origin], [npsSurvey([{ ...visible, selector: ".target", ...more }, marker])]);
  await publish("now", {});
  await publish("all", { percent: 100 });
  await publish("tall", { selector: "#tall" });
  await publish("dwell", { seconds: 1 });
  await publish("minute", { seconds: 60 });
  await publish("wrong", { selector: "p:nth-child(" });
});

async function open(site: string): Promise<Page> {
  const page = await newPage();
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
}

/** When the triggers of the survey last fired. */
const fired = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<(number | undefined)[]>((tell) =>
        window.askwell!("explain", ([survey]) => tell(survey!.triggers.map(({ fired }) => fired?.at))),
      ),
  );

/** Whether the first trigger has fired by when the second one certainly has, for an element that comes after all else. */
async function hasFired(page: Page): Promise<boolean> {
  await page.evaluate(() =>
    document
      .getElementById("marker")!
      .parentElement!.append(Object.assign(document.createElement("b"), { id: "done" })),
  );
  await page.evaluate(() =>
    Object.assign(document.getElementById("done")!.style, { position: "fixed", top: 0, width: "9px", height: "9px" }),
  );
  await expect.poll(async () => !!(await fired(page))[1]).toBe(true);
  return !!(await fired(page))[0];
}

const scroll = (page: Page, y: number) => page.evaluate((y) => window.scrollTo(0, y), y);
/** Where an element begins in the page. */
const top = (page: Page, selector: string) =>
  page.evaluate((s) => document.querySelector(s)!.getBoundingClientRect().top + scrollY, selector);

test("an element that comes into view shows the survey", async () => {
  const page = await open("now");
  expect(await hasFired(page)).toBe(false);
  await scroll(page, 2_000);
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("now", "nps")).map(({ trigger }) => trigger))
    .toEqual([{ type: "element_visible" }]);
});

test("half of it must be in view, or as much as was asked for", async () => {
  const page = await open("now");
  const start = (await top(page, ".target")) - 800;
  await scroll(page, start + 190);
  expect(await hasFired(page)).toBe(false);
  await scroll(page, start + 210);
  await expect.poll(async () => !!(await fired(page))[0]).toBe(true);
  const all = await open("all");
  await scroll(all, start + 390);
  expect(await hasFired(all)).toBe(false);
  await scroll(all, start + 400);
  await expect.poll(async () => !!(await fired(all))[0]).toBe(true);
});

test("of an element that is larger than the screen, half of the screen", async () => {
  const page = await open("tall");
  const start = (await top(page, "#tall")) - 800;
  await scroll(page, start + 390);
  expect(await hasFired(page)).toBe(false);
  await scroll(page, start + 420);
  await expect.poll(async () => !!(await fired(page))[0]).toBe(true);
});

test.each<[string, () => void]>([
  ["is added", () => document.querySelector("h1")!.insertAdjacentHTML("afterend", "<p><b class=target>New</b></p>")],
  ["gets its class", () => void (document.querySelector("h1")!.className = "target")],
  [
    "is in an open shadow root, added later",
    () => {
      const host = document.createElement("div");
      host.attachShadow({ mode: "open" }).innerHTML = "<div id=inner></div>";
      host.shadowRoot!.getElementById("inner")!.attachShadow({ mode: "open" }).innerHTML = "<p class=target>Deep</p>";
      document.querySelector("h1")!.after(host);
    },
  ],
  [
    "is added in a shadow root that was added before",
    () => {
      const host = document.createElement("div");
      host.attachShadow({ mode: "open" });
      document.querySelector("h1")!.after(host);
      setTimeout(() => (host.shadowRoot!.innerHTML = "<p class=target>Deep</p>"), 600);
    },
  ],
  [
    "is in an element that is defined later",
    () => {
      document.querySelector("h1")!.after(document.createElement("x-late"));
      setTimeout(
        () =>
          customElements.define(
            "x-late",
            class extends HTMLElement {
              constructor() {
                super();
                this.attachShadow({ mode: "open" }).innerHTML = "<p class=target>Deep</p>";
              }
            },
          ),
        600,
      );
    },
  ],
])("an element counts that %s", async (_, change) => {
  const page = await open("now");
  expect((await fired(page))[0]).toBeUndefined();
  await page.evaluate(change);
  await expect.poll(async () => !!(await fired(page))[0]).toBe(true);
});

test("one that cannot be seen is not in view, until it can be", async () => {
  const page = await open("now");
  await page.evaluate(() => {
    document.head.insertAdjacentHTML("beforeend", "<style>.clear { opacity: 0 }</style>");
    document
      .querySelector("h1")!
      .insertAdjacentHTML("afterend", `<p class="target" hidden>A</p><div class="clear"><p class="target">B</p></div>`);
  });
  expect(await hasFired(page)).toBe(false);
  await page.evaluate(() => document.querySelector(".clear")!.classList.remove("clear"));
  await expect.poll(async () => !!(await fired(page))[0]).toBe(true);
});

test("a while in view must be without a break", async () => {
  const page = await open("minute");
  const marks = await page.evaluate(() => ({ start: Date.now() }));
  await page.clock.install({ time: marks.start });
  await page.reload();
  await ready(page);
  await scroll(page, 2_000);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.clock.fastForward(40_000);
  await scroll(page, 0);
  expect(await hasFired(page)).toBe(false);
  await scroll(page, 2_000);
  await page.clock.fastForward(40_000);
  expect((await fired(page))[0]).toBeUndefined();
});

test("time in a background tab does not count", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await bringToFront(page, other);
    await page.goto(`${origin}/dwell`);
    await ready(page);
    await bringToFront(other, page);
    await page.evaluate(() => window.scrollTo(0, 2_000));
    await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
    expect((await fired(page))[0]).toBeUndefined();
    await bringToFront(page, other);
    await expect.poll(async () => !!(await fired(page))[0]).toBe(true);
  }));

test("a selector that is none disables its trigger", async () => {
  const page = await open("wrong");
  const [state] = await page.evaluate(
    () =>
      new Promise<string[]>((tell) =>
        window.askwell!("explain", ([survey]) => tell(survey!.triggers.map(({ state }) => state))),
      ),
  );
  expect(state).toContain("SyntaxError");
  expect(await hasFired(page)).toBe(false);
});

test("after destroy() nothing is told", async () => {
  const page = await open("now");
  await page.evaluate(() => {
    window.askwell!("destroy");
    window.scrollTo(0, 2_000);
  });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await page.locator("askwell-survey").count()).toBe(0);
});
