import type { Context } from "../triggers/trigger.ts";

/** A page that a finger has let go of rolls on: what moves it later is something else, such as a script. */
const rolls = 1_000;

/**
 * Calls back with the reason when the visitor turns to leave.
 *
 * pointer_top: the pointer leaves the page through its top edge, moving up. Above it, a page hears of the
 * pointer only as it leaves, or in a drag; leaving sideways has x outside.
 * scroll_up: one finger flings the page up by a third of the screen, from at least a screen down. The speed is
 * the finger's, for a script's scroll, an opening keyboard and an edge that bounces back have none; two
 * fingers, or a page that they made larger, do not count.
 */
export function watchExit(
  { listen }: Context,
  leaving: (reason: string) => void,
  near: () => void,
  /** Pixels a millisecond that a pointer and a finger have at least: see exit-intent.ts. */
  [pointer, finger]: readonly [number, number] = [0.2, 1],
): void {
  // Inside a frame the frame's own edge looks like the page's.
  if (top !== window) return;

  // The last place inside without a button held: after a drag ends outside, a leave follows that is none.
  let last: MouseEvent | undefined;
  for (const type of ["mousemove", "mouseout"])
    listen(document, type, (event: MouseEvent) => {
      const { clientX: x, clientY: y, timeStamp, isTrusted, buttons } = event;
      if (!isTrusted) return;
      if (
        last &&
        y < 0 &&
        x >= 0 &&
        x <= innerWidth &&
        // A pointer that rested and then jumps out sends no move on its way: not more than 50 ms are counted.
        last.clientY - y >= pointer * Math.min(timeStamp - last.timeStamp, 50) &&
        // A select's open list lies over the top edge; the pointer on it has not left. In :is(), as there are
        // browsers that do not know :open.
        !document.querySelector(":is(select:open)")
      )
        leaving("pointer_top");
      last = y < 0 || buttons ? undefined : event;
      if (last && y < innerHeight / 3) near();
    });

  /** Where the page was when the finger came down; 0: no fling may begin there. */
  let from = 0;
  /** Where and when it came down. */
  let start = 0;
  let at = 0;
  /** When it last moved, by the clock that the page sees it by: its own runs ahead of a busy page. */
  let moved = 0;
  let fast = false;
  listen(document, "touchstart", ({ touches, timeStamp, isTrusted }: TouchEvent) => {
    from = isTrusted && !touches[1] && scrollY >= innerHeight && visualViewport!.scale < 1.01 ? scrollY : 0;
    start = touches[0]!.clientY;
    at = timeStamp;
    fast = false;
  });
  listen(document, "touchmove", ({ touches, timeStamp }: TouchEvent) => {
    fast = touches[0]!.clientY - start >= finger * (timeStamp - at);
    moved = performance.now();
    if (from && fast) near();
  });
  listen(document, "scroll", () => {
    if (fast && from - scrollY > innerHeight / 3 && performance.now() - moved < rolls) {
      from = 0;
      leaving("scroll_up");
    }
  });
}
