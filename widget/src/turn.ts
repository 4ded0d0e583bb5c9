import type { Storage } from "../../sdk/src/storage.ts";

/** How long a claim takes to be seen by other tabs: in Chromium a few milliseconds, above 50 on a busy machine. */
const settle = 100;
/** How long a tab that died keeps the others waiting; a living one says every second that it is there. */
const lease = 5_000;

/**
 * Waits for this tab's turn to show a survey, of all tabs of the site; undefined: another tab shows one.
 * Returns what ends the turn. It is held only while the tab is in view: a frozen one would keep a lock.
 */
export async function holdTurn(name: string, storage: Storage): Promise<(() => void) | undefined> {
  let over = false;
  /** Lets go of what is held now. */
  let release: (() => void) | undefined;

  const claim = async (): Promise<boolean> => {
    try {
      return await new Promise<boolean>((resolve, reject) => {
        navigator.locks
          .request(name, { ifAvailable: true }, (lock) => {
            resolve(!!lock && !over);
            return lock && !over && new Promise<void>((let_go) => (release = let_go));
          })
          .catch(reject);
      });
    } catch {
      // No locks: an insecure origin, or a browser from before 2022. A lease in the storage, then.
      const other = Number(storage.get(name)) - Date.now();
      if (other > 0 && other <= lease + 1) return false; // the fraction of one that was written just now
      // The fraction tells tabs apart that claim in the same millisecond; the last to write has it.
      let mine: string;
      const write = () => storage.set(name, (mine = `${Date.now() + lease + Math.random()}`));
      write();
      await new Promise((resolve) => setTimeout(resolve, settle));
      if (storage.get(name) !== mine! || over) return false;
      const timer = setInterval(write, 1_000);
      release = () => {
        clearInterval(timer);
        storage.remove(name);
      };
      return true;
    }
  };
  const turn = () => {
    if (!document.hidden) void claim();
    else letGo();
  };
  const letGo = () => {
    release?.();
    release = undefined; // what another tab has since is not ours to let go of
  };
  if (!(await claim())) return undefined;
  document.addEventListener("visibilitychange", turn);
  if (document.hidden) letGo(); // it went out of view meanwhile
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", turn);
    letGo();
  };
}
