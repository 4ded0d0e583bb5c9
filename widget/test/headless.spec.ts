// The SDK's headless surveys against a real collector, in Node: no page, no window.
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { check } from "../../sdk/src/check.ts";
import type { Question, Texts } from "../../sdk/src/definition.ts";
import { type Adapter, forget, OpenError, type OpenOptions, openSurvey, type Survey } from "../../sdk/src/headless.ts";
import { uuidv7 } from "../../sdk/src/uuid.ts";
import type { Config, Definition, Receipt, Response } from "../../sdk/src/wire.ts";
import { type Collector, cleanups, root, startCollector } from "./harness.ts";

const origin = "https://shop.example";
const visit: Definition = {
  id: "visit",
  name: "A visit",
  languages: ["en", "pl"],
  purpose: { en: "It helps us.", pl: "Pomaga nam to." },
  hidden: { order: "string" },
  questions: [
    { id: "nps", type: "nps", title: { en: "Recommend?", pl: "Polecisz?" }, required: true },
    {
      id: "why",
      type: "text",
      title: { en: "Why {{nps|no points}}, {{trait.name|friend}}?", pl: "Dlaczego {{nps|?}}, {{trait.name|?}}?" },
      min_length: 3,
      show_if: { nps: { lte: 8 } },
    },
    {
      id: "how",
      type: "single_choice",
      title: { en: "How did you come?", pl: "Jak?" },
      prefill: { hidden: "order" },
      choices: [
        { id: "ad", label: "Ad" },
        { id: "else", label: "Else", other: true },
      ],
    },
  ],
  endings: [{ if: { nps: { lte: 6 } }, title: { en: "Sorry, {{nps|}}.", pl: "Przykro nam." } }, { title: "Thanks" }],
};

