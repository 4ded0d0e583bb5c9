import type { ExitIntentTrigger } from "../../../sdk/src/wire.ts";
import type { Context } from "../triggers/trigger.ts";

type Options = Pick<ExitIntentTrigger, "signals" | "sensitivity" | "arm_after_seconds" | "hidden_seconds">;

/**
 * Pixels a millisecond, of a pointer and of a finger. Measured: a drifting pointer is below 0.1, a hand on
 * its way to the tab bar above 1; a finger that reads back up is below 0.5, one that flicks to the top above 1.
 */
const slowest = { low: [1, 2], medium: [0.2, 1], high: [0, 0.5] } as const;

/** A page that a finger has let go of rolls on: what moves it later is something else, such as a script. */
const rolls = 1_000;

/**
 * Calls back with the reason when the visitor turns to leave.
 *
 * pointer_top: the pointer leaves the page through its top edge, moving up (a trusted mouseleave of the
 * root with no element entered and y < 0; leaving sideways has x outside; entering a frame is no leave of
 * the root).
 * scroll_up: one finger flings the page up by a third of the screen, from at least a screen down. The speed is
 * the finger's, for a script's scroll, an opening keyboard and an edge that bounces back have none; two
 * fingers, or a page that they made larger, do not count.
 * returned: a touch screen shows the page again that it hid for a while.
 */
export function watchExit(
  { listen }: Context,
  leaving: (reason: string) => void,
  near: () => void,
  { signals, sensitivity = "medium", arm_after_seconds = 1, hidden_seconds = 10 }: Options = {},
): void {
  // Inside a frame the frame's own edge looks like the page's.
  if (window.top !== window) return;
  const root = document.documentElement;
  const start = performance.now() + arm_after_seconds * 1_000;
  const [pointer, finger] = slowest[sensitivity];
  const wanted = (signal: NonNullable<typeof signals>[number]) => !signals || signals.includes(signal);
  const tell = (reason: string, at: number) => at >= start && leaving(reason);

  if (wanted("pointer_top")) {
    // The last move inside without a button held: after a drag ends outside, a leave follows that is none.
    let last: MouseEvent | undefined;
    listen(document, "mousemove", (event: MouseEvent) => {
      last = event.isTrusted && !event.buttons && event.clientY >= 0 ? event : undefined;
      if (last && event.clientY < innerHeight / 3) near();
    });
    listen(root, "mouseleave", (event: MouseEvent) => {
      const { clientX: x, clientY: y, timeStamp } = event;
      if (event.target !== root) return; // of something inside it
      const from = last;
      last = undefined;
      if (!event.isTrusted || !from || event.relatedTarget || y >= 0 || x < 0 || x > innerWidth) return;
      // A pointer that rested and then jumps out sends no move on its way: not more than 50 ms are counted.
      const speed = (from.clientY - y) / Math.min(Math.max(timeStamp - from.timeStamp, 1), 50);
      if (speed >= pointer && !listOpen()) tell("pointer_top", timeStamp);
    });
  }

  if (wanted("scroll_up")) {
    /** Where the page was when the finger came down; 0: no fling may begin there. */
    let from = 0;
    /** A place of the finger, and its speed up to there: from one event to the next it jumps about. */
    let last = { y: 0, at: 0 };
    let speed = 0;
    listen(document, "touchstart", ({ touches, timeStamp: at }: TouchEvent) => {
      from = touches[1] || scrollY < innerHeight ? 0 : scrollY;
      speed = 0;
      last = { y: touches[0]!.clientY, at };
    });
    listen(document, "touchmove", ({ touches, timeStamp: at, isTrusted }: TouchEvent) => {
      const { clientY: y } = touches[0]!;
      if (at - last.at < 30) return;
      speed = isTrusted ? (y - last.y) / (at - last.at) : 0;
      last = { y, at };
      if (from && speed >= finger) near();
    });
    listen(document, "scroll", ({ timeStamp }: Event) => {
      if (
        from - scrollY > innerHeight / 3 &&
        speed >= finger &&
        timeStamp - last.at < rolls &&
        (window.visualViewport?.scale ?? 1) < 1.01
      ) {
        from = 0;
        tell("scroll_up", timeStamp);
      }
    });
  }

  if (wanted("returned") && matchMedia("(pointer:coarse)").matches) {
    let hidden = 0;
    let gone = false;
    // A page that was left comes back as a page view of its own.
    listen(window, "pagehide", () => (gone = true));
    listen(document, "visibilitychange", ({ timeStamp }: Event) => {
      // By the clock: a device that sleeps stops the other.
      if (document.hidden) hidden = Date.now();
      else if (!gone && hidden && Date.now() - hidden >= hidden_seconds * 1_000) tell("returned", timeStamp);
    });
  }
}

/** A select's open list lies over the top edge; the pointer on it has not left. */
function listOpen(): boolean {
  try {
    return !!document.querySelector("select:open");
  } catch {
    return false; // a browser that does not know :open
  }
}
