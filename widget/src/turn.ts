import { hold } from "../../sdk/src/hold.ts";
import type { Storage } from "../../sdk/src/storage.ts";

/**
 * Waits for this tab's turn to show a survey, of all tabs of the site; undefined: another tab shows one.
 * Returns what ends the turn. It is held only while the tab is in view: a frozen one would keep it.
 */
export async function holdTurn(name: string, storage: Storage): Promise<(() => void) | undefined> {
  let over = false;
  let giveBack: (() => unknown) | undefined;

  const letGo = () => {
    giveBack?.();
    giveBack = undefined; // what another tab has since is not ours to give back
  };
  const claim = async () => {
    const got = await hold(name, storage);
    if (got) giveBack = got; // else an earlier claim of ours may have it
    if (over || document.hidden) letGo(); // it went out of view meanwhile
    return got;
  };
  const turn = () => {
    if (document.hidden) letGo();
    else void claim();
  };
  if (!(await claim())) return undefined;
  addEventListener("visibilitychange", turn);
  return () => {
    over = true;
    removeEventListener("visibilitychange", turn);
    letGo();
  };
}
