// A download takes the same memory, however long it is.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Collector, cleanups, startCollector } from "../../../widget/test/harness.ts";
import { npsSurvey } from "../../../widget/test/surveys.ts";
import { type Client, createClient } from "../../src/server.ts";

let collector: Collector;
let client: Client;
beforeAll(async () => {
  collector = await startCollector();
  await collector.publish("shop", ["https://shop.example"], [npsSurvey([])]);
  const { key } = await collector.api<{ key: string }>("POST", "/v1/keys", { name: "export", scope: "write" });
  client = createClient({ host: collector.url, site: "shop", key });
  const why = "ż".repeat(2_000);
  await client.sendAll(
    "nps",
    Array.from({ length: 4_000 }, () => ({ answers: { nps: 9, why } })),
  );
}, 120_000);
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const used = () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const MB = 1 << 20;

test("a download takes no more memory as it goes on", async () => {
  const reader = (await client.table("nps", "ndjson")).getReader();
  let bytes = 0;
  let most = 0;
  let first: number | undefined;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const before = bytes;
    bytes += read.value.length;
    if (Math.floor(bytes / MB) === Math.floor(before / MB)) continue;
    first ??= used();
    most = Math.max(most, used());
  }
  expect(bytes).toBeGreaterThan(15 * MB);
  expect(most - first!).toBeLessThan(4 * MB);
});
