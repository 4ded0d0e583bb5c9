import type { TimeOnPageTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

const prepareBefore = 3_000;

/** Milliseconds that the pages of this tab were in view, this one until now. */
let visible: () => number;

/** Fires after the page, or the tab's pages together, have been visible for so many seconds; time in the background does not count. */
export const trigger: Trigger<TimeOnPageTrigger> = {
  // One count for all, whether or not a survey may show: a survey that is allowed later finds the whole time.
  start(_, { listen, tab }) {
    let since: number | undefined;
    visible = () => (Number(tab.visible) || 0) + (since === undefined ? 0 : performance.now() - since);
    const change = () => {
      tab.visible = visible();
      since = document.hidden ? undefined : performance.now();
    };
    listen(document, "visibilitychange", change);
    listen(window, "pagehide", change);
    change();
  },

  arm({ seconds, scope }, { fire, prepare, listen, after }) {
    const until = seconds * 1_000 + (scope === "session" ? 0 : visible());
    let done = false;
    let cancel = () => {};

    const check = () => {
      cancel();
      if (done || document.hidden) return;
      const left = until - visible();
      // The face is fetched shortly before: most who leave at once never need it.
      const early = left - prepareBefore;
      if (early <= 0) prepare();
      done = left <= 0;
      if (done) fire();
      else cancel = after(early > 0 ? early : left, check);
    };
    listen(document, "visibilitychange", check);
    check();
  },
};
