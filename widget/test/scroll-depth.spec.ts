import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { ScrollDepthTrigger } from "../../sdk/src/wire.ts";
import { explain, fired, frames } from "./fired.ts";
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
import { npsSurvey } from "./surveys.ts";
import { withTabs } from "./tabs.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const [, site, kind] = path.split("/");
    const height = { short: 300, tall: 4_000 }[kind!] ?? 2_000;
    return `<!doctype html><meta name="viewport" content="width=device-width"><title>A page</title>
      <style>body { margin: 0; height: ${height}px } #box { height: 200px; width: 400px; overflow: auto } #box div { height: 1000px }</style>
      <a href="#far" style="display: block; height: 40px">Down</a>
      <div id="box"><div>Much</div></div>
      <p id="far" style="position: absolute; top: ${height - 100}px; margin: 0">Far</p>
      <script async src="${collector.url}/w/${site}.js"></script>`;
  });
  const publish = (site: string, ...all: Omit<ScrollDepthTrigger, "type">[]) =>
    collector.publish(
      site,
      [origin],
      [npsSurvey(all.map((one) => ({ type: "scroll_depth", ...one })) as ScrollDepthTrigger[])],
    );
  await publish("three-quarters", { percent: 75 });
  await publish("end", { percent: 100 });
  await publish("any", { percent: 1 });
  await publish("box", { percent: 60, container: "#box" });
  await publish("wrong", { percent: 60, container: "[" }, { percent: 60 });
});

async function open(path: string, options = {}): Promise<Page> {
  const page = await newPage(options);
  await page.goto(`${origin}/${path}`);
  await ready(page);
  return page;
}

const top = (page: Page) => page.evaluate(() => Math.round(scrollY));

/** Turns the wheel over a place, until what is there has scrolled to where it should. */
async function wheel(page: Page, by: number, to: number, selector?: string): Promise<void> {
  const [x, y] = selector ? [200, 100] : [900, 500];
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, by);
  await expect
    .poll(() =>
      page.evaluate(
        (selector) => Math.round((selector ? document.querySelector(selector)! : document.scrollingElement!).scrollTop),
        selector,
      ),
    )
    .toBe(to);
  await frames(page);
}

test("it fires when the lower edge of what is in view is so far down the page", async () => {
  const page = await open("three-quarters");
  const born = nextBorn(page);
  await wheel(page, 690, 690); // 1490 of 2000
  expect(await fired(page)).toBeUndefined();
  await wheel(page, 20, 710);
  expect(await fired(page)).toBe("");
  expect((await born).trigger).toEqual({ type: "scroll_depth" });
  await expect
    .poll(() => collector.responses("three-quarters", "nps"))
    .toMatchObject([{ trigger: { type: "scroll_depth" } }]);
});

test("the end of the page is all of it, also where the zoom leaves a fraction of a pixel", async () => {
  const page = await open("end", { deviceScaleFactor: 1.1 });
  await wheel(page, 1_190, 1_190);
  expect(await fired(page)).toBeUndefined();
  await wheel(page, 500, 1_200);
  expect(await fired(page)).toBe("");
});

test("the keyboard scrolls too", async () => {
  const page = await open("three-quarters");
  await page.keyboard.press("End");
  await expect.poll(() => fired(page)).toBe("");
});

test("a finger scrolls too", async () => {
  const page = await open("three-quarters", { hasTouch: true, isMobile: true, viewport: { width: 400, height: 800 } });
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", y?: number) =>
    devtools.send("Input.dispatchTouchEvent", { type, touchPoints: y === undefined ? [] : [{ x: 200, y }] });
  for (let swipe = 0; swipe < 2; swipe++) {
    await touch("touchStart", 700);
    for (let y = 680; y >= 100; y -= 20) await touch("touchMove", y);
    await touch("touchEnd");
  }
  await expect.poll(() => fired(page)).toBe("");
});

/** Whether only the visitor's own scroll that follows, by a pixel, fires. */
async function onlyByHand(page: Page): Promise<void> {
  const before = await top(page);
  expect(before).toBeGreaterThan(700);
  await frames(page);
  expect(await fired(page)).toBeUndefined();
  await wheel(page, -1, before - 1);
  expect(await fired(page)).toBe("");
}

test("a jump to an anchor when the page opens does not count", async () => {
  const page = await open("three-quarters/tall#far");
  await expect.poll(() => top(page)).toBe(3_200);
  await onlyByHand(page);
});

test("a place that the browser restores does not count", async () => {
  const page = await open("three-quarters/tall");
  await page.evaluate(() => scrollTo(0, 3_150));
  await frames(page);
  expect(await fired(page)).toBeUndefined();
  await page.reload();
  await ready(page);
  await expect.poll(() => top(page)).toBe(3_150);
  await onlyByHand(page);
});

