/**
 * A survey with an interface of one's own: its texts, its logic, its checks, and a queue that loses no answer.
 *
 * ```ts
 * const survey = await openSurvey({ host: "https://feedback.example", site: "shop", survey: "nps" });
 * const draw = () => console.log(survey.question?.title ?? survey.ending?.title);
 * survey.subscribe(draw);
 * draw();
 * const problems = survey.answer(9);
 * if (!problems.length) survey.next();
 * ```
 *
 * @module \@askwell/sdk/headless
 */
import { type Adapter, storeWith } from "./adapter.ts";
import { type Answer, type Answers, isAnswered, own } from "./answers.ts";
import type { Traits } from "./api.ts";
import { check, type Problem } from "./check.ts";
import type { Facts } from "./condition.ts";
import type { Ending, Question, Texts, Words } from "./definition.ts";
import { cartOf, identity, plain } from "./facts.ts";
import { pickLanguage } from "./language.ts";
import { endingFor, pathTo, walk } from "./logic.ts";
import { createMemory } from "./memory.ts";
import type { AnswersOf, HiddenOf, SurveyId } from "./names.ts";
import { pipeAll } from "./pipe.ts";
import { createQueue } from "./queue.ts";
import { createStorage, type Storage, wipe } from "./storage.ts";
import { uuidv7 } from "./uuid.ts";
import { isPrivate, visitorOf } from "./visitor.ts";
import type { Cart, Config, Response } from "./wire.ts";

export type { Adapter } from "./adapter.ts";
export type { Answer, Answers } from "./answers.ts";
export type { Problem } from "./check.ts";
export type { Choice, Ending, Question, Words } from "./definition.ts";
export type { AnswersOf, HiddenOf, SurveyId } from "./names.ts";

/** Which survey openSurvey() opens, and what is known of who answers. */
export type OpenOptions<Id extends SurveyId = SurveyId> = {
  /** URL of the collector. */
  host: string;
  /** Id of the site. */
  site: string;
  /** Id of a survey that is live. */
  survey: Id;
  /** BCP 47 tag: the survey's language, in place of the page's. */
  language?: string;
  /** The fields that the survey declares; others are left out. */
  hidden?: HiddenOf<Id>;
  /** Who answers, where that is known. */
  user?: string;
  /** Proves the user: HMAC-SHA256 of their id with the site's secret, in hex, made on your server. */
  signature?: string;
  /** What is known of them. */
  traits?: Traits;
  /** What they are about to buy. */
  cart?: Cart;
  /** Whether the visitor agrees that something is stored and sent. Sites that require it open nothing without true; false opens nothing anywhere. */
  consent?: boolean;
  /**
   * Where answers wait, and the visitor's id is kept: the page's localStorage (local, where nothing is said), its sessionStorage,
   * as long as the program runs (none, or where there is no page), or a storage of your own.
   */
  storage?: "local" | "session" | "none" | Adapter;
  /** Answers are kept as tests, in no score. */
  test?: boolean;
  /**
   * Ends it without a word to the collector, as where the component that shows it goes: not dismissed, and before it
   * is open, not even shown. What was answered is still sent.
   */
  signal?: AbortSignal;
};

/** A survey that is open. Its members are what is so now: `{ ...survey }` is a copy that stays as it is. */
export type Survey<Id extends SurveyId = SurveyId> = {
  /** The survey's id. */
  readonly id: Id;
  /** The version that is asked, from 1. */
  readonly version: number;
  /** The language of all texts. */
  readonly language: string;
  /** How that is written. */
  readonly dir: "ltr" | "rtl";
  /** The interface's own words in that language: next, back, skip … */
  readonly words: Words;
  /** completed: no question is left; dismissed: the visitor closed it, or skipped all of it. */
  readonly status: "asking" | "completed" | "dismissed";
  /** What is asked now: narrow it by its `type`. Undefined at the end. */
  readonly question: Question | undefined;
  /** What was answered to it, or what is filled in. */
  readonly value: Answer | undefined;
  /** What the answer is for: to be shown beside it, where it is not empty. */
  readonly purpose: string;
  /** Where it is said what becomes of it. */
  readonly privacyUrl: string | undefined;
  /** The question's place, from 1, among those that come as it looks now. */
  readonly progress: {
    /** Of the question that is asked now; at the end, of the last. */
    readonly n: number;
    /** How many come, as it looks now. */
    readonly total: number;
  };
  /** What is said at the end, once no question is left. */
  readonly ending: Ending | undefined;
  /** All that was answered and counts. */
  readonly answers: AnswersOf<Id>;
  /**
   * Answers the question, and sends that; returns what is wrong with it: nothing, where it is taken. Without a value
   * the answer is taken back. It does not lead on: next() does.
   */
  answer(value: AnswersOf<Id>[keyof AnswersOf<Id>] | undefined, beside?: Beside): Problem[];
  /** To the next question, or the end; a question that is not required may be skipped so. Returns why it does not. */
  next(): Problem[];
  /** Whether no question would come after this one, were this its answer, or as it is answered now: then the button says send, not next. */
  isLast(value?: AnswersOf<Id>[keyof AnswersOf<Id>], beside?: Beside): boolean;
  /** To the question before. */
  back(): void;
  /** The visitor closed it. */
  dismiss(): void;
  /** The visitor takes consent back: ends it, and forgets all that is stored of them. What was not sent yet is not sent. */
  forget(): void;
  /** Calls back when something has changed; returns what ends that. */
  subscribe(listener: () => void): () => void;
};

