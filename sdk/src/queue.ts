import { hold } from "./hold.ts";
import { createPause } from "./pause.ts";
import { post } from "./post.ts";
import { serialize } from "./serialize.ts";
import type { Storage } from "./storage.ts";
import type { Receipt, Response } from "./wire.ts";

/** A durable queue of responses: what is put in it reaches the collector once, or is refused by it, however long that takes. */
export type Queue = {
  /** Keeps a snapshot, in place of an earlier one of the same response, and sends it. */
  put(response: Response): void;
  /** Stops sending. What cannot be sent at once stays stored. */
  stop(): void;
};

/**
 * Each response is stored under a key of its own, so tabs never overwrite each other's. One tab sends
 * at a time, one that is in view; a page that is left sends what it can without asking the others,
 * because no lock is given to it any more. Two may then send the same: the collector stores it once.
 */
export function createQueue(url: string, name: string, storage: Storage): Queue {
  /** What a page that is left may have under way is 64 KiB, over all that it sends; the page itself may need some. */
  const mostBytesLeaving = 60_000;
  const mostBytes = 16_000;
  /** What the collector takes in one batch. */
  const mostItems = 50;
  /** What is kept of a visitor: about 100 kB. Without a limit a collector that is gone for good would fill the page's storage. */
  const mostKept = 100;
  /** How long until a tab looks whether the one that was sending has sent its own too. */
  const busyWait = 1_000;
  /** An erased id is refused for 31 days, so nothing may come back later; and the collector moves older births to its last 30 days, so later than that an answer would be told of a wrong day. */
  const tooOld = 30 * 86_400_000;

  const prefix = `${name}:response:`;
  const pause = createPause(`${name}:pause`, storage);
  /** By key, what this page is sending or need not send again. */
  const sent = new Map<string, string>();
  let bytesUnderWay = 0;
  /** How many go together: fewer after the collector refused a batch as a whole, so that one bad item takes no other with it. */
  let together = mostItems;
  let running = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Lets other tabs send, although an answer is still awaited. */
  let letGo = () => {};

  const hidden = () => globalThis.document?.hidden;

  /** The keys of what is stored, oldest first: ids begin with the time of birth. */
  const keys = () =>
    storage
      .keys()
      .filter((key) => key.startsWith(prefix))
      .sort();

  /** Newest first: what was answered just now comes before what has waited for days. */
  function take(leaving?: boolean): Map<string, string> {
    const batch = new Map<string, string>();
    let size = 100; // what stands around the items
    for (const key of keys().reverse()) {
      const item = storage.get(key);
      // The first twelve digits of an id are milliseconds; what has none is not ours, and goes too.
      const age = Date.now() - parseInt(key.slice(prefix.length).replace("-", ""), 16);
      if (!(age < tooOld)) storage.remove(key);
      else if (item && sent.get(key) !== item && batch.size < together) {
        const more = bytes(item) + 1;
        if (leaving ? size + more > mostBytesLeaving - bytesUnderWay : batch.size && size + more > mostBytes) continue;
        size += more;
        batch.set(key, item);
      }
    }
    return batch;
  }

  /** Sends one batch, and forgets what the collector answered for. */
  async function deliver(leaving?: boolean): Promise<void> {
    const batch = take(leaving);
    if (!batch.size) return;
    const body = `{"sent_at":${Date.now()},"responses":[${[...batch.values()]}]}`;
    const size = bytes(body);
    // Outlives the page. After a failure not: it may be that the page itself has used up what may be under way.
    const keepalive = leaving || (size < mostBytesLeaving && !pause.read().wait);
    if (keepalive) {
      for (const [key, item] of batch) sent.set(key, item);
      bytesUnderWay += size;
    }
    const outcome = await send(url, body, keepalive);
    if (keepalive) bytesUnderWay -= size;
    const settled = outcome === true || (outcome === false && batch.size === 1);
    for (const [key, item] of batch) {
      if (settled) {
        sent.set(key, item);
        // A newer snapshot, put while this one was under way, stays.
        if (storage.get(key) === item) storage.remove(key);
      } else if (sent.get(key) === item) sent.delete(key);
    }
    if (typeof outcome === "number") pause.failed(outcome);
    else {
      pause.reset();
      together = outcome ? Math.min(together * 2, mostItems) : batch.size >> 1 || 1;
    }
    // Nobody else looks after one that was sent on leaving, once the page is in view again.
    void run();
  }

  /** Sends, while no other tab does, until nothing is left or there is reason to wait: the other one sends ours too. */
  async function run(): Promise<void> {
    if (running) return;
    clearTimeout(timer);
    running = true;
    let wait = 0;
    while (!wait && !stopped && !hidden() && take().size) {
      wait = pause.read().left;
      if (wait) break;
      const giveBack = await hold(`${name}:queue`, storage);
      wait = giveBack && !hidden() ? pause.read().left : busyWait;
      if (!wait) await Promise.race([deliver(), new Promise<void>((resolve) => (letGo = resolve))]);
      await giveBack?.(); // else we would find it taken, by ourselves
    }
    running = false;
    if (wait) timer = setTimeout(run, wait);
  }

  /** Neither locks nor timers come round any more, but what is sent directly does. */
  const leave = () => {
    letGo();
    if (!pause.read().told) void deliver(true);
  };
  const turn = () => (hidden() ? leave() : void run());
  const online = () => {
    pause.reset();
    void run();
  };
  // A phone that closes a tab from its list of apps says "hidden", and never "pagehide".
  const events = [
    ["visibilitychange", turn],
    ["pagehide", leave],
    ["online", online],
  ] as const;
  for (const [type, listener] of events) globalThis.window?.addEventListener(type, listener);
  void run();

  return {
    put(response) {
      const key = prefix + response.id;
      const stored = /"seq":(\d+)/.exec(storage.get(key) ?? "");
      // Another tab went on with it: like the collector, an equal or lower one changes nothing.
      if (Number(stored?.[1]) >= response.seq) return;
      const item = serialize(response)!;
      const kept = storage.set(key, item);
      const all = keys();
      if (!kept || all.length > mostKept) {
        // Room for an answer is made by the oldest that holds none.
        const least = all.find((one) => one !== key && storage.get(one)?.includes('"state":"shown"'));
        if (least ?? kept) storage.remove(least ?? all[0]!);
        if (!kept) storage.set(key, item);
      }
      void run();
    },
    stop() {
      leave();
      stopped = true;
      clearTimeout(timer);
      for (const [type, listener] of events) globalThis.window?.removeEventListener(type, listener);
    },
  };
}

