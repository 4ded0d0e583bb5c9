// The client for servers, against a real collector, and through a network that fails.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Collector, cleanups, servePages, startCollector } from "../../../widget/test/harness.ts";
import { AskwellError, type Client, type ClientOptions, createClient, newId, type Sent } from "../../src/server.ts";
import type { Definition } from "../../src/wire.ts";
import { type FaultyProxy, startProxy } from "./proxy.ts";

const ces = {
  id: "support-ces",
  name: "Support",
  touchpoint: "support",
  languages: ["en"],
  hidden: { agent: "string", conversation: "string" },
  questions: [
    { id: "ces", type: "ces", title: "How easy was it?" },
    { id: "why", type: "text", title: "What took the most effort?" },
  ],
} as unknown as Definition;

let collector: Collector;
let proxy: FaultyProxy;
const keys = { read: "", write: "" };
/** A survey of the test's own. */
let survey: string;
let surveys = 0;
/** Straight to the collector, and through the proxy. */
let direct: Client;
let client: Client;
const through = (more: Partial<ClientOptions> = {}) =>
  createClient({ host: proxy.url, site: "shop", key: keys.write, ...more });

beforeAll(async () => {
  collector = await startCollector();
  proxy = await startProxy(collector);
  await collector.publish("shop", ["https://shop.example"], []);
  for (const scope of ["read", "write"] as const) {
    keys[scope] = (await collector.api<{ key: string }>("POST", "/v1/keys", { name: scope, scope })).key;
  }
  direct = createClient({ host: collector.url, site: "shop", key: keys.write });
  client = through();
});
beforeEach(async () => {
  survey = `support-${++surveys}`;
  await collector.api("PUT", `/v1/sites/shop/surveys/${survey}`, { ...ces, id: survey });
  await collector.api("POST", `/v1/sites/shop/surveys/${survey}/publish`);
  Object.assign(proxy, { faults: [], passed: [] });
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const failure = (call: Promise<unknown>): Promise<AskwellError> =>
  call.then(
    () => expect.unreachable(),
    (error) => error as AskwellError,
  );

test.each([
  "lost",
  "unanswered",
  "half",
  "silent",
  { status: 503, headers: { "Retry-After": "0" } },
  { status: 429, headers: { "Retry-After": "1" } },
  { status: 502 },
] as const)("a response is stored once, whatever happens on its way: %j", async (fault) => {
  proxy.faults.push(fault, fault);
  const id = await through({ timeout: fault === "silent" ? 200 : 30_000 }).send(
    survey,
    { answers: { ces: 6 }, hidden: { agent: "Ada", conversation: "c-17" }, user: "u-42" },
    { channel: "email" },
  );
  expect(await collector.responses("shop", survey)).toMatchObject([
    { id, channel: "email", state: "completed", user: "u-42", answers: { ces: 6 }, hidden: { agent: "Ada" } },
  ]);
  // The collector had it once, or several times, and always the same.
  const arrived = fault === "unanswered" || fault === "half" ? 3 : 1;
  expect(proxy.passed).toHaveLength(arrived);
  expect(new Set(proxy.passed.map(({ body }) => body)).size).toBe(1);
});

test("a collector that is down has the response once it is up again", async () => {
  await collector.stop();
  const sent = direct.send(survey, { answers: { ces: 5 } });
  await collector.start();
  const id = await sent;
  expect(await collector.responses("shop", survey)).toMatchObject([{ id }]);
});

test("what is asked first, and answered later, is one response", async () => {
  const id = newId();
  const hidden = { agent: "Ada" };
  await client.send(survey, { id, state: "shown", hidden }, { channel: "email" });
  expect((await client.funnel(survey)).total).toMatchObject({ shown: 1, completed: 0 });
  expect(await client.send(survey, { id, seq: 2, hidden, answers: { ces: 2, why: "Waiting" } })).toBe(id);
  expect((await client.funnel(survey, { by: ["channel"] })).groups).toMatchObject([
    { by: { channel: "email" }, total: { shown: 1, completed: 1 } },
  ]);
});

test("many are sent fifty at a time, and a bad one spoils no other", async () => {
  const responses = Array.from({ length: 120 }, (_, n) => ({ answers: { ces: n === 70 ? 8 : (n % 7) + 1 } }));
  const { accepted, rejected } = await client.sendAll(survey, responses);
  expect(accepted).toHaveLength(119);
  expect(rejected).toMatchObject([{ problem: { errors: [{ location: "answers.ces" }] } }]);
  expect(proxy.passed).toHaveLength(3);
  expect((await client.scores(survey)).total.n).toBe(119);
});

test("what is refused says what is wrong, and is not tried again", async () => {
  const stranger = through({ key: "ask_nobody" });
  const reader = through({ key: keys.read });
  const elsewhere = createClient({ host: await servePages(() => "<h1>Hello</h1>"), site: "shop", key: "ask_x" });
  const nowhere = createClient({ host: "http://127.0.0.1:1", site: "shop", key: "ask_x", tries: 2 });
  const busy = through({ tries: 1 });
  const misspelt = { state: "completed", anwsers: { ces: 7 } } as Sent<string>; // as of a program without types
  const cases: [call: () => Promise<unknown>, code: string, status: number, says: string][] = [
    [
      () => client.send(survey, { answers: { ces: 8 }, hidden: { agnet: "Ada" } }),
      "invalid",
      422,
      "answers.ces: expected a whole number from 1 to 7; hidden.agnet: is not a hidden field of version 1; declared are: agent, conversation",
    ],
    [() => client.send(survey, {}), "invalid", 422, "answers: expected answers, or a state"],
    [() => client.send(survey, misspelt), "invalid", 422, "anwsers: unknown field; allowed here: answers, cart"],
    [() => reader.send(survey, { answers: { ces: 7 } }), "forbidden", 403, "the scope read; this needs write"],
    [() => stranger.scores(survey), "no_key", 401, "not known, or was revoked"],
    [() => client.send("nope", { answers: {} }), "not_found", 404, 'no published survey "nope"'],
    [() => client.scores(survey, { by: ["colour"] }), "invalid", 422, "expected one of page, device"],
    [() => client.table(survey, "csv", { labels: "pl" }), "invalid", 422, "labels"],
    [() => all(client.responses("nope")), "not_found", 404, "nope"],
    [() => all(client.live("nope")), "not_found", 404, "nope"],
    [() => elsewhere.overview(), "not_askwell", 0, "is there a collector at this host?"],
    [() => nowhere.overview(), "unreachable", 0, "127.0.0.1:1 cannot be reached, after 2 tries"],
    [() => busy.overview(), "unavailable", 503, "/v1/sites/shop/overview: 503, and not by a collector"],
  ];
  for (const [call, code, status, says] of cases) {
    if (code === "unavailable") proxy.faults.push({ status: 503 });
    const before = proxy.passed.length;
    const error = await failure(call());
    expect(error).toBeInstanceOf(AskwellError);
    expect(error).toMatchObject({ name: "AskwellError", code, status });
    expect(error.message).toContain(says);
    expect(proxy.passed.length - before).toBeLessThan(2);
  }
  const { problems } = await failure(client.send(survey, { answers: { ces: 8 } }));
  expect(problems).toEqual([{ location: "answers.ces", message: "expected a whole number from 1 to 7" }]);
});

test("a collector that wants to be left alone for long is", async () => {
  proxy.faults.push({ status: 503, headers: { "Retry-After": "3600" } });
  expect(await failure(client.send(survey, { answers: { ces: 7 } }))).toMatchObject({
    code: "unavailable",
    status: 503,
  });
});

test("scores, funnel, drivers and overview are asked with all that the collector knows, by a key that reads", async () => {
  const of = (agent: string, points: number[]) => points.map((ces) => ({ answers: { ces }, hidden: { agent } }));
  await client.sendAll(survey, [...of("Ada", [7, 7, 6]), ...of("Bo, jr.", [2, 1])], { channel: "email" });
  await client.send(survey, { answers: { ces: 4 } });
  const reader = through({ key: keys.read });
  const today = new Date().toISOString().slice(0, 10);
  const scores = await reader.scores(survey, {
    by: ["hidden.agent"],
    filter: ["channel:email,link"],
    from: today,
    tz: "UTC",
    every: "day",
    compare: "previous",
    question: "ces",
    min_n: 1,
  });
  expect(scores.total).toMatchObject({ n: 5, score: 4.6 });
  expect(scores.compare).toBeDefined();
  const groups = scores.groups!.map(({ by, total }) => [by["hidden.agent"], total.n]);
  expect(groups).toEqual(
    expect.arrayContaining([
      ["Ada", 3],
      ["Bo, jr.", 2],
    ]),
  );
  expect((await reader.scores(survey, { filter: ["hidden.agent:Bo\\, jr."] })).total.n).toBe(2);
  expect((await reader.funnel(survey, { by: ["channel"] })).total.completed).toBe(6);
  expect((await reader.drivers(survey, { min_n: 1 })).drivers).toBeInstanceOf(Array);
  expect((await reader.overview({ tz: "UTC" })).surveys.map(({ survey }) => survey)).toContain(survey);
  // What has no method of its own.
  const { data } = await reader.api["/v1/sites/{site}/surveys/{survey}"].GET({
    params: { path: { site: "shop", survey } },
  });
  expect(data?.live_version).toBe(1);
});

test("responses come page by page, and tables in every form", async () => {
  await client.sendAll(
    survey,
    Array.from({ length: 7 }, (_, n) => ({ answers: { ces: n + 1, why: `no. ${n}` } })),
  );
  const read = await all(client.responses(survey, { limit: 3 }));
  expect(read.map(({ answers }) => answers.ces).sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(proxy.passed.filter(({ method }) => method === "GET")).toHaveLength(3);
  expect(await all(client.responses(survey, { limit: 3, filter: ["answer.ces:1-2"] }))).toHaveLength(2);
  expect(await all(client.responses(survey, { cursor: read[4]!.id }))).toEqual(read.slice(5));

  const csv = await textOf(await client.table(survey, "csv", { q: "no" }));
  expect(csv.trimEnd().split("\n")).toHaveLength(8);
  const ndjson = await textOf(await client.table(survey, "ndjson", { cursor: read[4]!.id }));
  expect(
    ndjson
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row).id),
  ).toEqual(read.slice(5).map(({ id }) => id));
  expect((await textOf(await client.table(survey, "parquet"))).slice(0, 4)).toBe("PAR1");
  expect((await textOf(await client.table(survey, "xlsx"))).slice(0, 2)).toBe("PK");
});

test("a download that breaks goes on, and is whole", async () => {
  const why = 'She said "wait,\nplease", then: ąę 好\r\n';
  await direct.sendAll(
    survey,
    Array.from({ length: 300 }, (_, n) => ({ answers: { ces: (n % 7) + 1, why: why + n } })),
  );
  for (const format of ["csv", "ndjson"] as const) {
    const whole = await textOf(await direct.table(survey, format));
    // Within the names, at their end, within a row, between quotes, and twice in one row.
    for (const cuts of [[1], [whole.indexOf("\n") + 1], [5_000, 7_000, 12_345], [20_000, 1, 1]]) {
      proxy.faults = cuts.map((after) => ({ after }));
      proxy.passed = [];
      expect(await textOf(await client.table(survey, format))).toBe(whole);
      expect(proxy.passed).toHaveLength(cuts.length + 1);
    }
  }
  // Of a file that is no list of rows, a part is nothing; nor is what breaks every time.
  proxy.faults = [{ after: 1_000 }];
  expect(await failure(client.table(survey, "xlsx").then(textOf))).toMatchObject({ code: "broken_off" });
  proxy.faults = Array.from({ length: 9 }, () => ({ after: 1 }));
  expect(await failure(through({ tries: 3 }).table(survey, "csv").then(textOf))).toMatchObject({ code: "broken_off" });
  // The names, which come each time, are no way forward; a row is.
  const names = (await textOf(await direct.table(survey, "csv"))).indexOf("\n") + 1;
  for (const cuts of [[], [5_000]]) {
    proxy.faults = [...cuts, ...Array.from({ length: 9 }, () => names)].map((after) => ({ after }));
    proxy.passed = [];
    expect(await failure(through({ tries: 3 }).table(survey, "csv").then(textOf))).toMatchObject({
      code: "broken_off",
    });
    expect(proxy.passed).toHaveLength(3);
  }
});

test("a download does not go on where the survey's columns have changed", async () => {
  await direct.sendAll(
    survey,
    Array.from({ length: 300 }, () => ({ answers: { ces: 7, why: "x".repeat(500) } })),
  );
  proxy.faults = [{ after: 50_000 }];
  const stream = await client.table(survey, "csv");
  const etag = (
    await direct.api["/v1/sites/{site}/surveys/{survey}"].GET({ params: { path: { site: "shop", survey } } })
  ).response.headers.get("ETag")!;
  const changed = { ...ces, id: survey, questions: [...ces.questions, { id: "more", type: "text", title: "More?" }] };
  await collector.api("PUT", `/v1/sites/shop/surveys/${survey}`, changed, { "If-Match": etag });
  await collector.api("POST", `/v1/sites/shop/surveys/${survey}/publish`);
  expect((await failure(textOf(stream))).message).toContain("columns have changed");
});

test("live tells each response once, also over a connection that breaks", async () => {
  const heard: unknown[] = [];
  let last: string | undefined;
  proxy.faults = [{ after: 900 }];
  const stop = new AbortController();
  const listening = (async () => {
    for await (const event of client.live(survey, { signal: stop.signal })) {
      if (event.type !== "response") continue;
      heard.push(event.response.answers.ces);
      last = event.id;
    }
  })();
  await expect.poll(() => proxy.passed.length).toBe(1);
  for (const [n, points] of [1, 2, 3, 4, 5].entries()) {
    await direct.send(survey, { answers: { ces: points } });
    await expect.poll(() => heard.length).toBe(n + 1);
  }
  expect(heard).toEqual([1, 2, 3, 4, 5]);
  expect(proxy.passed.length).toBeGreaterThan(1);
  stop.abort();
  expect(await failure(listening)).toMatchObject({ name: "AbortError" });
  await direct.send(survey, { answers: { ces: 6 } });
  for await (const event of client.live(survey, { last })) {
    expect(event).toMatchObject({ type: "response", response: { answers: { ces: 6 } } });
    break;
  }
});

test("everything can be called off", async () => {
  await direct.sendAll(
    survey,
    Array.from({ length: 50 }, () => ({ answers: { ces: 7, why: "x".repeat(2_000) } })),
  );
  const gone = AbortSignal.abort();
  for (const call of [
    () => client.send(survey, { answers: { ces: 1 } }, { signal: gone }),
    () => client.scores(survey, {}, { signal: gone }),
    () => client.table(survey, "csv", {}, { signal: gone }),
    () => all(client.responses(survey, {}, { signal: gone })),
    () => all(client.live(survey, { signal: gone })),
  ])
    expect(await failure(call())).toMatchObject({ name: "AbortError" });
  expect(proxy.passed).toEqual([]);

  // While it waits to try again, and while nobody answers.
  for (const fault of [{ status: 503, headers: { "Retry-After": "50" } }, "silent"] as const) {
    const stop = new AbortController();
    proxy.faults = [fault];
    const sending = failure(client.send(survey, { answers: { ces: 1 } }, { signal: stop.signal }));
    await expect.poll(() => proxy.faults.length).toBe(0);
    stop.abort();
    expect(await sending).toMatchObject({ name: "AbortError" });
  }
  // In the middle of a table, by either side.
  const stop = new AbortController();
  const reading = (await client.table(survey, "ndjson", {}, { signal: stop.signal })).getReader();
  await reading.read();
  stop.abort();
  expect(await failure(all(chunks(reading)))).toMatchObject({ name: "AbortError" });
  await (await client.table(survey, "ndjson")).cancel();
});

async function* chunks(reader: ReadableStreamDefaultReader<Uint8Array>) {
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield chunk.value;
}
