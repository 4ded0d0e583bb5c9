import type { Storage } from "./storage.ts";
import type { Receipt, Response } from "./wire.ts";

/** A durable queue of responses: what is put in it reaches the collector once, or is refused by it, however long that takes. */
export type Queue = {
  /** Keeps a snapshot, in place of an earlier one of the same response, and sends it. */
  put(response: Response): void;
  /** Stops sending. What was not sent yet stays stored. */
  stop(): void;
};

const firstWait = 1_000;
const longestWait = 300_000;
/** 20,000 characters are at most 60 kB of UTF-8: a page that is left may have 64 KiB under way. */
const maxBatch = 20_000;

/**
 * Each response is stored under a key of its own, so tabs never overwrite each other's. Two tabs may
 * send the same one: the collector stores it once.
 */
export function createQueue(url: string, prefix: string, storage: Storage): Queue {
  let wait = firstWait;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let stopped = false;
  /** The collector refused a batch as a whole: until one goes through, each goes by itself. */
  let alone = false;

  /** Takes as many stored responses as fit, and forgets those that the collector answered for. */
  async function send(): Promise<void> {
    if (sending || stopped) return;
    clearTimeout(timer);
    timer = undefined;
    const batch = take();
    if (!batch.size) return;
    sending = true;
    const outcome = await post(url, [...batch.values()]);
    sending = false;
    if ("retryIn" in outcome) {
      // Jitter: the pages of a site do not all come back at once after an outage.
      timer = setTimeout(send, Math.max(Math.min(outcome.retryIn, longestWait), wait * (0.5 + Math.random() / 2)));
      wait = Math.min(wait * 2, longestWait);
      return;
    }
    wait = firstWait;
    const refused = outcome.settled === undefined;
    for (const [key, item] of batch) {
      const done = refused ? batch.size === 1 : outcome.settled!.has(key.slice(prefix.length));
      // A newer snapshot, put while this one was under way, stays.
      if (done && storage.get(key) === item) storage.remove(key);
    }
    alone = refused && batch.size > 1;
    send();
  }

  function take(): Map<string, string> {
    const batch = new Map<string, string>();
    let size = 0;
    for (const key of storage.keys()) {
      if (!key.startsWith(prefix)) continue;
      const item = storage.get(key);
      if (!item || (size && (alone || size + item.length > maxBatch))) continue;
      size += item.length;
      batch.set(key, item);
    }
    return batch;
  }

  /** A page that is left, or a network that is back: now, whatever the wait was. */
  const now = () => {
    wait = firstWait;
    sending = false;
    send();
  };
  addEventListener("online", now);
  addEventListener("pagehide", now);
  send();

  return {
    put(response) {
      storage.set(prefix + response.id, JSON.stringify(response));
      // While the collector is down, or has asked to wait, the timer sends it.
      if (timer === undefined) send();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      removeEventListener("online", now);
      removeEventListener("pagehide", now);
    },
  };
}

/** What came of a batch: try again in a while, or the ids that are settled; undefined: refused as a whole. */
type Outcome = { retryIn: number } | { settled: Set<string> | undefined };

async function post(url: string, items: string[]): Promise<Outcome> {
  try {
    const body = `{"sent_at":${Date.now()},"responses":[${items}]}`;
    const reply = await fetch(url, {
      method: "POST",
      // text/plain needs no preflight; keepalive outlives the page, but throws on more than 64 KiB.
      headers: { "Content-Type": "text/plain" },
      body,
      keepalive: body.length < 2 * maxBatch,
      credentials: "omit",
    });
    // The keepalive quota is given back only when the body is read.
    const text = await reply.text();
    if (reply.ok) {
      const { accepted, rejected } = JSON.parse(text) as Receipt;
      return { settled: new Set([...accepted, ...rejected.map(({ id }) => id)]) };
    }
    if (reply.status === 429 || reply.status >= 500)
      return { retryIn: Number(reply.headers.get("Retry-After")) * 1_000 || 0 };
    return { settled: undefined };
  } catch {
    return { retryIn: 0 }; // no network, the collector is down, or someone else answered in its place
  }
}
