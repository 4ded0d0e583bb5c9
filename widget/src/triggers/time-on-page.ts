import type { TimeOnPageTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

/** The face is fetched shortly before: most who leave at once never need it. */
const prepareBefore = 3_000;

/** Counts, and says for how many milliseconds the pages of this tab were in view, this one until now. */
let visible: () => number;

/** Fires after the page, or the tab's pages together, have been visible for so many seconds; time in the background does not count. */
export const trigger: Trigger<TimeOnPageTrigger> = {
  // One count for all, whether or not a survey may show: a survey that is allowed later finds the whole time.
  start(_, { listen, tab }) {
    /** Until when it is counted; 0 in the background. */
    let last = 0;
    visible = () => {
      const now = performance.now();
      const sum = ((tab.visible as number) || 0) + (last && now - last);
      last = document.hidden ? 0 : now;
      tab.visible = sum;
      return sum;
    };
    listen(document, "visibilitychange", visible);
    listen(window, "pagehide", visible);
    visible();
  },

  arm({ seconds, scope }, { fire, prepare, listen, after }) {
    const until = seconds * 1_000 + (scope === "session" ? 0 : visible());
    let cancel = () => {};
    const check = () => {
      cancel();
      if (document.hidden) return;
      const left = until - visible();
      if (left <= prepareBefore) prepare();
      if (left <= 0) fire();
      else cancel = after(left % prepareBefore, check); // so that one of the looks is when to prepare
    };
    listen(document, "visibilitychange", check);
    check();
  },
};
