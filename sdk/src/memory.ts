import type { Asked } from "./frequency.ts";
import { serialize } from "./serialize.ts";
import type { Storage } from "./storage.ts";
import type { Cart, Response } from "./wire.ts";

/** A visit: page views without 30 minutes between them, over all tabs. */
export type Session = {
  /** The time of its last page view. */
  at: number;
  views: number;
  /** Surveys that showed by themselves. */
  shown: number;
  /** Where it came from, and the query of the page that it began on. */
  referrer: string;
  query: string;
};

/** What is remembered of a visitor between pages, under one key: the first access to storage costs the most. */
export type Remembered = Asked & {
  /** Empty: another one than before, not drawn yet. */
  visitor?: string;
  /** How many sessions there were. */
  sessions?: number;
  /** What the collector answered when it could not set the cookie. */
  cookie?: number;
  session?: Session;
  cart?: (Cart & { at: number }) | undefined;
  /** A survey that was being answered when the page was left, to go on with on the next. */
  open?: (Response & { left: number }) | undefined;
};

export type Memory = {
  read(): Remembered;
  /** Reads anew before it writes: another tab may have written since. */
  update(change: (remembered: Remembered) => void): Remembered;
};

/** kept: what is remembered elsewhere, should storage have forgotten. */
export function createMemory(storage: Storage, key: string, kept?: string): Memory {
  const read = (): Remembered => {
    try {
      const found: unknown = JSON.parse(storage.get(key)!);
      if (found && typeof found === "object") return found;
    } catch {
      // Someone else's words under our key.
    }
    return {};
  };
  if (kept && read().visitor === undefined) storage.set(key, kept);
  return {
    read,
    update(change) {
      const remembered = read();
      change(remembered);
      storage.set(key, serialize(remembered)!);
      return remembered;
    },
  };
}
