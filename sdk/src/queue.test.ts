import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueue, type Queue } from "./queue.ts";
import type { Storage } from "./storage.ts";
import { uuidv7 } from "./uuid.ts";
import type { Response } from "./wire.ts";

// Node has neither a window nor, in its version 20, locks: this is the queue with the lease, and as a server would use it.

const day = 86_400_000;
const start = Date.UTC(2026, 10, 22);

type Sent = { at: number; body: string; seen: [id: string, seq: number][] };
let sent: Sent[];
let stored: Map<string, string>;
let answer: (batch: Response[]) => globalThis.Response | Promise<globalThis.Response>;
let queues: Queue[];

const accept = (batch: Response[]) => Response.json({ accepted: batch.map(({ id }) => id), rejected: [] });
const status = (code: number, retryAfter?: string) => () =>
  new globalThis.Response("{}", {
    status: code,
    headers: retryAfter === undefined ? {} : { "Retry-After": retryAfter },
  });
const down = () => Promise.reject(new TypeError("Failed to fetch"));

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  vi.stubGlobal("navigator", {});
  sent = [];
  stored = new Map();
  queues = [];
  answer = accept;
  vi.stubGlobal("fetch", async (_url: string, { body }: { body: string }) => {
    let batch: Response[] = [];
    try {
      batch = (JSON.parse(body) as { responses: Response[] }).responses;
    } catch {}
    sent.push({ at: Date.now() - start, body, seen: batch.map(({ id, seq }) => [id, seq]) });
    return answer(batch);
  });
});
afterEach(() => {
  for (const queue of queues) queue.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const storage: Storage = {
  get: (key) => stored.get(key) ?? null,
  set: (key, value) => !!stored.set(key, value),
  remove: (key) => void stored.delete(key),
  keys: () => [...stored.keys()],
};
const open = (on = storage) => {
  const queue = createQueue("http://collector/w/shop", "askwell:shop", on);
  queues.push(queue);
  return queue;
};
const born = (more: Partial<Response> = {}, at = Date.now()): Response => ({
  id: uuidv7(at),
  survey: "nps",
  version: 1,
  seq: 1,
  state: "partial",
  shown_at: at,
  answers: { nps: 9 },
  ...more,
});
const keep = (response: Response) => stored.set(`askwell:shop:response:${response.id}`, JSON.stringify(response));
const waiting = () => [...stored.keys()].filter((key) => key.includes(":response:"));
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const ids = () => sent.flatMap(({ seen }) => seen.map(([id]) => id));

test("what is put is sent once, and forgotten when it is accepted", async () => {
  open().put(born());
  await pass(day);
  expect(sent).toHaveLength(1);
  expect([...stored]).toEqual([]);
});

test("a collector that is down for an hour is tried at most 30 times, by all pages of a visitor together", async () => {
  answer = down;
  open().put(born());
  open();
  for (let page = 0; page < 60; page++) {
    await pass(60_000);
    open(); // a page a minute
  }
  const tries = sent.length;
  expect(tries).toBeGreaterThan(15);
  expect(tries).toBeLessThanOrEqual(30);
  answer = accept;
  await pass(300_000);
  expect(sent).toHaveLength(tries + 1);
  expect([...stored]).toEqual([]);
});

test("the waits grow twofold from a second to five minutes, each between a half and the whole", async () => {
  answer = down;
  open().put(born());
  await pass(3 * 3_600_000);
  const waits = sent.slice(1).map(({ at }, i) => at - sent[i]!.at - 200); // the lease takes 200 ms
  waits.forEach((wait, i) => {
    const whole = Math.min(1_000 * 2 ** i, 300_000);
    expect(wait).toBeGreaterThanOrEqual(whole / 2);
    expect(wait).toBeLessThanOrEqual(whole + 1);
  });
  expect(new Set(waits.slice(9)).size).toBeGreaterThan(10); // jitter
});

test.each([
  [429, "7", 7_000],
  [503, "7", 7_000],
  [503, "900", 900_000],
  [503, new Date(start + 60_000).toUTCString(), 60_000],
  [429, "999999", 3_600_000],
  [503, new Date(start + 400 * day).toUTCString(), 3_600_000],
])("%i with Retry-After %s: nobody sends for %i ms", async (code, retryAfter, ms) => {
  answer = status(code, retryAfter);
  const queue = open();
  queue.put(born());
  await pass(250);
  expect(sent).toHaveLength(1);
  answer = accept;
  queue.put(born()); // neither this page
  open().put(born()); // nor another, nor the next
  await pass(ms - 300);
  expect(sent).toHaveLength(1);
  await pass(600);
  expect(new Set(ids()).size).toBe(3);
  expect([...stored]).toEqual([]);
});

test.each([undefined, "", "soon", "-5", "0", new Date(start - day).toUTCString()])(
  "503 with Retry-After %s: a second, as after any failure",
  async (retryAfter) => {
    answer = status(503, retryAfter);
    open().put(born());
    await pass(400);
    expect(sent).toHaveLength(1);
    answer = accept;
    await pass(1_050);
    expect(sent).toHaveLength(2);
  },
);

test("a collector that says 503 for an hour, and that it is back in 2 seconds, is still left alone for longer and longer", async () => {
  answer = status(503, "2");
  open().put(born());
  await pass(3_600_000);
  expect(sent.length).toBeLessThanOrEqual(30);
});

test.each([500, 502, 504, 408])("%i is tried again", async (code) => {
  answer = status(code);
  open().put(born());
  await pass(250);
  answer = accept;
  await pass(1_250);
  expect(sent).toHaveLength(2);
  expect(waiting()).toEqual([]);
});

test.each([400, 403, 404, 413, 422])("%i is not tried again", async (code) => {
  answer = status(code);
  open().put(born());
  await pass(day);
  expect(sent).toHaveLength(1);
  expect([...stored]).toEqual([]);
});

test("one bad item of a batch that is refused whole takes no other with it", async () => {
  const good = Array.from({ length: 40 }, (_, i) => born({}, start + i));
  for (const one of good) keep(one);
  stored.set(`askwell:shop:response:${uuidv7(start + 20)}`, "{not json");
  const taken = new Set<string>();
  answer = (batch) => {
    if (!batch.length) return status(400)();
    for (const { id } of batch) taken.add(id);
    return accept(batch);
  };
  open();
  await pass(60_000);
  expect([...taken].sort()).toEqual(good.map(({ id }) => id).sort());
  expect([...stored]).toEqual([]);
  expect(sent.length).toBeLessThan(20);
});

test("someone who answers in the collector's place is no reason to forget, nor to ask without a pause", async () => {
  for (const body of ["<html>Log in to the airport's network", '{"accepted":[],"rejected":[]}', "null"]) {
    answer = () => new globalThis.Response(body);
    sent = [];
    stored.clear();
    open().put(born());
    await pass(60_000);
    expect(waiting()).toHaveLength(1);
    expect(sent.length).toBeLessThan(10);
    queues.pop()!.stop();
    await pass(250);
  }
});

test("storage that forgets nothing does not make it send without end", async () => {
  open({ ...storage, remove() {} }).put(born());
  await pass(day);
  expect(sent).toHaveLength(1);
});

test("a snapshot put while the last is under way is sent next, an older one of another tab never", async () => {
  const response = born();
  let reply = (_: unknown) => {};
  answer = (batch) => new Promise((resolve) => (reply = () => resolve(accept(batch))));
  const queue = open();
  queue.put(response);
  await pass(210);
  queue.put({ ...response, seq: 2 });
  queue.put({ ...response, seq: 4 });
  open().put({ ...response, seq: 3, answers: { nps: 0 } }); // the tab it was resumed from
  answer = accept;
  reply(0);
  await pass(day);
  expect(sent.flatMap(({ seen }) => seen)).toEqual([
    [response.id, 1],
    [response.id, 4],
  ]);
  expect([...stored]).toEqual([]);
});

test("of two tabs with the same backlog, one sends", async () => {
  for (let i = 0; i < 120; i++) keep(born({ answers: { why: "x".repeat(1_000) } }, start + i));
  open();
  open();
  await pass(60_000);
  expect(ids()).toHaveLength(120);
  expect(new Set(ids()).size).toBe(120);
});

test("two tabs that claim at the same moment, as storage takes a while from one to the other: one sends", async () => {
  const tabs = [new Map<string, string>(), new Map<string, string>()];
  const both = (change: (one: Map<string, string>) => void, own: Map<string, string>) => {
    change(own);
    setTimeout(() => tabs.forEach(change), 10);
  };
  const response = born();
  for (const own of tabs) own.set(`askwell:shop:response:${response.id}`, JSON.stringify(response));
  for (const own of tabs)
    open({
      get: (key) => own.get(key) ?? null,
      set(key, value) {
        both((one) => one.set(key, value), own);
        return true;
      },
      remove: (key) => both((one) => one.delete(key), own),
      keys: () => [...own.keys()],
    });
  await pass(60_000);
  expect(sent).toHaveLength(1);
});

test("neither a network that is back nor a page that is left ends a wait that the collector told; other waits both do", async () => {
  const page = new EventTarget();
  vi.stubGlobal("window", page);
  for (const [refusal, ends] of [
    [status(503, "60"), false],
    [status(503), true],
  ] as const)
    for (const event of ["online", "pagehide"]) {
      sent = [];
      stored.clear();
      answer = refusal;
      const queue = open();
      queue.put(born());
      await pass(210);
      expect(sent).toHaveLength(1);
      page.dispatchEvent(new Event(event));
      await pass(210);
      expect(sent).toHaveLength(ends ? 2 : 1);
      answer = accept;
      queue.stop();
      await pass(210);
    }
});

test("a tab that died while it was sending holds up the others for 30 seconds", async () => {
  stored.set("askwell:shop:pause", `0 ${start + 30_000} 0`);
  open().put(born());
  await pass(29_900);
  expect(sent).toHaveLength(0);
  await pass(400);
  expect(sent).toHaveLength(1);
});

test.each(["rubbish", "NaN NaN NaN", `${start + 400 * day} ${start + 400 * day} 0`, "Infinity Infinity Infinity", ""])(
  "%s where the pause is kept does not silence the queue",
  async (rubbish) => {
    stored.set("askwell:shop:pause", rubbish);
    open().put(born());
    await pass(250);
    expect(sent).toHaveLength(1);
  },
);

test("what is older than 30 days, or has no time in its key, is dropped", async () => {
  const old = born({}, start - 31 * day);
  const month = born({}, start - 29 * day);
  keep(old);
  keep(month);
  stored.set("askwell:shop:response:x", "{}");
  open();
  await pass(1_000);
  expect(ids()).toEqual([month.id]);
  expect([...stored]).toEqual([]);
});

test("at most 100 are kept: the oldest that was only shown goes first, then the oldest", async () => {
  answer = down;
  const queue = open();
  const all = Array.from({ length: 103 }, (_, i) =>
    born(i === 50 || i === 60 ? { state: "shown", answers: {} } : {}, start + i),
  );
  for (const one of all) queue.put(one);
  expect(waiting()).toHaveLength(100);
  const gone = all.filter(({ id }) => !waiting().some((key) => key.endsWith(id)));
  expect(gone.map((one) => all.indexOf(one))).toEqual([0, 50, 60]);
});

test("where storage is full, one that was only shown makes room for an answer", async () => {
  answer = down;
  const full: Storage = {
    ...storage,
    set: (key, value) => (stored.size < 3 || stored.has(key)) && !!stored.set(key, value),
  };
  stored.set("theirs", "x");
  stored.set("theirs too", "x");
  const shown = born({ state: "shown" }, start - 2);
  const queue = open(full);
  queue.put(shown);
  const answered = born({}, start);
  queue.put(answered);
  expect(waiting()).toEqual([`askwell:shop:response:${answered.id}`]);
});

test("a batch has at most 50 items and 16 kB, counted in bytes; newest first; one too large goes by itself", async () => {
  for (let i = 0; i < 120; i++) keep(born({}, start - 1_000 + i));
  const large = born({ answers: { why: "快".repeat(6_000) } }, start + 1);
  keep(large);
  for (let i = 0; i < 10; i++) keep(born({ answers: { why: "快".repeat(1_000) } }, start + 10 + i));
  open();
  await pass(60_000);
  expect(new Set(ids()).size).toBe(131);
  expect(ids()).toHaveLength(131);
  for (const { body, seen } of sent) {
    expect(seen.length).toBeLessThanOrEqual(50);
    if (seen.length > 1) expect(new Blob([body]).size).toBeLessThanOrEqual(16_000);
  }
  expect(sent[0]!.seen[0]![0] > large.id).toBe(true);
});

test("stop() sends what it may, at once, and nothing later", async () => {
  const queue = open();
  queue.put(born());
  queue.stop();
  await pass(0);
  expect(sent).toHaveLength(1);
  await pass(day);
  expect(sent).toHaveLength(1);
  expect(waiting()).toEqual([]);
});

test("one who never answers is given up after 30 seconds", async () => {
  let signal: AbortSignal | undefined;
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    signal = init.signal ?? undefined;
    return new Promise(() => {});
  });
  const timeout = vi.spyOn(AbortSignal, "timeout");
  open().put(born());
  await pass(210);
  expect(timeout).toHaveBeenCalledWith(30_000);
  expect(signal).toBeInstanceOf(AbortSignal);
});

test("what the collector refuses in its receipt is forgotten, like what it accepts", async () => {
  answer = (batch) =>
    Response.json({ accepted: [batch[0]!.id], rejected: batch.slice(1).map(({ id }) => ({ id, problem: {} })) });
  for (let i = 0; i < 3; i++) keep(born());
  open();
  await pass(day);
  expect(sent).toHaveLength(1);
  expect(waiting()).toEqual([]);
});

test("what only a proxy answers, with a page of its own, is tried again", async () => {
  answer = () => new globalThis.Response("<h1>404 Not Found</h1>", { status: 404 });
  keep(born());
  open();
  await pass(10_000);
  expect(sent.length).toBeGreaterThan(1);
  expect(waiting()).toHaveLength(1);
});

test.each([403, 404])("a backlog that the collector answers with %i is let go at once", async (code) => {
  answer = status(code);
  for (let i = 0; i < 80; i++) keep(born());
  open();
  await pass(day);
  expect(sent).toHaveLength(2); // of 50 and of 30
  expect(waiting()).toEqual([]);
});