/** What goes with an answer. */
export type Beside = {
  /** What was written beside a choice that opens a field. */
  readonly other?: string;
  /** The tick that some questions need. */
  readonly consent?: boolean;
};

/** Why a survey could not be opened. */
export class OpenError extends Error {
  /** Tells it from other errors, also where there are two copies of this package. */
  override readonly name = "OpenError";
  /**
   * unknown: there is no such survey, or it is not live; full: it has all the responses it wants; consent: the visitor
   * did not agree; unreachable: the collector is, or it answered something else.
   */
  readonly reason: "unknown" | "full" | "consent" | "unreachable";

  constructor(reason: OpenError["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** What a visitor to a site said is forgotten, where no survey is open any more: consent was taken back. */
export const forget = (options: Pick<OpenOptions, "site" | "storage">): void => wipe(storageOf(options), options.site);

const storageOf = ({ storage }: Pick<OpenOptions, "storage">): Storage =>
  typeof storage === "object" ? storeWith(storage) : createStorage(storage);

/**
 * Opens a survey that is live, whatever its triggers, targeting and frequency say, and counts it as shown: call it
 * when you show it. Rejects with an OpenError, and where the signal is aborted with its reason.
 */
export async function openSurvey<Id extends SurveyId>(options: OpenOptions<Id>): Promise<Survey<Id>> {
  const { host, site, survey: id, consent, signal, test } = options;
  const base = `${host.replace(/\/$/, "")}/w/`;
  if (consent === false) throw new OpenError("consent", "the visitor does not agree to be asked");
  // Not what the browser has kept: the survey may have been paused since, or have got another version.
  const config = await get<Config>(`${base}${encodeURIComponent(site)}.json`, { signal, cache: "no-cache" });
  if (config.consent && !consent)
    throw new OpenError(
      "consent",
      `the site "${site}" requires consent: pass consent: true once the visitor has agreed`,
    );
  if (config.full?.includes(id)) throw new OpenError("full", `the survey "${id}" has all the responses it wants`);
  const entry = config.surveys.find((one) => one.id === id);
  if (!entry) {
    const live = config.surveys.map((one) => one.id).join(", ") || "none";
    throw new OpenError("unknown", `there is no live survey "${id}" on site "${site}"; live are: ${live}`);
  }
  const inPage = typeof document === "object";
  const wanted = options.language || (inPage && document.documentElement.lang) || globalThis.navigator?.language;
  const texts = await get<Texts>(`${base}a/${entry.faces[pickLanguage(entry, wanted)]}.json`, { signal });
  signal?.throwIfAborted();
  const { survey, strings, language, dir = "ltr" } = texts;
  const { questions, endings } = survey;

  const name = `askwell:${site}`;
  const storage = storageOf(options);
  const asksPrivacy = typeof navigator === "object" && isPrivate(config);
  const memory = createMemory(asksPrivacy ? createStorage("none") : storage, asksPrivacy ? "" : `${name}:visitor`);
  const now = Date.now();
  const { user, traits, signature } = options;
  const current: Response = {
    id: uuidv7(now),
    survey: id,
    version: entry.version,
    seq: 0,
    state: "shown",
    shown_at: now,
    trigger: { type: "api" },
    page: inPage ? { url: location.href.slice(0, 2_000), referrer: document.referrer.slice(0, 2_000) } : undefined,
    language,
    visitor: asksPrivacy ? undefined : visitorOf(memory),
    ...identity([user, traits, signature]),
    hidden: plain(options.hidden as Traits | undefined, (field, value) => typeof value === survey.hidden?.[field]),
    cart: cartOf(options.cart),
    sample: entry.targeting?.sample,
    test: test || undefined,
  };
  const facts = { trait: current.traits, hidden: current.hidden, language, cart: current.cart } as Facts;

  let status: Survey["status"] = "asking";
  let gone = false;
  let stopped = false;
  // Once it is over, or gone, what waits is still sent; then nothing is left of it.
  const kept = whenEmpty(storage, `${name}:response:`, () => {
    if ((!gone && status === "asking") || stopped) return;
    stopped = true;
    queue.stop();
  });
  const queue = createQueue(base + encodeURIComponent(site), name, kept);
  const save = (change: Partial<Response>) => {
    Object.assign(current, change).seq++;
    queue.put(current);
  };
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners)
      try {
        listener();
      } catch (error) {
        console.error("Askwell:", error); // the page's own, which stops neither us nor the others
      }
  };

  let answers: Answers = {};
  let question: Question | undefined;
  let ending: Ending | undefined;
  /** Something was asked, and not told alone. */
  let asks = false;

  const piped = <T>(texts: T): T =>
    pipeAll(texts, { answers, facts, questions: questions as never, language, yes: strings.yes, no: strings.no });
  const go = (to: Question | undefined): void => {
    question = to;
    asks ||= !!to && to.type !== "statement";
    if (to) return;
    ending = piped(endingFor(endings, answers, facts) ?? { title: strings.thanks });
    // Who skipped all of it has dismissed it; one that only tells was read.
    if (asks && !isAnswered(answers as Answer)) close();
    else {
      status = "completed";
      answered();
    }
  };
  const answered = () => {
    const at = Date.now();
    const done = status === "completed";
    save({
      answers: answers as Response["answers"],
      state: done ? "completed" : "partial",
      completed_at: done ? at : undefined,
    });
    memory.update((m) => {
      m.answered = { [id]: at, ...m.answered }; // the first time stays
      delete m.shows?.[id];
    });
  };
  const close = () => {
    const at = Date.now();
    status = "dismissed";
    save({ answers: answers as Response["answers"], dismissed_at: at });
    if (current.state === "shown") memory.update((m) => (m.dismissed = { ...m.dismissed, [id]: at }));
  };
  /** The ids of the questions that come, as it looks now. */
  const path = () => pathTo(questions, answers, question?.id, facts);
  const filled = ({ prefill }: Question) =>
    prefill && ((prefill.value ?? own(facts.trait, prefill.trait!) ?? own(facts.hidden, prefill.hidden!)) as Answer);

  memory.update((m) => {
    m.shows = { ...m.shows, [id]: (m.shows?.[id] ?? 0) + 1 };
    m.last = now;
  });
  save({});
  go(walk(questions, answers, undefined, facts).next);
  const leave = () => {
    gone = true;
    listeners.clear();
    kept.keys();
  };
  signal?.addEventListener("abort", leave, { once: true });

  return {
    id,
    version: entry.version,
    language,
    dir,
    words: strings,
    privacyUrl: survey.privacy_url,
    get status() {
      return status;
    },
    get question() {
      return question && piped(question);
    },
    get value() {
      if (!question) return undefined;
      const value = filled(question);
      // What is filled in, a trait say, may be none of the choices.
      const fits = isAnswered(value) && !check(question, { answer: value, consent: true }, texts).problems.length;
      return own(answers, question.id) ?? (fits ? value : undefined);
    },
    get purpose() {
      return question ? piped(question.purpose ?? survey.purpose ?? "") : "";
    },
    get progress() {
      const ids = path();
      return { n: question ? ids.indexOf(question.id) + 1 : ids.length, total: ids.length };
    },
    get ending() {
      return ending;
    },
    get answers() {
      return { ...answers } as AnswersOf<Id>;
    },
    answer(value, beside) {
      if (!question || gone) return [];
      const given = check(question, { answer: value as Answer | undefined, ...beside }, texts);
      if (value !== undefined && given.problems.length) return given.problems;
      const had = own(answers, question.id) !== undefined;
      const has = given.answers[question.id] !== undefined;
      answers = walk(questions, { ...answers, ...given.answers }, question.id, facts).kept;
      if (had || has) answered();
      changed();
      return [];
    },
    next() {
      if (!question || gone) return [];
      const { id } = question;
      if (!isAnswered(own(answers, id))) {
        const { problems } = check(question, {}, texts);
        if (problems.length) return problems;
      }
      go(walk(questions, answers, id, facts).next);
      changed();
      return [];
    },
    isLast(value, beside) {
      if (!question) return false;
      const given = value === undefined ? {} : check(question, { answer: value as Answer, ...beside }, texts).answers;
      return !walk(questions, { ...answers, ...given }, question.id, facts).next;
    },
    back() {
      const ids = path();
      const before = question && ids[ids.indexOf(question.id) - 1];
      if (!before || gone) return;
      question = questions.find((one) => one.id === before);
      changed();
    },
    dismiss() {
      if (!question || gone) return;
      question = undefined;
      close();
      changed();
    },
    forget() {
      wipe(storage, site); // before the queue stops, which sends what is stored
      storage.set = kept.set = () => false; // what was under way and ends later shall not bring back what is wiped
      leave();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** JSON of the collector. */
async function get<Body>(url: string, init: { signal: AbortSignal | undefined; cache?: RequestCache }): Promise<Body> {
  let reply: globalThis.Response;
  try {
    reply = await fetch(url, { credentials: "omit", ...init } as RequestInit);
    const body = await reply.json();
    if (reply.ok) return body as Body;
    const { detail = reply.statusText } = body as { detail?: string };
    throw new OpenError(reply.status === 404 ? "unknown" : "unreachable", `${url}: ${detail}`);
  } catch (error) {
    if (init.signal?.aborted || error instanceof OpenError) throw error;
    throw new OpenError("unreachable", `${url} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** A storage that says when nothing waits in it, each time that somebody looks. */
const whenEmpty = (storage: Storage, prefix: string, empty: () => void): Storage => ({
  ...storage,
  keys() {
    const all = storage.keys();
    if (!all.some((key) => key.startsWith(prefix))) empty();
    return all;
  },
});