const bytes = (text: string) => new Blob([text]).size;

/** Whether a batch was answered for, or refused as a whole; a number: to be sent again after at least so many milliseconds. */
type Outcome = boolean | number;

/** One who never answers must not hold up all tabs. Browsers before 2022 wait as long as they like. */
const requestTimeout = 30_000;

async function send(url: string, body: string, keepalive: boolean): Promise<Outcome> {
  try {
    const reply = await post(url, body, { keepalive, signal: AbortSignal.timeout?.(requestTimeout) });
    // What may be under way is given back only when the body is read.
    const text = await reply.text();
    const { status, headers } = reply;
    if (status === 408 || status === 429 || status >= 500) return seconds(headers.get("Retry-After"));
    // What is not JSON is not the collector's: a proxy's error page settles nothing.
    const { accepted, rejected } = JSON.parse(text) as Receipt;
    // The site is not there, or this page is not of it: that is so for every item.
    if (status === 403 || status === 404) return true;
    if (!reply.ok) return false;
    // Of each item the collector says one or the other.
    if (accepted.length + rejected.length) return true;
  } catch {
    // No network, the collector is down, or someone else answered in its place.
  }
  return 0;
}

/** Retry-After in milliseconds: seconds, or a date. */
function seconds(header: string | null): number {
  return Number(header) * 1_000 || Date.parse(header!) - Date.now() || 0;
}
