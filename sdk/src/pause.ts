import type { Storage } from "./storage.ts";

/** When the next send may be: known to all tabs and pages of an origin, through storage. */
export type Pause = {
  /** Milliseconds to wait; a page that is left waits only where the collector told it to. */
  left(leaving?: boolean): number;
  /** A send failed: twice as long as after the last, and at least as long as the collector told. */
  failed(told: number): void;
  /** The last send failed. */
  failing(): boolean;
  /** The collector answered, or the network is back: only what the collector told is left of the wait. */
  reset(): void;
  /** Where there are no locks, keeps other tabs from sending while this one does; false: another one is about to. */
  claim(): Promise<boolean>;
};

const shortest = 1_000;
const longest = 300_000;
/** No clock that was put back, and no collector, silences a page for longer. */
const limit = 3_600_000;
/** How long a claim takes to be seen by other tabs: in Chromium a few milliseconds, above 50 on a busy machine. */
const settle = 200;
/** A request is given up after as long; and as long does a tab that died while it was sending hold up the others. */
export const requestTimeout = 30_000;

export function createPause(key: string, storage: Storage): Pause {
  /** Times of the wall clock: until when the collector told to wait, until when to wait; and the wait of the last failure. */
  const read = () => {
    const [told = 0, until = 0, wait = 0] = (storage.get(key) ?? "").split(" ").map(Number);
    // Zero also for what is not a number, because somebody else wrote it.
    return { told: from(told), until: from(until), wait: wait || 0 };
  };
  const from = (time: number) => {
    const ms = time - Date.now();
    return ms > 0 && ms <= limit ? ms : 0;
  };
  const write = (told: number, until: number, wait: number) => {
    const now = Date.now();
    const state = `${now + told} ${now + until} ${wait}`;
    storage.set(key, state);
    return state;
  };
  return {
    left: (leaving) => read()[leaving ? "told" : "until"],
    failing: () => read().wait > 0,
    failed(told) {
      const before = read();
      const wait = Math.min(Math.max(before.wait * 2, shortest), longest);
      const floor = Math.max(before.told, Math.min(told, limit));
      // Jitter: the pages of a site do not all come back at once after an outage.
      write(floor, Math.max(floor, wait * (0.5 + Math.random() / 2)), wait);
    },
    reset() {
      const { told } = read();
      if (told) write(told, told, 0);
      else storage.remove(key);
    },
    async claim() {
      const { told, wait } = read();
      // The fraction tells tabs apart that claim in the same millisecond; the last to write has it.
      const mine = write(told, requestTimeout + Math.random(), wait);
      await new Promise((resolve) => setTimeout(resolve, settle));
      return storage.get(key) === mine;
    },
  };
}
