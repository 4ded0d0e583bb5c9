import type { ScrollDepthTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

/** How long after a gesture, and after the last step of a scroll, the next step is the visitor's: it goes on by its own momentum. */
const momentum = 500;

const keys = /^(Arrow|Page|End|Home| )/;

/** Fires when the visitor has scrolled so far. What scrolls by itself, as on a jump to an anchor or when the browser restores a place, does not count. */
export const trigger: Trigger<ScrollDepthTrigger> = {
  arm({ percent, container }, { fire, prepare, listen }) {
    if (container) document.querySelector(container); // throws where it is no selector
    /** Until when a scroll is the visitor's. */
    let until = 0;
    let deep = false;

    /** The element that an event is of, where that is what scrolls. */
    const scroller = ({ target }: Event): Element | undefined => {
      const page = document.scrollingElement;
      const element = target === document ? page : (target as Element);
      return element && (container ? element.matches(container) : element === page) ? element : undefined;
    };
    const gesture = (event: Event) => {
      if (event.isTrusted) until = performance.now() + momentum;
    };
    listen(document, "wheel", gesture);
    listen(document, "touchmove", gesture);
    listen(document, "keydown", (event: KeyboardEvent) => keys.test(event.key) && gesture(event));
    listen(document, "pointerdown", (event: PointerEvent) => {
      // A scroll bar is held as long as one likes, and so is the middle button. Any other press ends a
      // scroll, and may be on a link to an anchor.
      until = event.button === 1 || scroller(event) ? Infinity : 0;
    });
    listen(document, "scroll", (event: Event) => {
      const element = scroller(event);
      const now = performance.now();
      if (!element || now > until) return;
      until = Math.max(until, now + momentum);
      // The window, where it is the page: a phone's bars that slide away make it higher than the element says.
      const height = Math.max(element.clientHeight, container ? 0 : innerHeight);
      // A scroll position may be a fraction of a pixel short of the end.
      const depth = ((element.scrollTop + height + 1) / element.scrollHeight) * 100;
      if (depth > percent / 2) prepare();
      // Once, unless the page has grown since.
      if (depth < percent) deep = false;
      else if (!deep) {
        deep = true;
        fire();
      }
    });
  },
};
