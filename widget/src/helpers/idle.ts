import type { Context } from "../triggers/trigger.ts";

/**
 * What counts as doing something; the end of a video does too. Not scrolling: it may be the page's own,
 * and a visitor's comes with one of these.
 */
const inputs = ["pointermove", "pointerdown", "keydown", "input", "wheel", "touchmove", "pause"];

/**
 * Calls back whenever nothing was done for so many seconds while the page is in view, and from then
 * on not before something was done again. With `busy`, something has to be done first, and nobody is
 * idle while it says true. One timer that looks at the time of the last input: a timer anew for each
 * pointer move costs more.
 */
export function watchIdle({ listen, after }: Context, seconds: number, idle: () => void, busy?: () => boolean): void {
  const limit = seconds * 1_000;
  let last: number;
  let waiting = false;
  const seen = () => {
    last = performance.now();
  };
  const active = () => {
    seen();
    if (!waiting) after(limit, check);
    waiting = true;
  };
  const check = (): void => {
    let left = last + limit - performance.now();
    if (left <= 0 && (document.hidden || busy?.())) left = limit;
    waiting = left > 0;
    if (waiting) after(left, check);
    else idle();
  };
  for (const type of inputs) listen(document, type, (event: Event) => event.isTrusted && active());
  listen(document, "visibilitychange", seen);
  if (!busy) active();
}
