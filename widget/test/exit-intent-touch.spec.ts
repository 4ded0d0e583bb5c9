import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { ExitIntentTrigger } from "../../sdk/src/wire.ts";
import { fired } from "./fired.ts";
import { type Collector, choice, newPage, nextBorn, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { exitIntent, npsSurvey, plainPage } from "./surveys.ts";
import { bringToFront, withTabs } from "./tabs.ts";

useBrowser();
let collector: Collector;
let origin: string;

const sites: Record<string, ExitIntentTrigger> = {
  medium: exitIntent,
  low: { ...exitIntent, sensitivity: "low" },
  high: { ...exitIntent, sensitivity: "high" },
  late: { ...exitIntent, arm_after_seconds: 3_600 },
  pointer: { ...exitIntent, signals: ["pointer_top", "returned"] },
};

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const [, site, short] = path.split("/");
    return plainPage(
      `${collector.url}/w/${site}.js`,
      `<input style="position:absolute;top:3000px"><button style="position:fixed;top:60px;left:100px">Back to top</button>
<div style="height:${short ? 500 : 6_000}px"></div><style>body{min-height:0!important}input{display:${short ? "none" : "block"}}</style><script>document.querySelector("button").onclick = () => scrollTo({ top: 0 })</script>`,
    );
  });
  for (const [site, options] of Object.entries(sites)) await collector.publish(site, [origin], [npsSurvey([options])]);
  await collector.publish(
    "returned",
    [origin],
    [
      npsSurvey([{ ...exitIntent, hidden_seconds: 3_600 }], { id: "long" }),
      npsSurvey([{ ...exitIntent, hidden_seconds: 1 }]),
    ],
  );
});

/** A page on a phone, scrolled down. */
async function open(path: string, down = 3_000): Promise<Page> {
  const page = await newPage({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  await page.goto(origin + path);
  await ready(page);
  await goTo(page, down);
  return page;
}

/** Waits until the page has stopped to move. */
const settled = (page: Page) =>
  page.evaluate(async () => {
    for (let same = 0, last = -1; same < 10; same = scrollY === last ? same + 1 : 0) {
      last = scrollY;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return scrollY;
  });

async function goTo(page: Page, y: number): Promise<void> {
  await page.evaluate((y) => scrollTo(0, y), y);
  await settled(page);
}

/**
 * Moves a finger as a hand does, in steps of 16 ms by the events' own clock: for so many pixels down, at so
 * many a millisecond. Further fingers stand beside it.
 */
async function swipe(page: Page, pixels: number, speed: number, fingers = 1): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  let timestamp = (await page.evaluate(() => performance.timeOrigin + performance.now())) / 1_000;
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", y?: number) => {
    timestamp += 0.016;
    const touchPoints =
      y === undefined ? [] : Array.from({ length: fingers }, (_, id) => ({ x: 150 + 90 * id, y, id }));
    return devtools.send("Input.dispatchTouchEvent", { type, touchPoints, timestamp });
  };
  const start = pixels > 0 ? 200 : 700;
  await touch("touchStart", start);
  for (let moved = 0; moved < Math.abs(pixels); moved += speed * 16)
    await touch("touchMove", Math.round(start + Math.sign(pixels) * moved));
  await touch("touchEnd");
  await devtools.detach();
  await settled(page);
}

const fling = (page: Page) => swipe(page, 500, 3);

/** Whether a gesture fires. A fling that certainly shows the survey follows: it could have shown. */
async function shows(page: Page, gesture: () => Promise<unknown>): Promise<boolean> {
  await gesture();
  await settled(page);
  const reason = await fired(page);
  await goTo(page, 3_000);
  await fling(page);
  await choice(page, 0).waitFor();
  return reason !== undefined;
}

/** Whether a gesture shows the survey, where a fling is no proof: show() comes after it. */
async function shown(page: Page, gesture: () => Promise<unknown>): Promise<string | undefined> {
  const born = nextBorn(page);
  await gesture();
  await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    window.askwell!("show", "nps");
  });
  return (await born).trigger?.type;
}

