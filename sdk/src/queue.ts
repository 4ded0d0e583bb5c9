import type { Storage } from "./storage.ts";
import type { Receipt, Response } from "./wire.ts";

/** A durable queue of responses: what is put in it reaches the collector, once, however long that takes. */
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

  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  };

  /** Takes as many stored responses as fit, and forgets what the collector answered for. */
  async function send(): Promise<void> {
    if (sending || stopped) return;
    const batch = new Map<string, string>();
    let size = 0;
    for (const key of storage.keys()) {
      if (!key.startsWith(prefix)) continue;
      const item = storage.get(key);
      if (!item || (size && size + item.length > maxBatch)) continue;
      size += item.length;
      batch.set(key, item);
    }
    if (!size) return;
    sending = true;
    const retryIn = await post(url, [...batch.values()]);
    sending = false;
    if (retryIn === undefined) {
      wait = firstWait;
      // A newer snapshot, put while this one was under way, stays.
      for (const [key, item] of batch) if (storage.get(key) === item) storage.remove(key);
      send();
    } else {
      // Jitter: the pages of a site do not all come back at once after an outage.
      later(Math.max(retryIn, wait * (0.5 + Math.random() / 2)));
      wait = Math.min(wait * 2, longestWait);
    }
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
      send();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      removeEventListener("online", now);
      removeEventListener("pagehide", now);
    },
  };
}

/** Sends stored responses; returns undefined where they may be forgotten, else how long to wait at least. */
async function post(url: string, items: string[]): Promise<number | undefined> {
  try {
    const reply = await fetch(url, {
      method: "POST",
      // text/plain needs no preflight; keepalive outlives the page.
      headers: { "Content-Type": "text/plain" },
      body: `{"sent_at":${Date.now()},"responses":[${items}]}`,
      keepalive: true,
      credentials: "omit",
    });
    // The keepalive quota is given back only when the body is read.
    const text = await reply.text();
    if (reply.ok) {
      // Accepted or rejected by itself: sending a rejected one again would not help.
      void (JSON.parse(text) as Receipt).accepted;
      return undefined;
    }
    const { status } = reply;
    if (status === 429 || status >= 500) return Number(reply.headers.get("Retry-After")) * 1_000 || 0;
    return undefined; // the collector will never take these
  } catch {
    return 0; // no network, or the collector is down
  }
}
