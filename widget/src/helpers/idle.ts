import type { Context } from "../triggers/trigger.ts";

/**
 * What counts as doing something; the end of a video and coming back to the page do too. Not scrolling: it
 * may be the page's own, and a visitor's comes with one of these.
 */
const inputs = ["pointermove", "pointerdown", "keydown", "input", "wheel", "touchmove", "pause", "visibilitychange"];

/**
 * Calls back whenever nothing was done for so many seconds while the page is in view, and from then
 * on not before something was done again. With `busy`, something has to be done first, and nobody is
 * idle while it says true. One timer that looks at the time of the last input: a timer anew for each
 * pointer move costs more.
 */
export function watchIdle({ listen, after }: Context, seconds: number, idle: () => void, busy?: () => unknown): void {
  const limit = seconds * 1_000;
  /** When something was done; 0: nobody waits for its end. */
  let last = 0;
  const active = () => {
    if (!last) after(limit, check);
    last = performance.now();
  };
  const check = (): void => {
    const left = last + limit - performance.now();
    if (left > 0) after(left, check);
    else if (document.hidden || busy?.()) after(limit, check);
    else {
      last = 0;
      idle();
    }
  };
  for (const type of inputs) listen(document, type, ({ isTrusted }: Event) => isTrusted && active());
  if (!busy) active();
}
