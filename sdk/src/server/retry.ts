import { AskwellError } from "./error.ts";

export type Retries = {
  /** How often a request is tried in all. */
  tries: number;
  /** In milliseconds: until then a try has its whole answer, or has failed. Without it the answer may be a stream. */
  timeout?: number;
};

/** The collector may answer these otherwise in a moment; what else it says stays so. */
const passing = (status: number) => status === 408 || status === 429 || status >= 500;
const shortest = 200;
const longest = 10_000;
/** Whoever waits for an answer does not wait for longer. */
const patience = 60_000;

/** A fetch that tries again. For requests alone that may be repeated, as reading, or what is sent with its id. */
export function retrying(fetch: (request: Request) => Promise<Response>, { tries, timeout }: Retries) {
  return async (request: Request): Promise<Response> => {
    for (let tried = 1; ; tried++) {
      let wait = backoff(tried);
      try {
        const reply = await within(timeout, request, fetch);
        if (!passing(reply.status)) return reply;
        wait = Math.max(wait, told(reply.headers.get("Retry-After")));
        if (tried >= tries || wait > patience) return reply;
        await reply.body?.cancel();
      } catch (cause) {
        request.signal.throwIfAborted();
        if (tried >= tries) throw unreachable(request, tried, cause);
      }
      await delay(wait, request.signal);
    }
  };
}

/** How long to wait after so many tries: twice as long each time, and not all that failed together at once. */
export const backoff = (tried: number) => Math.min(shortest * 2 ** (tried - 1), longest) * (0.5 + Math.random() / 2);

/** What Retry-After tells, in milliseconds: it is seconds, or a date. */
function told(header: string | null): number {
  if (!header) return 0;
  const seconds = Number(header);
  return Number.isNaN(seconds) ? Date.parse(header) - Date.now() || 0 : seconds * 1000;
}

export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** One try. The request is copied, for its body can be read once. */
async function within(timeout: number | undefined, request: Request, fetch: (request: Request) => Promise<Response>) {
  if (timeout === undefined) return fetch(request.clone());
  const late = following(request.signal);
  const timer = setTimeout(() => late.abort(new Error(`no whole answer in ${timeout} ms`)), timeout);
  try {
    const reply = await fetch(new Request(request.clone(), { signal: late.signal }));
    await reply.clone().arrayBuffer(); // an answer that breaks off half-way is none
    return reply;
  } finally {
    clearTimeout(timer);
  }
}

/** Is aborted with a signal, or by itself. AbortSignal.any is too new for some runtimes. */
export function following(signal: AbortSignal | undefined): AbortController {
  const own = new AbortController();
  if (signal?.aborted) own.abort(signal.reason);
  signal?.addEventListener("abort", () => own.abort(signal.reason), { signal: own.signal });
  return own;
}

function unreachable(request: Request, tried: number, cause: unknown): AskwellError {
  const { host } = new URL(request.url);
  const why = cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : String(cause);
  return new AskwellError("unreachable", `${host} cannot be reached, after ${tried} tries: ${why}`, { cause });
}
