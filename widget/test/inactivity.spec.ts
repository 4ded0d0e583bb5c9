import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { fired } from "./fired.ts";
import { type Collector, newPage, nextBorn, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";
import { bringToFront, withTabs } from "./tabs.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) =>
    plainPage(
      `${collector.url}/w/${path.split("/")[1]}.js`,
      `<input id="text"><div id="editor" contenteditable>x</div><label><input type="checkbox" id="box">box</label>
      <iframe srcdoc="<button>Inside</button>"></iframe><p id="rest">Nothing</p>`,
    ),
  );
  await collector.publish("minute", [origin], [npsSurvey([{ type: "inactivity" }])]);
  await collector.publish("second", [origin], [npsSurvey([{ type: "inactivity", seconds: 1 }])]);
});

async function open(): Promise<Page> {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/minute`);
  await ready(page);
  return page;
}

/** Turns the wheel, and waits until the page knows. */
async function wheel(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(window, { wheeled: false });
    addEventListener("wheel", () => Object.assign(window, { wheeled: true }));
  });
  await page.mouse.wheel(0, 10);
  await page.waitForFunction(() => (window as { wheeled?: boolean }).wheeled);
}

/** Lets three minutes pass without input, and says what the trigger did. */
async function rest(page: Page): Promise<string | undefined> {
  for (let i = 0; i < 3; i++) await page.clock.fastForward(61_000);
  return fired(page);
}

const silence = (loop: boolean, muted: boolean) =>
  // A second of silence, as a WAV file.
  `const bytes = new Uint8Array(8044).fill(128);
  bytes.set([82,73,70,70,100,31,0,0,87,65,86,69,102,109,116,32,16,0,0,0,1,0,1,0,64,31,0,0,64,31,0,0,1,0,8,0,100,97,116,97,64,31,0,0]);
  const audio = document.createElement("audio");
  audio.src = URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
  audio.loop = ${loop};
  audio.muted = ${muted};`;

test("a minute without input after some shows the survey", async () => {
  const page = await open();
  const born = nextBorn(page);
  await page.mouse.move(500, 500);
  await page.clock.fastForward(59_000);
  await page.mouse.move(510, 500);
  await page.clock.fastForward(59_000);
  expect(await fired(page)).toBeUndefined();
  await page.clock.fastForward(1_500);
  expect(await fired(page)).toBe("");
  expect((await born).trigger).toEqual({ type: "inactivity" });
  await expect.poll(() => collector.responses("minute", "nps")).toHaveLength(1);
});

test("a page that nobody touched does not show it, whatever it does itself", async () => {
  const page = await open();
  await page.evaluate(() => {
    scrollTo(0, 300);
    document.body.dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
    document.body.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true }));
    document.querySelector("input")!.focus();
  });
  expect(await rest(page)).toBeUndefined();
  await wheel(page);
  expect(await rest(page)).toBe("");
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  ["a key", (page) => page.keyboard.press("Shift")],
  ["a press", (page) => page.mouse.down()],
  ["the wheel", wheel],
])("%s is input", async (_, act) => {
  const page = await open();
  await act(page);
  await page.clock.fastForward(30_000);
  await act(page);
  await page.clock.fastForward(31_000);
  expect(await fired(page)).toBeUndefined();
  await page.clock.fastForward(31_000);
  expect(await fired(page)).toBe("");
});

test("a page that scrolls by itself is idle all the same", async () => {
  const page = await open();
  await page.mouse.move(500, 500);
  await page.clock.fastForward(40_000);
  await page.evaluate(() => scrollTo(0, 300));
  await page.clock.fastForward(21_000);
  expect(await fired(page)).toBe("");
});

test.each(["#text", "#editor"])(
  "who stopped in the middle of a text is left alone until out of it (%s)",
  async (field) => {
    const page = await open();
    await page.click(field);
    await page.keyboard.type("I think");
    expect(await rest(page)).toBeUndefined();
    await page.click("#rest");
    expect(await rest(page)).toBe("");
  },
);

test("a text inside a shadow root is one too", async () => {
  const page = await open();
  await page.evaluate(() => {
    document.querySelector("#rest")!.attachShadow({ mode: "open" }).innerHTML = `<textarea></textarea>`;
  });
  await page.click("textarea");
  await page.keyboard.type("I think");
  expect(await rest(page)).toBeUndefined();
  await page.click("h1");
  expect(await rest(page)).toBe("");
});

test("a field that has the focus and no text from the visitor, or a box, keeps nobody from being asked", async () => {
  const page = await open();
  await page.click("#text");
  expect(await rest(page)).toBe("");
  await page.evaluate(() => history.pushState(null, "", "/minute/next"));
  await page.click("#box");
  expect(await rest(page)).toBe("");
});

test("what goes on inside a frame nobody knows", async () => {
  const page = await open();
  await page.frameLocator("iframe").getByText("Inside").click();
  expect(await rest(page)).toBeUndefined();
  await page.click("#rest");
  expect(await rest(page)).toBe("");
});

test.each([
  ["on the page", "document.body"],
  ["inside shadow roots", `document.querySelector("#rest").attachShadow({ mode: "open" })`],
])("while something plays %s nobody is asked", async (_, parent) => {
  const page = await open();
  await page.click("h1");
  await page.evaluate(`${silence(true, false)} ${parent}.append(audio); window.audio = audio; audio.play()`);
  expect(await rest(page)).toBeUndefined();
  await page.evaluate("audio.pause()");
  expect(await rest(page)).toBe("");
});

test("the end of what played counts as input", async () => {
  const page = await newPage();
  await page.goto(`${origin}/second`);
  await ready(page);
  await page.evaluate(() => window.askwell!("on", "shown", () => Object.assign(window, { shown: performance.now() })));
  await page.click("h1");
  await page.evaluate(
    `${silence(false, false)} document.body.append(audio); audio.onpause = () => { window.paused = performance.now() }; audio.play()`,
  );
  await page.waitForFunction(() => "shown" in window);
  const [paused, shown] = (await page.evaluate("[paused, shown]")) as [number, number];
  expect(shown - paused).toBeGreaterThanOrEqual(990);
});

test("a silent loop is decoration", async () => {
  const page = await open();
  await page.click("h1");
  await page.evaluate(`${silence(true, true)} document.body.append(audio); audio.play()`);
  expect(await rest(page)).toBe("");
});

test("a picture in a picture is being watched", async () => {
  const page = await open();
  await page.click("h1");
  await page.evaluate(() =>
    Object.defineProperty(document, "pictureInPictureElement", { value: document.body, configurable: true }),
  );
  expect(await rest(page)).toBeUndefined();
  await page.evaluate(() => delete (document as { pictureInPictureElement?: unknown }).pictureInPictureElement);
  expect(await rest(page)).toBe("");
});

test("on a new route something has to be done first, and after destroy() nothing waits", async () => {
  const page = await open();
  await page.mouse.move(500, 500);
  await page.evaluate(() => history.pushState(null, "", "/minute/next"));
  expect(await rest(page)).toBeUndefined();
  await page.mouse.move(510, 500);
  await page.evaluate(() => window.askwell!("destroy"));
  await page.clock.fastForward(61_000);
  expect(await panel(page).count()).toBe(0);
});

test("a page in the background is not idle, and has its time again in front", () =>
  withTabs(async (context) => {
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    await bringToFront(page, other);
    await page.addInitScript(() =>
      document.addEventListener("visibilitychange", () => {
        if (!document.hidden) Object.assign(window, { front: performance.now() });
      }),
    );
    await page.goto(`${origin}/second`);
    await ready(page);
    await page.evaluate(() =>
      window.askwell!("on", "shown", () => Object.assign(window, { shown: performance.now() })),
    );
    await page.bringToFront();
    await page.mouse.move(300, 300);
    await bringToFront(other, page);
    await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
    await bringToFront(page, other);
    // A survey is shown once the frame was painted in which it stands on the page.
    await page.waitForFunction(() => "shown" in window);
    const waited = await page.evaluate(() => {
      const { front, shown } = window as unknown as Record<"front" | "shown", number>;
      return shown - front;
    });
    expect(waited).toBeGreaterThanOrEqual(990);
  }));
