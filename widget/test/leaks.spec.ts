import { readdir } from "node:fs/promises";
import type { CDPSession, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../sdk/src/explanation.ts";
import { everyTrigger } from "./every-trigger.ts";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  ready,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey } from "./surveys.ts";

/** Counts what lives, on the page; it only looks on. */
function count() {
  let targets: WeakRef<EventTarget>[] = [];
  const known = new WeakMap<object, Map<string, Set<unknown>>>();
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const keyOf = (type: string, options: unknown) =>
    `${type}${(typeof options === "object" ? (options as AddEventListenerOptions | null)?.capture : options) ? " capturing" : ""}`;
  EventTarget.prototype.addEventListener = function (this: EventTarget | undefined, type, listener, options) {
    const target = this ?? window;
    let of = known.get(target);
    if (!of) {
      known.set(target, (of = new Map()));
      targets.push(new WeakRef(target));
    }
    const key = keyOf(type, options);
    of.set(key, (of.get(key) ?? new Set()).add(listener));
    addEventListener.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (this: EventTarget | undefined, type, listener, options) {
    known
      .get(this ?? window)
      ?.get(keyOf(type, options))
      ?.delete(listener);
    removeEventListener.call(this ?? window, type, listener, options);
  };

  const observers: Record<string, Set<unknown>> = {};
  const names = ["MutationObserver", "IntersectionObserver", "PerformanceObserver", "ResizeObserver"] as const;
  for (const name of names) {
    const active: Set<unknown> = (observers[name] = new Set());
    const Native = window[name] as unknown as new (
      ...args: unknown[]
    ) => { observe(...a: unknown[]): void; disconnect(): void };
    const Counted = class extends Native {
      override observe(...args: unknown[]) {
        active.add(this);
        super.observe(...args);
      }
      override disconnect() {
        active.delete(this);
        super.disconnect();
      }
    };
    Object.assign(window, { [name]: Counted });
  }

  const timers: Record<string, Set<unknown>> = {};
  for (const [start, stop, once] of [
    ["setTimeout", "clearTimeout", true],
    ["setInterval", "clearInterval", false],
    ["requestIdleCallback", "cancelIdleCallback", true],
    ["requestAnimationFrame", "cancelAnimationFrame", true],
  ] as const) {
    const active: Set<unknown> = (timers[start] = new Set());
    const nativeStart = window[start] as (run: unknown, ...args: unknown[]) => number;
    const nativeStop = window[stop] as (id?: number) => void;
    Object.assign(window, {
      [start](run: (...args: unknown[]) => void, ...args: unknown[]) {
        const id = nativeStart(
          (...given: unknown[]) => {
            if (once) active.delete(id);
            run(...given);
          },
          ...args,
        );
        active.add(id);
        return id;
      },
      [stop](id?: number) {
        active.delete(id);
        nativeStop(id);
      },
    });
  }

  const counted = () => {
    const all: Record<string, number> = {};
    targets = targets.filter((target) => target.deref()); // or it would be we who leak
    for (const target of targets) {
      const alive = target.deref();
      if (!alive || (alive instanceof Node && !alive.isConnected)) continue;
      for (const [type, set] of known.get(alive)!) {
        const key = `${type} on ${(alive as Node).nodeName ?? alive.constructor.name}`;
        if (set.size) all[key] = (all[key] ?? 0) + set.size;
      }
    }
    for (const [name, set] of Object.entries({ ...observers, ...timers })) if (set.size) all[name] = set.size;
    return all;
  };
  Object.assign(window, { counted, wrapped: [Object.keys(history), Object.keys(window).sort()] });
}

type Counted = Record<string, number>;
const counted = (page: Page) => page.evaluate(() => (window as never as { counted(): Counted }).counted());

/** What the browser counts, after a collection. */
async function metrics(devtools: CDPSession) {
  // What was just let go of may be held by a finalizer once more.
  for (let i = 0; i < 3; i++) await devtools.send("HeapProfiler.collectGarbage");
  const all = (await devtools.send("Performance.getMetrics")).metrics;
  const of = (name: string) => all.find((one) => one.name === name)!.value;
  return { nodes: of("Nodes"), listeners: of("JSEventListeners"), heap: of("JSHeapUsedSize") };
}

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) =>
    path.endsWith(".js")
      ? "0"
      : `<!doctype html><html lang="en"><title>A page</title><body style="min-height:300vh"><h1>A page</h1>
      <form><input name="first"><input name="second"></form><button id="any">A button</button>`,
  );
  const buttons = [
    npsSurvey(everyTrigger),
    npsSurvey([...everyTrigger.slice(0, 8), { type: "time_on_page", seconds: 86_400, scope: "session" }], {
      id: "second",
    }),
  ];
  await collector.publish("every", [origin], buttons);
});

