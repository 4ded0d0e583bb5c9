// The client needs nothing but what every runtime with fetch has.
import { EdgeVM } from "@edge-runtime/vm";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Collector, cleanups, root, startCollector } from "../../../widget/test/harness.ts";
import { npsSurvey } from "../../../widget/test/surveys.ts";
import type { createClient } from "../../src/server.ts";

let collector: Collector;
beforeAll(async () => {
  collector = await startCollector();
  await collector.publish("shop", ["https://shop.example"], [npsSurvey([])]);
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test("it sends and reads where there is no Node", async () => {
  // What imports something of Node's does not come through: it would have to stay an import.
  const bundle = await rolldown({ input: `${root}sdk/src/server.ts`, platform: "neutral" });
  const { output } = await bundle.generate({ format: "iife", name: "askwell" });
  expect(output[0].imports).toEqual([]);
  const runtime = new EdgeVM();
  expect(runtime.evaluate("[typeof process, typeof Buffer, typeof require]")).toEqual(
    [..."123"].map(() => "undefined"),
  );
  runtime.evaluate(`${output[0].code}; globalThis.askwell = askwell`);
  const { key } = await collector.api<{ key: string }>("POST", "/v1/keys", { name: "edge", scope: "write" });
  const make = runtime.evaluate<typeof createClient>("askwell.createClient");
  const client = make({ host: collector.url, site: "shop", key });
  const id = await client.send("nps", { answers: { nps: 9 } }, { channel: "link" });
  expect((await client.scores("nps")).total.n).toBe(1);
  const reader = (await client.table("nps", "ndjson")).getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toContain(id);
  expect((await reader.read()).done).toBe(true);
});
