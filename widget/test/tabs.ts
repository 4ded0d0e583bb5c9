import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { chromiumFlags, chromiumPath } from "./harness.ts";

/**
 * Gives a browser whose tabs are hidden when another is in front: one that Playwright launched
 * believes that every tab is visible, so this one is only attached to.
 */
export async function withTabs(run: (context: BrowserContext) => Promise<void>): Promise<void> {
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
    context.setDefaultTimeout(20_000);
    await run(context);
  } finally {
    browserProcess.kill("SIGKILL");
    await exited;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Brings one of two tabs to the front. Which one is there is asked again and again: a busy browser
 * takes its time, and in a hidden tab nothing that waits for a frame ever ends.
 */
export const bringToFront = (tab: Page, other: Page): Promise<void> =>
  expect
    .poll(async () => {
      await tab.bringToFront();
      return Promise.all([tab, other].map((page) => page.evaluate(() => document.hidden)));
    })
    .toEqual([false, true]);
