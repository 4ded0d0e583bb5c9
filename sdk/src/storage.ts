/** Strings kept on the visitor's machine, by key. */
export type Storage = {
  get(key: string): string | null;
  /** Whether it was written to stay; if not, it is kept for as long as the page lives. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  keys(): string[];
};

/**
 * Of the browser's two storages this one. Where it is forbidden or full, what could not be written is kept for
 * as long as the page lives: a visitor who blocks storage can still answer. none: everything is.
 */
export function createStorage(where = "local"): Storage {
  const memory = new Map<string, string>();
  const attempt = <T>(action: (area: globalThis.Storage) => T): T | undefined => {
    try {
      return action(globalThis[`${where as "local"}Storage`]); // the access itself throws where cookies are blocked
    } catch {
      return undefined; // also where there is none of this name
    }
  };
  return {
    get: (key) => memory.get(key) ?? attempt((area) => area.getItem(key)) ?? null,
    set(key, value) {
      const kept = attempt((area) => {
        area.setItem(key, value);
        return area.getItem(key) === value; // consent tools make setItem do nothing
      });
      if (kept) memory.delete(key);
      else memory.set(key, value);
      return !!kept;
    },
    remove(key) {
      memory.delete(key);
      attempt((area) => area.removeItem(key));
    },
    keys: () => [...memory.keys(), ...(attempt(Object.keys) ?? [])],
  };
}

/** Wipes all that is stored of a visitor to a site: consent was taken back. */
export const wipe = (storage: Storage, site: string): void => {
  for (const key of storage.keys()) if (key.startsWith(`askwell:${site}:`)) storage.remove(key);
};
