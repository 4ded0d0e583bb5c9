import type { Storage } from "./storage.ts";

/** When the next send may be: known to all tabs and pages of an origin, through storage. */
export type Pause = {
  /**
   * In milliseconds: how long the collector told to wait, which a page that is left does too; how long
   * to wait in all; and the wait of the last failure, 0 where the last send did not fail.
   */
  read(): { told: number; left: number; wait: number };
  /** A send failed: twice as long as after the last, and at least as long as the collector told. */
  failed(told: number): void;
  /** The collector answered, or the network is back: only what the collector told is left of the wait. */
  reset(): void;
};

const shortest = 1_000;
const longest = 300_000;
/** No clock that was put back, and no collector, silences a page for longer. */
const limit = 3_600_000;

export function createPause(key: string, storage: Storage): Pause {
  /** What is stored are two times of the wall clock, and the wait. */
  const read = () => {
    const [told, until, wait] = (storage.get(key) ?? "").split(" ").map(Number);
    // Zero also for what is not a number, because somebody else wrote it.
    return { told: from(told), left: from(until), wait: wait || 0 };
  };
  const from = (time = 0) => {
    const ms = time - Date.now();
    return ms > 0 && ms <= limit ? ms : 0;
  };
  const write = (told: number, left: number, wait: number) => {
    const now = Date.now();
    storage.set(key, `${now + told} ${now + left} ${wait}`);
  };
  return {
    read,
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
  };
}
