import type { Asked } from "../../sdk/src/frequency.ts";
import { serialize } from "../../sdk/src/serialize.ts";
import type { Storage } from "../../sdk/src/storage.ts";
import type { Cart, Response } from "../../sdk/src/wire.ts";

/** What is remembered of a visitor between pages, under one key: the first access to storage costs the most. */
export type Remembered = Asked & {
  visitor?: string;
  cart?: Cart & { at: number };
  /** A survey that was being answered when the page was left, to go on with on the next. */
  open?: Response & { left: number };
};

export type Memory = {
  read(): Remembered;
  /** Reads anew before it writes: another tab may have written since. */
  update(change: (remembered: Remembered) => void): void;
};

export function createMemory(storage: Storage, key: string): Memory {
  const read = (): Remembered => {
    try {
      const found: unknown = JSON.parse(storage.get(key)!);
      if (found && typeof found === "object") return found;
    } catch {
      // Someone else's words under our key.
    }
    return {};
  };
  return {
    read,
    update(change) {
      const remembered = read();
      change(remembered);
      storage.set(key, serialize(remembered)!);
    },
  };
}