let collector: Collector;
const ends: AbortController[] = [];
beforeAll(async () => {
  collector = await startCollector();
  const everyType = JSON.parse(
    await readFile(`${root}collector/survey/testdata/every-type.json`, "utf8"),
  ) as Definition;
  const optional = { ...visit, id: "optional", questions: [{ ...visit.questions[0]!, required: false }] } as Definition;
  const brief = { ...visit, id: "brief", quota: { completed: 1 } };
  const [nps, why] = visit.questions as [Question, Question];
  const jumping = {
    ...visit,
    id: "jumping",
    endings: undefined,
    questions: [
      { ...nps, required: false, jumps: [{ if: { nps: { answered: false } }, to: "last" }] },
      { ...why, show_if: undefined },
      { id: "last", type: "text", title: "Anything else?" },
    ],
  } as Definition;
  const { prefill: _, ...how } = visit.questions[2] as Question & { prefill?: unknown };
  const beside = {
    ...visit,
    id: "beside",
    endings: undefined,
    questions: [how, { ...why, title: "Why {{how|so}}?", show_if: { "how.other": { contains: "train" } } }],
  } as Definition;
  await collector.publish("shop", [origin], [visit, optional, brief, jumping, beside, everyType]);
  // What a browser would say by itself.
  const headers = {
    Origin: origin,
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  };
  const plain = fetch;
  vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
    plain(url, { ...init, headers: { ...headers, ...init?.headers } }),
  );
});
afterAll(async () => {
  for (const end of ends) end.abort();
  vi.unstubAllGlobals();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function keptIn(map: Map<string, string>): Adapter {
  return {
    get: (key) => map.get(key) ?? null,
    set: (key, value) => !!map.set(key, value),
    remove: (key) => void map.delete(key),
    keys: () => [...map.keys()],
  };
}

function open(options: Partial<OpenOptions> = {}): Promise<Survey> {
  const end = new AbortController();
  ends.push(end);
  return openSurvey({
    host: collector.url,
    site: "shop",
    survey: "visit",
    storage: keptIn(new Map()),
    signal: end.signal,
    ...options,
  });
}

/** What the collector has of the survey of a user. */
const stored = async (user: string) => (await collector.responses("shop", "visit")).filter((one) => one.user === user);

test("what is written beside a choice leads on, as the choice alone does not", async () => {
  const survey = await open({ survey: "beside", user: "bo" });
  expect(survey.isLast("else")).toBe(true);
  expect(survey.isLast("else", { other: "By train" })).toBe(false);
  survey.answer("else", { other: "By train" });
  expect(survey.isLast()).toBe(false);
  survey.next();
  expect(survey.question?.title).toBe("Why By train?");
  survey.back();
  survey.answer("else", { other: "By bus" });
  expect(survey.isLast()).toBe(true);
});

test("a survey is walked, checked and sent, in a language, with what is known", async () => {
  const survey = await open({ language: "pl-PL", user: "ada", traits: { name: "Ada" }, hidden: { order: "o-1" } });
  const heard = vi.fn();
  const off = survey.subscribe(heard);
  expect({ ...survey }).toMatchObject({
    status: "asking",
    language: "pl",
    dir: "ltr",
    purpose: "Pomaga nam to.",
    question: { id: "nps", title: "Polecisz?" },
    progress: { n: 1, total: 2 },
    ending: undefined,
  });
  expect(survey.words.skip).toBe("Pomiń");
  await expect.poll(() => stored("ada")).toMatchObject([{ state: "shown", language: "pl", trigger: { type: "api" } }]);

  expect(survey.isLast(9)).toBe(false);
  // A required question is not passed over, and what is no answer is not taken.
  expect(survey.next()).toEqual([{ at: "nps", message: survey.words.required }]);
  expect(survey.answer(11)).toEqual([{ at: "nps", message: "expected a whole number from 0 to 10" }]);
  expect(heard).not.toHaveBeenCalled();
  expect(survey.answer(6)).toEqual([]);
  expect(heard).toHaveBeenCalledTimes(1);
  expect(survey.value).toBe(6);
  expect(survey.next()).toEqual([]);

  // The answer has brought a question, which says what was answered.
  expect(survey.question).toMatchObject({ id: "why", title: "Dlaczego 6, Ada?" });
  expect(survey.answer(" ab ")).toEqual([{ at: "why", message: "Napisz co najmniej 3 znaki." }]);
  expect(survey.answer("  Slow  ")).toEqual([]);
  await expect.poll(() => stored("ada")).toMatchObject([{ state: "partial", answers: { nps: 6, why: "Slow" } }]);

  // Back, and another answer takes the question away, with what was said to it.
  survey.back();
  expect(survey.question?.id).toBe("nps");
  survey.answer(10);
  expect(survey.answers).toEqual({ nps: 10 });
  survey.next();
  expect(survey.question?.id).toBe("how");
  expect(survey.isLast()).toBe(true);
  expect(survey.value).toBeUndefined(); // "o-1" is none of the choices
  survey.answer("else", { other: " By train " });
  survey.next();
  expect({ ...survey }).toMatchObject({ status: "completed", question: undefined, ending: { title: "Thanks" } });
  await expect
    .poll(() => stored("ada"))
    .toMatchObject([
      {
        state: "completed",
        answers: { nps: 10, how: "else", "how.other": "By train" },
        hidden: { order: "o-1" },
        traits: { name: "Ada" },
        class: "live",
      },
    ]);
  // The end is the end.
  off();
  survey.answer(1);
  survey.next();
  survey.back();
  survey.dismiss();
  expect(survey.answers).toEqual({ nps: 10, how: "else", "how.other": "By train" });
  expect(survey.status).toBe("completed");
});

test("the way back does not lead to what was jumped over", async () => {
  const survey = await open({ survey: "jumping" });
  survey.next();
  expect(survey.question?.id).toBe("last");
  expect(survey.progress).toEqual({ n: 2, total: 2 });
  survey.back();
  expect(survey.question?.id).toBe("nps");
  survey.answer(9);
  survey.next();
  expect(survey.question?.id).toBe("why");
  expect(survey.progress).toEqual({ n: 2, total: 3 });
});

test("who closes it has dismissed it; who goes has not, and what was answered is sent", async () => {
  const closed = await open({ user: "closes" });
  closed.answer(3);
  closed.dismiss();
  expect({ ...closed }).toMatchObject({ status: "dismissed", question: undefined, ending: undefined });
  await expect
    .poll(() => stored("closes"))
    .toMatchObject([{ state: "partial", answers: { nps: 3 }, dismissed_at: expect.any(Number) }]);

  const gone = new AbortController();
  const left = await open({ user: "leaves", signal: gone.signal });
  left.answer(4);
  gone.abort();
  left.answer(5);
  left.dismiss();
  await expect.poll(() => stored("leaves")).toMatchObject([{ state: "partial", answers: { nps: 4 } }]);
  expect((await stored("leaves"))[0]!.dismissed_at).toBeUndefined();

  // Called off before it was there, as by React's StrictMode, nobody was shown anything.
  const early = new AbortController();
  const opening = open({ user: "nobody", signal: early.signal });
  early.abort();
  await expect(opening).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  expect(await stored("nobody")).toEqual([]);
});

test("who skips all of it sees the ending, and has dismissed it", async () => {
  const survey = await open({ survey: "optional" });
  expect(survey.next()).toEqual([]);
  expect({ ...survey }).toMatchObject({ status: "dismissed", ending: { title: "Thanks" } });
  await expect
    .poll(() => collector.responses("shop", "optional"))
    .toMatchObject([{ state: "shown", dismissed_at: expect.any(Number) }]);
});

test("what was asked is remembered where the widget looks", async () => {
  const map = new Map<string, string>();
  const survey = await open({ storage: keptIn(map) });
  survey.answer(9);
  expect(JSON.parse(map.get("askwell:shop:visitor")!)).toMatchObject({
    visitor: expect.stringMatching(/^[0-9a-f-]{36}$/),
    last: expect.any(Number),
    answered: { visit: expect.any(Number) },
  });
});

test("who takes consent back is forgotten, and what was not sent is not", async () => {
  const map = new Map<string, string>();
  const survey = await open({ user: "withdrawn", storage: keptIn(map) });
  await expect.poll(() => stored("withdrawn")).toMatchObject([{ state: "shown" }]);
  await collector.stop();
  let fail: (() => void) | undefined;
  const sends = vi
    .spyOn(globalThis, "fetch")
    .mockImplementationOnce(
      () => new Promise((_, reject) => (fail = () => reject(new TypeError("the connection broke")))),
    );
  survey.answer(2);
  await expect.poll(() => fail).toBeDefined(); // it is on its way
  expect([...map.keys()].some((key) => key.startsWith("askwell:shop:response:"))).toBe(true);
  survey.forget();
  expect([...map]).toEqual([]);
  survey.answer(3); // by a component that is still there
  fail!();
  await new Promise((resolve) => setTimeout(resolve)); // what is done where it failed
  sends.mockRestore();
  expect([...map]).toEqual([]);
  await collector.start();
  await open({ user: "next", storage: keptIn(map) }); // would send what waits
  await expect.poll(() => stored("next")).toHaveLength(1);
  expect(await stored("withdrawn")).toMatchObject([{ state: "shown", answers: {} }]);

  forget({ site: "shop", storage: keptIn(map) });
  expect([...map]).toEqual([]);
});

test("a listener that throws stops neither the survey nor the others", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const survey = await open();
  const heard: unknown[] = [];
  survey.subscribe(() => {
    throw new Error("the page's own");
  });
  survey.subscribe(() => heard.push(survey.question?.id));
  expect(survey.answer(9)).toEqual([]);
  expect(heard).toHaveLength(1);
  expect(said).toHaveBeenCalledWith("Askwell:", expect.objectContaining({ message: "the page's own" }));
  said.mockRestore();
});

test("a collector that is away loses nothing", async () => {
  const map = new Map<string, string>();
  const end = new AbortController();
  const survey = await open({ user: "offline", storage: keptIn(map), signal: end.signal });
  await expect.poll(() => stored("offline")).toHaveLength(1);
  await collector.stop();
  survey.answer(2);
  survey.next();
  survey.answer("No network");
  // The component goes, and what waits does not.
  end.abort();
  expect([...map.keys()].some((key) => key.startsWith("askwell:shop:response:"))).toBe(true);
  await collector.start();
  await expect.poll(() => stored("offline")).toMatchObject([{ answers: { nps: 2, why: "No network" } }]);
  await expect.poll(() => [...map.keys()].filter((key) => key !== "askwell:shop:visitor")).toEqual([]);
});

test("what cannot be opened says why", async () => {
  const why = async (options: Partial<OpenOptions>) => {
    const error = await open(options).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(OpenError);
    const { reason, message } = error as OpenError;
    return `${reason}: ${message}`;
  };
  expect(await why({ survey: "vist" })).toMatch(
    /^unknown: there is no live survey "vist" on site "shop"; live are: .*visit/,
  );
  expect(await why({ site: "nope" })).toMatch(/^unknown: .*\/w\/nope\.json: there is no site "nope"$/);
  expect(await why({ consent: false })).toBe("consent: the visitor does not agree to be asked");
  expect(await why({ host: "http://127.0.0.1:1" })).toMatch(
    /^unreachable: http:\/\/127\.0\.0\.1:1\/w\/shop\.json cannot be read/,
  );

  const full = await open({ survey: "brief" });
  full.answer(9);
  full.next();
  full.next();
  await expect.poll(() => why({ survey: "brief" })).toBe('full: the survey "brief" has all the responses it wants');
  // At once, whatever a browser has kept.
  await collector.api("POST", "/v1/sites/shop/surveys/brief/status", { status: "paused" });
  expect(await why({ survey: "brief" })).toMatch(/^unknown/);

  await collector.api("PUT", "/v1/sites/strict", { site: "strict", name: "S", origins: [origin], consent: "required" });
  await collector.api("PUT", "/v1/sites/strict/surveys/visit", visit);
  await collector.api("POST", "/v1/sites/strict/surveys/visit/publish");
  expect(await why({ site: "strict" })).toMatch(/^consent: the site "strict" requires consent/);
  expect((await open({ site: "strict", consent: true })).question?.id).toBe("nps");
});

test("it takes the answers that the collector takes, and no others", async () => {
  const config = (await (await fetch(`${collector.url}/w/shop.json`)).json()) as Config;
  const { faces, version } = config.surveys.find(({ id }) => id === "every-type")!;
  const texts = (await (await fetch(`${collector.url}/w/a/${faces.en}.json`)).json()) as Texts;
  const responses: { response: Response; taken: boolean; says: string }[] = [];
  const ask = (question: Question, answer: unknown, beside: { other?: string; consent?: boolean } = {}) => {
    const { answers, problems } = check(question, { answer: answer as never, ...beside }, texts);
    const taken = !problems.length;
    if (taken && answers[question.id] === undefined) return; // blank: no answer at all
    const raw = {
      [question.id]: answer,
      [`${question.id}.consent`]: beside.consent,
      [`${question.id}.other`]: beside.other,
    };
    const now = Date.now();
    const response = {
      id: uuidv7(now),
      survey: "every-type",
      version,
      seq: 1,
      state: "partial",
      shown_at: now,
    } as const;
    responses.push({
      response: { ...response, answers: (taken ? answers : raw) as Response["answers"] },
      taken,
      says: `${question.type}: ${JSON.stringify(answer)} ${JSON.stringify(beside)} ${problems.map(({ message }) => message)}`,
    });
  };
  const long = "x".repeat(600);
  const some = [
    ...[
      -1,
      0,
      1,
      2.5,
      5,
      6,
      7,
      8,
      10,
      11,
      1e9,
      true,
      false,
      "",
      " ",
      "5",
      "true",
      "ab",
      "abc",
      " abc ",
      long,
      "a@b.c",
      "a@b",
      "a b@c.d",
    ],
    ...[
      "@b.c",
      "a@b.c.",
      "a@.b",
      "ą@ż.pl",
      "2026-02-28",
      "2026-02-30",
      "2025-12-31",
      "2026-1-1",
      "26-01-01",
      "2026-01-01T00:00",
    ],
    ...["friend", "other", "price", "de", "plain", "constructor", "__proto__"],
    ...[
      [],
      ["price"],
      ["price", "price"],
      ["nothing"],
      ["nothing", "price"],
      ["price", "quality", "service", "more"],
      ["nope"],
      [1],
      "price,speed",
    ],
    ...[["price", "speed", "choice"], ["price", "speed"], ["choice", "speed", "price", "price"], [["price"]]],
    ...[
      {},
      { shop: "well" },
      { shop: "well", support: "badly" },
      { shop: "nope" },
      { nope: "well" },
      { shop: 1 },
      { shop: " " },
    ],
    ...[
      { name: "Ada" },
      { name: "Ada", email: "a@b.c" },
      { email: "a@b" },
      { name: long },
      { age: "9" },
      { phone: "", name: "A" },
      { name: ["A"] },
    ],
  ];
  for (const question of texts.survey.questions) {
    for (const answer of some) {
      ask(question, answer, "consent" in question ? { consent: true } : {});
      if ("consent" in question) ask(question, answer);
    }
    if ("choices" in question)
      for (const other of ["Words", long]) {
        ask(question, "other", { other });
        ask(question, ["more"], { other });
      }
  }
  expect(responses.filter(({ taken }) => taken).length).toBeGreaterThan(50);

  const differs: string[] = [];
  for (let i = 0; i < responses.length; i += 50) {
    const batch = responses.slice(i, i + 50);
    const reply = await fetch(`${collector.url}/w/shop`, {
      method: "POST",
      body: JSON.stringify({ sent_at: Date.now(), responses: batch.map(({ response }) => response) }),
    });
    const { accepted, rejected } = (await reply.json()) as Receipt;
    expect(accepted.length + rejected.length).toBe(batch.length);
    for (const { response, taken, says } of batch) if (accepted.includes(response.id) !== taken) differs.push(says);
  }
  expect(differs).toEqual([]);
});
