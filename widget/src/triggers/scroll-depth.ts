import type { ScrollDepthTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

/** How long after a gesture, and after the last step of a scroll, the next step is the visitor's: it goes on by its own momentum. */
const momentum = 500;

/** Fires when the visitor has scrolled so far. What scrolls by itself, as on a jump to an anchor or when the browser restores a place, does not count. */
export const trigger: Trigger<ScrollDepthTrigger> = {
  arm({ percent, container = document.scrollingElement!.localName }, { fire, prepare, listen }) {
    document.querySelector(container); // throws where it is no selector
    /** Until when a scroll is the visitor's. */
    let until = 0;
    let deep = false;

    const elementOf = ({ target }: Event) => (target === document ? document.scrollingElement : target) as Element;
    for (const type of ["wheel", "touchmove", "keydown"])
      listen(document, type, ({ isTrusted, key }: KeyboardEvent) => {
        // That key opens links, also to an anchor.
        if (isTrusted && key !== "Enter") until = performance.now() + momentum;
      });
    listen(document, "pointerdown", (event: PointerEvent) => {
      // A scroll bar is held as long as one likes, and so is the middle button. Any other press ends a
      // scroll, and may be on a link to an anchor.
      until = event.button === 1 || elementOf(event).matches(container) ? Infinity : 0;
    });
    listen(document, "scroll", (event: Event) => {
      const element = elementOf(event);
      const now = performance.now();
      if (now > until || !element.matches(container)) return;
      until = Math.max(until, now + momentum);
      // The window, where it is the page: a phone's bars that slide away make it higher than the element says.
      const height = event.target === document ? innerHeight : element.clientHeight;
      // A scroll position may be a fraction of a pixel short of the end.
      const depth = ((element.scrollTop + height + 1) / element.scrollHeight) * 100;
      if (depth > percent / 2) prepare();
      // Once, unless the page has grown since.
      if (depth >= percent && !deep) fire();
      deep = depth >= percent;
    });
  },
};
