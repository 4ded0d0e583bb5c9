import { beforeAll, expect, test } from "vitest";
import { type Collector, newPage, nextBorn, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(() => plainPage(`${collector.url}/w/shop.js`));
  await collector.publish("shop", [origin], [npsSurvey([])]);
});

const signature = "a".repeat(64);

test.each<[string, unknown[], object]>([
  ["a user with a signature", ["u-42", { plan: "pro" }, signature], { user: "u-42", user_sig: signature }],
  ["a user without one", ["u-42"], { user: "u-42", user_sig: undefined }],
  ["a signature of the wrong kind", ["u-42", {}, { hex: 1 }], { user: "u-42", user_sig: undefined }],
  ["a visitor who is logged out", [null, null, null], { user: undefined, user_sig: undefined }],
])("%s", async (_, said, sent) => {
  const page = await newPage();
  await page.goto(origin);
  await ready(page);
  const born = nextBorn(page);
  await page.evaluate((said) => {
    const askwell = window.askwell as unknown as (...call: unknown[]) => void;
    askwell("identify", "someone before", { plan: "free" }, "b");
    askwell("identify", ...said);
    askwell("show", "nps");
  }, said);
  const { user, user_sig } = await born;
  expect({ user, user_sig }).toEqual(sent);
});
