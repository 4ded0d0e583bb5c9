import type { Context } from "../triggers/trigger.ts";

/** What counts as doing something. */
const inputs = ["pointermove", "pointerdown", "keydown", "scroll", "wheel", "touchmove"];

/**
 * Calls back whenever nothing was done for so many seconds while the page is in view, and from then
 * on not before something was done again. One timer that looks at the time of the last input: a timer
 * anew for each pointer move costs more.
 */
export function watchIdle({ listen, after }: Context, seconds: number, idle: () => void): void {
  const limit = seconds * 1_000;
  let last = performance.now();
  let told = false;
  const active = () => {
    last = performance.now();
    told = false;
  };
  const check = (): void => {
    const left = document.hidden || told ? limit : last + limit - performance.now();
    if (left <= 0) {
      told = true;
      idle();
    }
    after(left > 0 ? left : limit, check);
  };
  for (const type of inputs) listen(document, type, active);
  listen(document, "visibilitychange", active);
  after(limit, check);
}