test("a click on a link to an anchor does not count", async () => {
  const page = await open("three-quarters/tall");
  await wheel(page, 3, 3);
  await page.click("a");
  await expect.poll(() => top(page)).toBe(3_200);
  await onlyByHand(page);
});

test("scrolling by the page's script does not count, smooth or not", async () => {
  const page = await open("three-quarters/tall");
  await page.evaluate(() => scrollTo(0, 3_100));
  await frames(page);
  expect(await fired(page)).toBeUndefined();
  await page.evaluate(() => scrollTo({ top: 3_150, behavior: "smooth" }));
  await expect.poll(() => top(page)).toBe(3_150);
  await page.evaluate(() => {
    document.dispatchEvent(new WheelEvent("wheel"));
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "End" }));
    scrollTo(0, 3_160);
  });
  await frames(page);
  await onlyByHand(page);
});

test("a page that cannot scroll never fires", async () => {
  const page = await open("any/short");
  await page.mouse.move(900, 500);
  await page.mouse.wheel(0, 500);
  await page.keyboard.press("End");
  const born = nextBorn(page);
  await frames(page);
  expect(await fired(page)).toBeUndefined();
  await page.evaluate(() => window.askwell!("show", "nps"));
  expect((await born).trigger).toEqual({ type: "api" });
});

test("where anything is enough, the first scroll is", async () => {
  const page = await open("any");
  await wheel(page, 5, 5);
  expect(await fired(page)).toBe("");
});

test("a page that grows is measured as it is", async () => {
  const page = await open("three-quarters");
  await page.evaluate(() => {
    addEventListener("scroll", () => {
      if (scrollY > 600) document.body.style.height = "4000px";
    });
  });
  await wheel(page, 650, 650);
  await wheel(page, 100, 750); // would have been enough before
  expect(await fired(page)).toBeUndefined();
  await wheel(page, 1_500, 2_250);
  expect(await fired(page)).toBe("");
});

test("a container is measured by itself, and the page is not", async () => {
  const page = await open("box");
  await wheel(page, 1_200, 1_200);
  expect(await fired(page)).toBeUndefined();
  await wheel(page, -1_200, 0);
  await wheel(page, 390, 390, "#box"); // 590 of 1000
  expect(await fired(page)).toBeUndefined();
  await wheel(page, 20, 410, "#box");
  expect(await fired(page)).toBe("");
});

test("a container's scroll is not the page's", async () => {
  const page = await open("any/tall");
  await wheel(page, 300, 300, "#box");
  expect(await fired(page)).toBeUndefined();
});

test("a container that comes later is found", async () => {
  const page = await open("box");
  await page.evaluate(() => {
    const box = document.querySelector("#box")!;
    const again = box.cloneNode(true);
    box.replaceWith(again);
  });
  await wheel(page, 410, 410, "#box");
  expect(await fired(page)).toBe("");
});

test("a container's selector that is none disables that trigger, says so, and the others work", async () => {
  const page = await open("wrong");
  await wheel(page, 1_000, 1_000);
  const { triggers } = (await explain(page)).nps!;
  expect(triggers[0]).toMatchObject({ state: expect.stringContaining("SyntaxError") });
  expect(triggers[1]).toMatchObject({ state: "armed", fired: expect.anything() });
});

test("a route starts with nothing scrolled", async () => {
  const page = await open("three-quarters/tall");
  await wheel(page, 500, 500);
  await page.evaluate(() => {
    history.pushState(null, "", "/three-quarters/tall/next");
    scrollTo(0, 3_100);
  });
  await frames(page);
  expect(await fired(page)).toBeUndefined();
  await onlyByHand(page);
});

test("after destroy() nothing listens", async () => {
  const page = await open("three-quarters");
  await page.evaluate(() => window.askwell!("destroy"));
  await wheel(page, 1_000, 1_000);
  expect(await panel(page).count()).toBe(0);
});

test("the scroll bar scrolls too, however long it is held", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${origin}/three-quarters`);
    await ready(page);
    const { width, height } = await page.evaluate(() => ({
      width: (document.documentElement.clientWidth + innerWidth) / 2,
      height: innerHeight,
    }));
    await page.mouse.move(width, 40);
    await page.mouse.down();
    await page.mouse.move(width, 60);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700))); // longer than momentum lasts
    await page.mouse.move(width, height, { steps: 5 });
    await expect.poll(() => fired(page)).toBe("");
    await page.mouse.up();
    await choice(page, 0).waitFor();
  }));
