import type { ExitIntentTrigger } from "../../../sdk/src/wire.ts";
import type { Context } from "../triggers/trigger.ts";

type Options = Pick<ExitIntentTrigger, "signals" | "sensitivity" | "arm_after_seconds" | "hidden_seconds">;

/** Pixels a millisecond. Measured: a drifting pointer is below 0.1, a hand on its way to the tab bar above 1. */
const slowest = { low: 1, medium: 0.2, high: 0 };

/**
 * Calls back with the reason when the visitor turns to leave: the pointer leaves the page through its
 * top edge, moving up (a trusted mouseleave of the root with no element entered and y < 0; leaving
 * sideways has x outside; entering a frame is no leave of the root).
 */
export function watchExit(
  { listen }: Context,
  leaving: (reason: string) => void,
  near: () => void,
  { signals, sensitivity = "medium", arm_after_seconds = 1 }: Options = {},
): void {
  // Inside a frame the frame's own edge looks like the page's.
  if (window.top !== window) return;
  const root = document.documentElement;
  const start = performance.now() + arm_after_seconds * 1_000;
  // The last move inside without a button held: after a drag ends outside, a leave follows that is none.
  let last: MouseEvent | undefined;

  if (signals && !signals.includes("pointer_top")) return;
  listen(document, "mousemove", (event: MouseEvent) => {
    last = event.isTrusted && !event.buttons && event.clientY >= 0 ? event : undefined;
    if (last && event.clientY < innerHeight / 3) near();
  });
  listen(root, "mouseleave", (event: MouseEvent) => {
    const { clientX: x, clientY: y, timeStamp } = event;
    if (event.target !== root) return; // of something inside it
    const from = last;
    last = undefined;
    if (!event.isTrusted || !from || event.relatedTarget || y >= 0 || x < 0 || x > innerWidth || timeStamp < start)
      return;
    // A pointer that rested and then jumps out sends no move on its way: not more than 50 ms are counted.
    const speed = (from.clientY - y) / Math.min(Math.max(timeStamp - from.timeStamp, 1), 50);
    if (speed >= slowest[sensitivity] && !listOpen()) leaving("pointer_top");
  });
}

/** A select's open list lies over the top edge; the pointer on it has not left. */
function listOpen(): boolean {
  try {
    return !!document.querySelector("select:open");
  } catch {
    return false; // a browser that does not know :open
  }
}