test("a fast scroll up shows the survey, and says why", async () => {
  const page = await open("/medium");
  await fling(page);
  await choice(page, 0).waitFor();
  await expect.poll(() => collector.responses("medium", "nps")).toHaveLength(1);
  const [response] = await collector.responses("medium", "nps");
  expect(response).toMatchObject({ state: "shown", trigger: { type: "exit_intent", reason: "scroll_up" } });
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  ["a fast scroll down", (page) => swipe(page, -500, 3)],
  ["a slow scroll up", (page) => swipe(page, 500, 0.5)],
  ["two fingers", (page) => swipe(page, 400, 3, 2)],
  ["a script's scroll", (page) => goTo(page, 0)],
  ["a scroll to a field that is typed in", (page) => page.locator("input").tap()],
  ["a button that leads back to the top", (page) => page.locator("button").tap()],
  [
    "a button that leads back to the top, right after a fling down",
    async (page) => {
      await swipe(page, -500, 3);
      await page.locator("button").tap();
    },
  ],
  [
    "from near the top",
    async (page) => {
      await goTo(page, 700);
      await fling(page);
    },
  ],
  [
    "at the top, where nothing moves",
    async (page) => {
      await goTo(page, 0);
      await fling(page);
    },
  ],
  [
    "at the bottom, where the page bounces back",
    async (page) => {
      await goTo(page, 9_999);
      await swipe(page, -500, 3);
    },
  ],
  [
    "an on-screen keyboard that opens and closes",
    async (page) => {
      await page.locator("input").tap();
      await page.setViewportSize({ width: 390, height: 450 });
      await settled(page);
      await page.setViewportSize({ width: 390, height: 800 });
    },
  ],
  [
    "untrusted events",
    (page) =>
      page.evaluate(() => {
        const touch = (type: string, clientY: number) => {
          const one = new Touch({ identifier: 1, target: document.body, clientX: 100, clientY });
          document.body.dispatchEvent(new TouchEvent(type, { touches: [one], bubbles: true }));
        };
        touch("touchstart", 100);
        const until = performance.now() + 60;
        while (performance.now() < until);
        touch("touchmove", 600);
        scrollTo(0, 2_000);
      }),
  ],
])("%s shows nothing", async (_, gesture) => {
  const page = await open("/medium");
  expect(await shows(page, () => gesture(page))).toBe(false);
});

test("a pinched page shows nothing", async () => {
  const page = await open("/medium");
  const devtools = await page.context().newCDPSession(page);
  const zoom = () => page.evaluate(() => visualViewport!.scale);
  const gesture = async () => {
    await devtools.send("Emulation.setPageScaleFactor", { pageScaleFactor: 2 });
    await expect.poll(zoom).toBe(2);
    await fling(page);
    await fling(page);
    await devtools.send("Emulation.setPageScaleFactor", { pageScaleFactor: 1 });
    await expect.poll(zoom).toBe(1);
  };
  expect(await shows(page, gesture)).toBe(false);
});

test("sensitivity says how fast: low wants twice the speed, high takes half", async () => {
  const low = await open("/low");
  expect(await shows(low, () => swipe(low, 500, 1.5))).toBe(false);
  const high = await open("/high");
  expect(await shows(high, () => swipe(high, 500, 0.8))).toBe(true);
});

test("a page of little more than a screen never shows it", async () => {
  const page = await open("/medium/short");
  expect(await shown(page, () => fling(page))).toBe("api");
});

test("within the arming delay nothing shows", async () => {
  const page = await open("/late");
  expect(await shown(page, () => fling(page))).toBe("api");
});

test("other signals than those asked for show nothing", async () => {
  const page = await open("/pointer");
  expect(await shown(page, () => fling(page))).toBe("api");
});

/** A tab on a touch screen that goes out of view for a good second, and comes back. */
async function away(page: Page, other: Page): Promise<void> {
  await bringToFront(other, page);
  await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
  await bringToFront(page, other);
}

test("coming back after a while shows the survey, on a touch screen", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    await bringToFront(page, other);
    await page.goto(`${origin}/returned`);
    await ready(page);
    const born = nextBorn(page);
    await away(page, other);
    expect(await born).toMatchObject({ survey: "nps", trigger: { type: "exit_intent", reason: "returned" } });
  }));

test("coming back shows nothing where there is a mouse, nor in a tab that was never in view", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await bringToFront(page, other);
    await page.goto(`${origin}/returned`);
    await ready(page);
    expect(await shown(page, () => away(page, other))).toBe("api");

    const devtools = await context.newCDPSession(other);
    await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    await other.goto(`${origin}/returned`);
    await ready(other);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
    expect(await shown(other, () => bringToFront(other, page))).toBe("api");
  }));

test("a page that the browser brings back has not been in the background", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    await page.goto(`${origin}/returned`);
    await ready(page);
    await page.evaluate(() => Object.assign(window, { same: true }));
    await page.goto(`${origin}/none`);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
    await page.goBack({ waitUntil: "commit" });
    await expect.poll(() => page.evaluate(() => "same" in window)).toBe(true); // it is the page of before
    expect(await shown(page, () => ready(page))).toBe("api");
  }));
