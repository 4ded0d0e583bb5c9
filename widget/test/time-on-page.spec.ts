import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import {
  type Collector,
  choice,
  chromiumFlags,
  chromiumPath,
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
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.slice(1)}.js`));
  await collector.publish("half-minute", [origin], [npsSurvey([{ type: "time_on_page", seconds: 30 }])]);
  await collector.publish("second", [origin], [npsSurvey([{ type: "time_on_page", seconds: 1 }])]);
});

test("it shows after the seconds asked for, not before", async () => {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/half-minute`);
  await ready(page);
  const start = await page.evaluate(() => Date.now());
  const born = nextBorn(page);
  await page.clock.fastForward(29_000);
  await page.clock.fastForward(1_500);
  await choice(page, 0).waitFor();
  // By its own clock: that nothing is there yet at 29 s would also be so while the face loads.
  expect((await born).shown_at - start).toBeGreaterThanOrEqual(29_900);
});

test("time in a background tab does not count", async () => {
  // A browser that Playwright launched believes that every tab is visible, so this one is only attached to.
  const profile = await mkdtemp(join(tmpdir(), "askwell-chromium-"));
  const flags = ["--headless", ...chromiumFlags, "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const browserProcess = spawn(chromiumPath, flags, { stdio: ["ignore", "ignore", "pipe"] });
  const exited = new Promise((resolve) => browserProcess.once("exit", resolve));
  try {
    let endpoint = "";
    for await (const line of createInterface({ input: browserProcess.stderr! })) {
      endpoint = /ws:\/\/\S+/.exec(line)?.[0] ?? "";
      if (endpoint) break;
    }
    browserProcess.stderr!.resume();
    const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true });
    const context = browser.contexts()[0]!;
    context.setDefaultTimeout(10_000);
    const page = context.pages()[0] ?? (await context.newPage());
    const other = await context.newPage();
    // Which tab is in front is asked again and again: a busy browser takes its time, and in a hidden
    // tab nothing that waits for a frame ever ends.
    const front = (tab: typeof page) =>
      expect
        .poll(
          async () => {
            await tab.bringToFront();
            return page.evaluate(() => document.hidden);
          },
          { timeout: 8_000 },
        )
        .toBe(tab !== page);
    await front(other);
    await page.goto(`${origin}/second`);
    expect(await page.evaluate(() => [document.hidden, window.askwell?.loaded])).toEqual([true, true]);
    // Twice the time asked for passes in the background.
    await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
    expect(await panel(page).count()).toBe(0);
    await front(page);
    await expect.poll(() => panel(page).count(), { timeout: 8_000 }).toBe(1);
  } finally {
    browserProcess.kill("SIGKILL");
    await exited;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
