import type { ElementVisibleTrigger } from "../../../sdk/src/wire.ts";
import { findAll, watchPage } from "../helpers/dom.ts";
import type { Trigger } from "./trigger.ts";

/** Shares of an element at which the browser tells: closer to each other where it is much larger than the screen. */
const shares = Array.from({ length: 401 }, (_, i) => (i / 400) ** 2);

/** Fires when an element has been in view for so many seconds without a break. */
export const trigger: Trigger<ElementVisibleTrigger> = {
  arm({ selector, seconds = 1, percent = 50 }, context) {
    const { after, listen, onEnd, fire, prepare } = context;
    const share = percent / 100;
    const known = new WeakSet<Element>();
    /** Those in view, with what stops their time. */
    const inView = new Map<Element, (() => void) | undefined>();

    const time = () => {
      for (const [element, stop] of inView) {
        const counts = !document.hidden && isShown(element);
        if (!counts) stop?.();
        if (!counts || !stop) inView.set(element, counts ? start(element) : undefined);
      }
    };
    const start = (element: Element) => {
      prepare();
      return after(seconds * 1_000, () => {
        if (isShown(element)) fire();
        else inView.set(element, undefined);
      });
    };
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting, intersectionRect: seen, boundingClientRect: all } of entries) {
          const enough = share * Math.min(all.width, innerWidth) * Math.min(all.height, innerHeight);
          // Half a pixel of rounding is nothing that a person sees.
          if (isIntersecting && (seen.width + 0.5) * (seen.height + 0.5) >= enough) {
            if (!inView.has(target)) inView.set(target, undefined);
          } else {
            inView.get(target)?.();
            inView.delete(target);
          }
        }
        time();
      },
      { threshold: [...shares, share] },
    );
    onEnd(() => observer.disconnect());
    listen(document, "visibilitychange", time);
    watchPage(context, () => {
      for (const element of findAll(selector)) {
        if (known.has(element)) continue;
        known.add(element);
        observer.observe(element);
      }
      time();
    });
  },
};

/** Browsers that cannot say take every element that has a place for shown. */
const isShown = (element: Element) =>
  element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false;
