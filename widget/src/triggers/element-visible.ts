import type { ElementVisibleTrigger } from "../../../sdk/src/wire.ts";
import { findAll, watchPage } from "../helpers/dom.ts";
import type { Trigger } from "./trigger.ts";

/** Shares of an element at which the browser tells; all whole percents are among them. */
const threshold = [...Array(401).keys()].map((i) => i / 400);

/** Fires when an element has been in view for so many seconds without a break. */
export const trigger: Trigger<ElementVisibleTrigger> = {
  arm({ selector, seconds = 1, percent = 50 }, context) {
    const { after, listen, onEnd, fire, prepare } = context;
    /** Those in view, with what stops their time. */
    const inView = new Map<Element, (() => void) | undefined>();

    const time = () => {
      for (const [element, stop] of inView) {
        const counts = !document.hidden && isShown(element);
        if (counts && stop) continue;
        stop?.();
        inView.set(element, counts ? start(element) : undefined);
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
          const enough = (percent / 100) * Math.min(all.width, innerWidth) * Math.min(all.height, innerHeight);
          const stop = inView.get(target);
          // Half a pixel of rounding is nothing that a person sees.
          if (isIntersecting && (seen.width + 0.5) * (seen.height + 0.5) >= enough) inView.set(target, stop);
          else {
            stop?.();
            inView.delete(target);
          }
        }
        time();
      },
      { threshold },
    );
    onEnd(() => observer.disconnect());
    listen(document, "visibilitychange", time);
    watchPage(context, () => {
      for (const element of findAll(selector)) observer.observe(element); // one that it knows already is no other
      time();
    });
  },
};

/** Browsers that cannot say take every element that has a place for shown. */
const isShown = (element: Element) =>
  element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false;
