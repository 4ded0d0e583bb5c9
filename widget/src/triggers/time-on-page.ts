import type { TimeOnPageTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

const prepareBefore = 3_000;

/** Fires after the page has been visible for so many seconds; time in the background does not count. */
export const trigger: Trigger<TimeOnPageTrigger> = {
  arm({ seconds }, { fire, prepare, listen, after }) {
    let left = seconds * 1_000;
    let since = 0;
    let cancel: (() => void) | undefined;

    const change = () => {
      if (cancel) {
        cancel();
        cancel = undefined;
        left -= performance.now() - since;
      }
      if (!document.hidden) {
        since = performance.now();
        // The face is fetched shortly before: most who leave at once never need it.
        const early = Math.max(0, left - prepareBefore);
        cancel = after(early, () => {
          prepare();
          cancel = after(left - early, () => fire());
        });
      }
    };
    listen(document, "visibilitychange", change);
    change();
  },
};