/** A page on which everything is counted; its script is not there yet. */
async function open() {
  const page = await newPage();
  await page.addInitScript(count);
  await page.goto(origin);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  // What the tests themselves need on the page is there before the first count.
  await page.waitForFunction(() => true);
  await run(page, "/nothing.js"); // the browser keeps a script's element for a while
  await page.locator("#any").click();
  // A field that held something keeps a node or two of the browser's own.
  await page.locator("[name=first]").fill("A word");
  await page.keyboard.press("Tab");
  await page.locator("[name=first]").fill("");
  await leaveThroughTop(page);
  return { page, devtools };
}

/** Runs a script, whose element does not stay. */
const run = (page: Page, src: string) =>
  page.evaluate(
    (src) =>
      new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = src;
        script.onload = resolve;
        document.head.append(script);
        script.remove();
      }),
    src,
  );

async function addScript(page: Page): Promise<void> {
  await run(page, `${collector.url}/w/every.js`);
  await ready(page);
  await allArmed(page);
}

const allArmed = (page: Page) =>
  page.waitForFunction(async () => {
    const surveys = (await window.askwell!("explain")) as unknown as Explanation[];
    return surveys.every(({ triggers }) => triggers.length && triggers.every(({ state }) => state === "armed"));
  });

test("each trigger is in this spec", async () => {
  const files = await readdir(`${root}widget/src/triggers`);
  const there = files
    .filter((file) => !/^trigger\./.test(file) && !file.includes(".test."))
    .map((file) => file.replaceAll("-", "_").replace(".ts", ""));
  expect([...new Set(everyTrigger.map(({ type }) => type))].sort()).toEqual(there.sort());
});

test.each([
  ["destroy()", (page: Page) => page.evaluate(() => window.askwell!("destroy"))],
  ["consent(false)", (page: Page) => page.evaluate(() => window.askwell!("consent", false))],
])("%s leaves no listener, observer, timer or node behind", async (_, end) => {
  const { page, devtools } = await open();
  const before = await counted(page);
  const metricsBefore = await metrics(devtools);
  await addScript(page);
  // All that triggers do when something happens.
  await page.mouse.wheel(0, 300);
  await page.locator("#any").click();
  await page.locator("[name=first]").fill("A word");
  await page.keyboard.press("Tab");
  await leaveThroughTop(page);
  await page.evaluate(() => {
    for (const id of ["a", "b"]) history.pushState(null, "", `/${id}`);
  });
  await allArmed(page);
  await page.evaluate(() => window.askwell!("show", "nps"));
  await choice(page, 9).click();
  const during = await counted(page);
  expect(Object.keys(during)).toEqual(expect.arrayContaining(["mousemove capturing on #document", "MutationObserver"]));
  expect(await page.locator("askwell-survey, askwell-feedback").count()).toBe(2);

  await end(page);
  await expect.poll(() => counted(page)).toEqual(before);
  expect(await page.locator("askwell-survey, askwell-feedback").count()).toBe(0);
  expect(await page.evaluate(() => [Object.keys(history), document.documentElement.getAttributeNames()])).toEqual([
    [],
    ["lang"],
  ]);
  await page.locator("[name=first]").fill("");
  // The browser lets go of nodes a while after the last step that needed them.
  await expect
    .poll(async () => {
      const { nodes, listeners } = await metrics(devtools);
      // One or two nodes are the browser's own: no script reaches them (a heap snapshot knows no detached one).
      return [nodes <= metricsBefore.nodes + 2, listeners <= metricsBefore.listeners, nodes, listeners];
    })
    .toEqual([true, true, expect.anything(), expect.anything()]);
});

test("a thousand route changes leak nothing", { timeout: 240_000 }, async () => {
  const { page, devtools } = await open();
  page.setDefaultTimeout(120_000);
  await addScript(page);
  /** Each is armed before the next: what is armed in idle time waits for it. */
  const change = (times: number) =>
    page.evaluate(async (times) => {
      for (let i = 0; i < times; i++) {
        history.pushState(null, "", `/route/${i % 10}`);
        // Its visitor has seen a thousand pages then, for which a trigger waits.
        if (i === 500) localStorage.clear();
        for (let armed = false; !armed; ) {
          await new Promise((resolve) => requestIdleCallback(resolve));
          const all = (await window.askwell!("explain")) as unknown as Explanation[];
          armed = all.every(({ triggers }) => triggers.every(({ state }) => state === "armed"));
        }
      }
    }, times);
  /** At rest: what triggers do right after they are armed is done. */
  const rest = async () => {
    await page.waitForTimeout(3_000);
    await metrics(devtools);
    const now = await counted(page);
    return { ...(await metrics(devtools)), counted: now };
  };
  await change(200);
  const before = await rest();
  await change(1_000);
  const after = await rest();
  expect(after.counted).toEqual(before.counted);
  expect([after.nodes, after.listeners]).toEqual([before.nodes, before.listeners]);
  // About 235 bytes a change are what explain() and the browser's own entries leave; one page view that is not
  // let go of, with the detectors of forty triggers, is some 30 kB.
  expect(after.heap - before.heap).toBeLessThan(600_000);
});
