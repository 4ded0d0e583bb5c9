/**
 * Askwell on a server: Node, or any other runtime with `fetch`. Sends what was answered elsewhere than on a page, and
 * reads scores and responses.
 *
 * ```ts
 * const askwell = createClient({ host: "https://feedback.example", site: "shop", key: "ask_…" });
 * await askwell.send("support-ces", { answers: { ces: 6 }, hidden: { agent: "Ada" } }, { channel: "email" });
 * const { total, groups } = await askwell.scores("support-ces", { by: ["hidden.agent"], from: "2026-07-01" });
 * for await (const response of askwell.responses("support-ces", { filter: ["answer.ces:1-3"] })) console.log(response.answers);
 * ```
 *
 * @module \@askwell/sdk/server
 */
import { createPathBasedClient, type PathBasedClient } from "openapi-fetch"; // by name: its default is another thing in CommonJS
import type { Traits } from "./api.ts";
import type { AnswersOf, HiddenOf, SurveyId } from "./names.ts";
import { AskwellError, errorOf, wrongOption } from "./server/error.ts";
import { type LiveEvent, liveEvents } from "./server/live.ts";
import { following, retrying } from "./server/retry.ts";
import { type RowFormat, streamOf, unbroken, wholeRows } from "./server/rows.ts";
import { uuidv7 } from "./uuid.ts";
import type * as wire from "./wire.ts";

export type { SurveyId } from "./names.ts";
export { AskwellError, type ErrorCode } from "./server/error.ts";
export type { LiveEvent } from "./server/live.ts";

/** A survey's score: how many answered, the formula and the 95 % interval with it; by period and group, where asked. */
export type Scores = wire.Scores;
/** How many saw a survey, began it, came to its end, or closed it. */
export type Funnel = wire.Funnel;
/** Which values of a dimension pull the score down, and which lift it. */
export type Drivers = wire.Drivers;
/** All surveys of a site: their scores, what has changed, how many answer. */
export type Overview = wire.Overview;
/** A response, as the collector holds it. */
export type ResponseView = wire.ResponseView;
/** What became of each response that was sent. */
export type Receipt = wire.Receipt;

/** Where the collector is, what opens it, and how patient to be. */
export type ClientOptions = {
  /** URL of the collector. */
  host: string;
  /** Id of the site. */
  site: string;
  /** An API key: one of scope `read` reads, one of scope `write` sends too. It belongs on a server, and in no page. */
  key: string;
  /** How often a request is tried that found nobody, or a collector that was busy (5). */
  tries?: number;
  /** Milliseconds until a try without a whole answer has failed (30,000); downloads and live() take their time. */
  timeout?: number;
  /** In place of the runtime's own. */
  fetch?: (request: Request) => Promise<Response>;
};

/** What every call takes last. */
export type Abortable = {
  /** Ends the call, which then throws the signal's reason. */
  signal?: AbortSignal;
};

/** What send() and sendAll() take last. */
export type Sending = Abortable & {
  /** The way the survey came to who answers it; a dimension of scores (api). */
  channel?: wire.SentBatch["channel"];
};

/** A response to a survey; what is left out follows: completed, now, the newest version. */
export type Sent<Survey extends SurveyId> = Omit<
  wire.SentResponse,
  "id" | "survey" | "answers" | "hidden" | "traits"
> & {
  /**
   * From newId(). Give it where send() may be called again for the same response, as by a job that starts over, or to
   * complete with a higher `seq` what was sent as `state: "shown"`; otherwise it is made here.
   */
  id?: string;
  /** By question id. */
  answers?: AnswersOf<Survey>;
  /** The fields that the survey declares: an agent, an order's number. */
  hidden?: HiddenOf<Survey>;
  /** What is known of who answers. */
  traits?: Traits;
};

const survey = "/v1/sites/{site}/surveys/{survey}";
const responses = `${survey}/responses` as const;

type Query<Path extends keyof wire.paths> = wire.paths[Path] extends {
  get: { parameters: { query?: infer Parameters } };
}
  ? Omit<NonNullable<Parameters>, "format">
  : never;

