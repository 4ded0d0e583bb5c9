import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { fired } from "./fired.ts";
import {
  type Collector,
  choice,
  leaveThroughTop,
  movePointer,
  newPage,
  nextBorn,
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
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const script = `${collector.url}/w/${path.slice(1)}.js`;
    if (path === "/framed")
      return `<!doctype html><body style="margin:0"><iframe src="/quick" style="position:absolute;top:200px;width:600px;height:300px"></iframe>`;
    return plainPage(
      script,
      `<iframe srcdoc="A frame" style="position:absolute;top:300px;left:300px"></iframe><select>${"<option>One</option>".repeat(9)}</select>`,
    );
  });
  await collector.publish("quick", [origin], [npsSurvey([exitIntent])]);
  await collector.publish("low", [origin], [npsSurvey([{ ...exitIntent, sensitivity: "low" }])]);
  await collector.publish("none", [origin], [npsSurvey([{ ...exitIntent, signals: ["scroll_up", "returned"] }])]);
  await collector.publish(
    "two",
    [origin],
    [
      npsSurvey([exitIntent], { id: "first", targeting: { url: [{ glob: "*/two?first" }] } }),
      npsSurvey([exitIntent], { id: "second" }),
    ],
  );
  await collector.publish("late", [origin], [npsSurvey([{ ...exitIntent, arm_after_seconds: 3_600 }])]);
});

async function open(path: string): Promise<Page> {
  const page = await newPage();
  await page.goto(origin + path);
  await page.waitForFunction(() => "askwell" in window || self.frames.length);
  return page;
}

/** Whether a gesture fires. A leave that certainly shows the survey follows: it could have shown. */
async function shows(page: Page, gesture: () => Promise<unknown>): Promise<boolean> {
  await gesture();
  const reason = await fired(page);
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  return reason !== undefined;
}

/** Which survey, by which trigger, a leave shows; show() comes after it, and shows this one where nothing has. */
async function leave(page: Page, fallback = "nps"): Promise<string> {
  const born = nextBorn(page);
  await leaveThroughTop(page);
  await page.evaluate(async (id) => {
    await new Promise((resolve) => setTimeout(resolve, 1)); // what fired is weighed in a timer of its own
    window.askwell!("show", id);
  }, fallback);
  const { survey, trigger } = await born;
  return `${survey} by ${trigger?.type}`;
}

test("leaving through the top shows the survey, and says why", async () => {
  const page = await open("/quick");
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  await expect.poll(() => collector.responses("quick", "nps")).toHaveLength(1);
  const [response] = await collector.responses("quick", "nps");
  expect(response).toMatchObject({ state: "shown", trigger: { type: "exit_intent", reason: "pointer_top" } });
});

test.each<[string, [number, number][]]>([
  [
    "sideways",
    [
      [640, 300],
      [900, 300],
      [1200, 300],
      [1330, 300],
    ],
  ],
  [
    "through the bottom",
    [
      [640, 300],
      [640, 500],
      [640, 750],
      [640, 850],
    ],
  ],
  [
    "into a frame",
    [
      [640, 300],
      [500, 350],
      [400, 360],
    ],
  ],
  [
    "over the corner, to the side",
    [
      [640, 300],
      [1000, 100],
      [1200, 20],
      [1330, -20],
    ],
  ],
])("leaving %s shows nothing", async (_, path) => {
  const page = await open("/quick");
  expect(await shows(page, () => movePointer(page, path))).toBe(false);
});

test("dragging something out of the page shows nothing", async () => {
  const page = await open("/quick");
  expect(
    await shows(page, async () => {
      await movePointer(page, [[640, 300]]);
      await page.mouse.down();
      const devtools = await page.context().newCDPSession(page);
      for (const y of [200, 100, 20, -30]) {
        await devtools.send("Input.dispatchMouseEvent", { type: "mouseMoved", x: 640, y, button: "left", buttons: 1 });
      }
      await devtools.send("Input.dispatchMouseEvent", { type: "mouseReleased", x: 640, y: -30, button: "left" });
      await movePointer(page, [[640, -35]]);
    }),
  ).toBe(false);
});

test("an untrusted event shows nothing", async () => {
  const page = await open("/quick");
  expect(
    await shows(page, () =>
      page.evaluate(() => {
        document.dispatchEvent(new MouseEvent("mousemove", { clientX: 640, clientY: 100 }));
        document.body.dispatchEvent(new MouseEvent("mouseout", { clientX: 640, clientY: -50, bubbles: true }));
      }),
    ),
  ).toBe(false);
});

test("a slow leave is none at low sensitivity", async () => {
  const page = await open("/low");
  expect(
    await shows(page, () =>
      movePointer(page, [
        [640, 12],
        [640, 9],
        [640, 6],
        [640, 3],
        [640, 0],
        [640, -1],
      ]),
    ),
  ).toBe(false);
});

test("inside a frame nothing is armed", async () => {
  const page = await open("/framed");
  const frame = page.frames()[1]!;
  await frame.waitForFunction(() => "askwell" in window);
  await frame.evaluate(() => window.askwell!("on", "shown", () => Object.assign(window, { shown: true })));
  await movePointer(page, [
    [300, 400],
    [300, 300],
    [300, 210],
    [300, 150],
    [300, 60],
  ]);
  // show() works in a frame; were the exit armed, one survey a page view would already have shown.
  expect(await frame.evaluate(() => "shown" in window)).toBe(false);
  expect(await frame.locator("askwell-survey").count()).toBe(0);
});

test("within the arming delay nothing shows", async () => {
  const page = await open("/late");
  await leaveThroughTop(page);
  await page.evaluate(() => window.askwell!("show", "nps"));
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("late", "nps")).map((r) => r.trigger?.type))
    .toEqual(["api"]);
});

test("before the pointer was on the page nothing shows", async () => {
  const page = await open("/quick");
  expect(await shows(page, () => movePointer(page, [[640, -40]]))).toBe(false);
});

test("a leave over a select's open list shows nothing", async () => {
  const page = await open("/quick");
  expect(
    await shows(page, async () => {
      await page.locator("select").focus();
      await page.keyboard.press("Alt+ArrowDown");
      await page.waitForFunction(() => document.querySelector("select:open"));
      await leaveThroughTop(page);
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => !document.querySelector("select:open"));
    }),
  ).toBe(false);
});

test("other signals than those asked for show nothing", async () => {
  const page = await open("/none");
  await ready(page);
  expect(await leave(page)).toBe("nps by api");
});

test("a survey that may not show does not keep the other from it", async () => {
  const page = await open("/two");
  await ready(page);
  expect(await leave(page, "first")).toBe("second by exit_intent");
});

test("of two surveys that wait for the same, the first shows", async () => {
  const page = await open("/two?first");
  await ready(page);
  expect(await leave(page, "second")).toBe("first by exit_intent");
});

test("a route change arms it again", async () => {
  const page = await open("/two");
  await ready(page);
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  await panel(page).getByRole("button", { name: "Close" }).click();
  await page.evaluate(() => history.pushState({}, "", "/two?first"));
  expect(await leave(page, "second")).toBe("first by exit_intent");
});

test("after destroy() nothing shows", async () => {
  const page = await open("/quick");
  await ready(page);
  // Whatever still listened would fetch the survey's face.
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  await page.evaluate(() => window.askwell!("destroy"));
  await leaveThroughTop(page);
  await page.evaluate(() => fetch("/end"));
  expect(fetched).toEqual([`${origin}/end`]);
});
