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
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${origin}/second`);
    const other = await context.newPage(); // comes to the front
    await page.waitForFunction(() => document.hidden && window.askwell?.loaded, undefined, { polling: 100 });
    // Twice the time asked for passes in the background.
    await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
    expect(await panel(page).count()).toBe(0);
    await page.bringToFront();
    await choice(page, 0).waitFor();
  } finally {
    browserProcess.kill("SIGKILL");
    await exited;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