/** What to ask scores(): a period, filters, groups, a series, a comparison. */
export type ScoresQuery = Query<`${typeof survey}/scores`>;
/** What to ask funnel(): a period, filters, groups, a series. */
export type FunnelQuery = Query<`${typeof survey}/funnel`>;
/** What to ask drivers(): a question, a period, filters, and which dimensions. */
export type DriversQuery = Query<`${typeof survey}/drivers`>;
/** What to ask overview(): a period, the last 30 days where nothing is said. */
export type OverviewQuery = Query<"/v1/sites/{site}/overview">;
/** Which responses: a period, filters, words that were written. */
export type ResponsesQuery = Omit<Query<typeof responses>, "labels">;
/** Which responses a table has; `labels` is a language, in which choices get a column of words too. */
export type TableQuery = Omit<Query<typeof responses>, "limit">;
/** The forms of a table. */
export type TableFormat = RowFormat | "xlsx" | "parquet";

/** What createClient() makes. What is refused, or cannot be reached, throws an AskwellError. */
export type Client = {
  /**
   * Sends one response, and returns its id once it is on disk. It is sent again until it is, and stored once. Refused,
   * it throws an AskwellError that names what is wrong.
   */
  send<Survey extends SurveyId>(survey: Survey, response: Sent<Survey>, options?: Sending): Promise<string>;
  /**
   * Sends any number, fifty at a time. Says of each whether it is stored; a bad one spoils no other. Where a fifty cannot be
   * sent at all it throws, and those before it are stored: give each an `id`, and all may be sent again.
   */
  sendAll<Survey extends SurveyId>(survey: Survey, responses: Sent<Survey>[], options?: Sending): Promise<Receipt>;
  /** The score of a survey's question; of several that have one, say which as `question`. */
  scores(survey: SurveyId, query?: ScoresQuery, options?: Abortable): Promise<Scores>;
  /** How far those came who saw the survey. */
  funnel(survey: SurveyId, query?: FunnelQuery, options?: Abortable): Promise<Funnel>;
  /** What goes with low and with high scores; figures cannot say whether it is the cause. */
  drivers(survey: SurveyId, query?: DriversQuery, options?: Abortable): Promise<Drivers>;
  /** All surveys of the site. */
  overview(query?: OverviewQuery, options?: Abortable): Promise<Overview>;
  /** The responses, newest first; read in pages (of `limit`) as they are asked for. */
  responses(survey: SurveyId, query?: ResponsesQuery, options?: Abortable): AsyncGenerator<ResponseView, void>;
  /**
   * All responses as a table, in constant memory. CSV and NDJSON go on by themselves where the connection breaks, and
   * come in whole rows; with the id of the last one as `cursor`, another download goes on behind it.
   */
  table(
    survey: SurveyId,
    format: TableFormat,
    query?: TableQuery,
    options?: Abortable,
  ): Promise<ReadableStream<Uint8Array>>;
  /** Responses as they are stored, until the loop is left. `last` is the id of an event: goes on behind it. */
  live(survey: SurveyId, options?: Abortable & { last?: string }): AsyncGenerator<LiveEvent, void>;
  /** Every operation of the collector's /openapi.json, typed, by openapi-fetch; nothing is tried again. */
  api: PathBasedClient<wire.paths, "application/json">;
};

/** An id for a response: a UUIDv7. */
export const newId = (): string => uuidv7(Date.now());

