// What the benchmarks share: a collector and a browser of their own, gone when they end.
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export const loads = Number(process.env.LOADS ?? 15);
/** Of the processor: what a phone of the lower half has. */
export const throttle = 4;
export const cleanups = [];

const key = "a-key-for-the-bench-only";
const root = new URL("../../", import.meta.url).pathname;
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export async function startCollector() {
  const folder = await mkdtemp(join(tmpdir(), "askwell-bench-"));
  const child = spawn(
    `${root}collector/dist/askwell`,
    ["serve", "--demo", "--addr", "127.0.0.1:0", "--db", join(folder, "askwell.db"), "--rate-address", "0"],
    { env: { ASKWELL_ADMIN_KEY: key }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  cleanups.push(async () => {
    child.kill("SIGTERM");
    await exited;
    await rm(folder, { recursive: true, force: true });
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/[^/\s]+/.exec(line)?.[0];
    if (!url) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error("the collector did not start: is it built?");
}

/** Makes a site with these surveys live. */
export async function publish(collector, site, origin, surveys) {
  const api = async (method, path, body) => {
    const reply = await fetch(`${collector}/v1/sites/${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
  };
  await api("PUT", site, { site, name: site, origins: [origin] });
  for (const survey of surveys) {
    await api("PUT", `${site}/surveys/${survey.id}`, survey);
    await api("POST", `${site}/surveys/${survey.id}/publish`);
  }
}

export async function launch() {
  const version = /\d+/.exec(execFileSync(executablePath, ["--version"], { encoding: "utf8" }))[0];
  const browser = await chromium.launch({
    executablePath,
    args: [
      // A headless Chromium that says so counts as a bot.
      `--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
      "--no-sandbox",
      "--disable-gpu",
    ],
  });
  cleanups.push(() => browser.close());
  return browser;
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

export async function run(main) {
  try {
    await main();
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}
