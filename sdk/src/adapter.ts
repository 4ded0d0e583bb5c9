import { createStorage, type Storage } from "./storage.ts";

/** A storage of the page's own. It answers at once, as localStorage does. */
export type Adapter = {
  /** What is kept under a key; null or undefined, where nothing is. */
  get(key: string): string | null | undefined;
  /** Keeps it. May throw, as a full localStorage does. */
  set(key: string, value: string): void;
  /** Forgets it; nothing happens where there is none. */
  remove(key: string): void;
  /** All keys under which something is kept. */
  keys(): string[];
};

/** What an adapter throws at, or does not keep, is kept for as long as the page lives. */
export function storeWith(adapter: Adapter): Storage {
  const memory = createStorage("none");
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action();
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => memory.get(key) ?? attempt(() => adapter.get(key)) ?? null,
    set(key, value) {
      const kept = attempt(() => {
        adapter.set(key, value);
        return adapter.get(key) === value;
      });
      if (kept) memory.remove(key);
      else memory.set(key, value);
      return !!kept;
    },
    remove(key) {
      memory.remove(key);
      attempt(() => adapter.remove(key));
    },
    keys: () => [...memory.keys(), ...(attempt(() => adapter.keys()) ?? [])],
  };
}