/** What a server does with a site's surveys. A host that is no URL, or no key, throws an AskwellError at once. */
export function createClient({
  host,
  site,
  key,
  tries = 5,
  timeout = 30_000,
  fetch = globalThis.fetch,
}: ClientOptions): Client {
  const baseUrl = addressOf(host);
  if (!key) throw wrongOption("no_key", "key", "no API key was given; is the variable that has it set?");
  const plain = (request: Request) => fetch(request); // not as a method of the options
  const api = createPathBasedClient<wire.paths, "application/json">({
    baseUrl,
    headers: { Authorization: `Bearer ${key}` },
    fetch: plain,
  });
  const whole = retrying(plain, { tries, timeout });
  const streamed = retrying(plain, { tries });
  const path = (id: string) => ({ site, survey: id });

  const client: Client = {
    async send(id, response, options) {
      const { accepted, rejected } = await client.sendAll(id, [response], options);
      if (rejected[0]) throw errorOf(`a response to ${id}`, rejected[0].problem.status, rejected[0].problem);
      return accepted[0]!;
    },
    async sendAll(id, all, { channel, signal } = {}) {
      // Made before the first try: each try sends the same.
      const sent: wire.SentResponse[] = all.map((response) => ({ ...response, id: response.id ?? newId() }));
      const receipt: Receipt = { accepted: [], rejected: [] };
      for (let from = 0; from < sent.length; from += most) {
        const body = { channel, responses: sent.slice(from, from + most) };
        const { accepted, rejected } = await answerOf(
          api[responses].POST({ params: { path: path(id) }, body, signal, fetch: whole }),
        );
        receipt.accepted.push(...accepted);
        receipt.rejected.push(...rejected);
      }
      return receipt;
    },
    scores: (id, query, { signal } = {}) =>
      answerOf(api[`${survey}/scores`].GET({ params: { path: path(id), query }, signal, fetch: whole })),
    funnel: (id, query, { signal } = {}) =>
      answerOf(api[`${survey}/funnel`].GET({ params: { path: path(id), query }, signal, fetch: whole })),
    drivers: (id, query, { signal } = {}) =>
      answerOf(api[`${survey}/drivers`].GET({ params: { path: path(id), query }, signal, fetch: whole })),
    overview: (query, { signal } = {}) =>
      answerOf(api["/v1/sites/{site}/overview"].GET({ params: { path: { site }, query }, signal, fetch: whole })),
    async *responses(id, query, { signal } = {}) {
      for (let cursor = query?.cursor; ; ) {
        const params = { path: path(id), query: { ...query, cursor } };
        const page = await answerOf(api[responses].GET({ params, signal, fetch: whole }));
        yield* page.items;
        if (!page.next) return;
        cursor = page.next;
      }
    },
    async table(id, format, query, { signal } = {}) {
      const until = following(signal);
      const open = async (cursor = query?.cursor) => {
        const params = { path: path(id), query: { ...query, cursor, format } };
        return (await answerOf(
          api[responses].GET({ params, parseAs: "stream", signal: until.signal, fetch: streamed }),
        ))!;
      };
      const stream = await open(); // so that what is refused is thrown here
      const isFile = format === "xlsx" || format === "parquet"; // of which a part is nothing
      const chunks = isFile ? unbroken(stream, until.signal) : wholeRows(format, stream, open, tries, until.signal);
      return streamOf(chunks, until);
    },
    async *live(id, { signal, last } = {}) {
      const until = following(signal);
      const open = async (event: string | undefined) => {
        const params = { path: path(id), header: event ? { "Last-Event-ID": event } : {} };
        return (await answerOf(
          api[`${responses}/stream`].GET({ params, parseAs: "stream", signal: until.signal, fetch: streamed }),
        ))!;
      };
      try {
        yield* liveEvents(open, last, until.signal);
      } finally {
        until.abort();
      }
    },
    api,
  };
  return client;
}

/** A host as requests begin with it. Asking what is no address would fail each time, and say little. */
function addressOf(host: string): string {
  const url = urlOf(host);
  if (url && /^https?:$/.test(url.protocol) && url.href === url.origin + url.pathname) return url.href;
  const given = host ? `"${host}"` : "nothing";
  throw wrongOption("invalid", "host", `expected the collector's URL, such as https://feedback.example, not ${given}`);
}

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined; // URL.canParse is too new for some runtimes
  }
}

/** What the collector takes at once. */
const most = 50;

/** What openapi-fetch answers, or the error that it tells of. */
async function answerOf<Data>(call: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  try {
    const { data, error, response } = await call;
    if (response.ok) return data as Data;
    throw errorOf(response.url ? new URL(response.url).pathname : "the collector", response.status, error); // a fetch of one's own may leave the URL out
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AskwellError("not_askwell", "the answer is no JSON; is there a collector at this host?", { cause });
  }
}
