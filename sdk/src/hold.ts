import type { Storage } from "./storage.ts";

/** How long a claim takes to be seen by other tabs: in Chromium a few milliseconds, above 50 on a busy machine. */
const settle = 200;
/** How long a tab that died keeps the others waiting; a living one says every second that it is there. */
const lease = 5_000;

/**
 * Takes a name for this tab, of all tabs of an origin, and returns what gives it back, which is done when its
 * promise is; undefined: another tab has it. Nobody waits in line: a hidden tab may be frozen, and would keep
 * what is given to it then.
 */
export async function hold(name: string, storage: Storage): Promise<(() => unknown) | undefined> {
  try {
    return await new Promise((resolve, reject) => {
      const released = navigator.locks.request(name, { ifAvailable: true }, (lock) =>
        lock
          ? new Promise<void>((release) => {
              resolve(() => {
                release();
                return released;
              });
            })
          : resolve(undefined),
      );
      released.catch(reject);
    });
  } catch {
    // No locks: an insecure origin, a sandboxed frame, or a browser from before 2022. A lease in the storage, then.
    const other = Number(storage.get(name)) - Date.now();
    if (other > 0 && other <= lease + 1) return undefined; // the fraction of one that was written just now
    // The fraction tells tabs apart that claim in the same millisecond; the last to write has it.
    let mine = "";
    const write = () => storage.set(name, (mine = `${Date.now() + lease + Math.random()}`));
    write();
    await new Promise((resolve) => setTimeout(resolve, settle));
    if (storage.get(name) !== mine) return undefined;
    const timer = setInterval(write, 1_000);
    return () => {
      clearInterval(timer);
      storage.remove(name);
    };
  }
}
