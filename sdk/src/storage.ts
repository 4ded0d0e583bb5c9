/** Strings kept on the visitor's machine, by key. */
export type Storage = {
  get(key: string): string | null;
  /** Whether it was written to stay; if not, it is kept for as long as the page lives. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  keys(): string[];
};

/**
 * The page's localStorage. Where it is forbidden or full, what could not be written is kept for as
 * long as the page lives: a visitor who blocks storage can still answer. inPage: everything is.
 */
export function createStorage(inPage?: boolean): Storage {
  const memory = new Map<string, string>();
  const attempt = <T>(action: (local: globalThis.Storage) => T): T | undefined => {
    try {
      return inPage ? undefined : action(localStorage); // the access itself throws where cookies are blocked
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => memory.get(key) ?? attempt((local) => local.getItem(key)) ?? null,
    set(key, value) {
      const kept = attempt((local) => {
        local.setItem(key, value);
        return local.getItem(key) === value; // consent tools make setItem do nothing
      });
      if (kept) memory.delete(key);
      else memory.set(key, value);
      return !!kept;
    },
    remove(key) {
      memory.delete(key);
      attempt((local) => local.removeItem(key));
    },
    keys: () => [...memory.keys(), ...(attempt((local) => Object.keys(local)) ?? [])],
  };
}
