import type { ExitIntentTrigger } from "../../../sdk/src/wire.ts";
import { watchExit } from "../helpers/exit.ts";
import type { Trigger } from "./trigger.ts";

/**
 * Pixels a millisecond, of a pointer and of a finger. Measured: a drifting pointer is below 0.1, a hand on
 * its way to the tab bar above 1; a finger that reads back up is below 0.5, one that flicks to the top above 1.
 */
const slowest = { low: [1, 2], medium: [0.2, 1], high: [0, 0.5] } as const;

/** Fires when the visitor turns to leave the page, or when a touch screen shows it again that it hid for a while. */
export const trigger: Trigger<ExitIntentTrigger> = {
  arm({ signals, sensitivity = "medium", arm_after_seconds = 1, hidden_seconds = 10 }, context) {
    const { listen, after, fire, prepare } = context;
    const tell = (reason: string) => (!signals || signals.includes(reason as never)) && fire(reason);

    if (top !== window) return; // as watchExit
    after(arm_after_seconds * 1_000, () => {
      watchExit(context, tell, prepare, slowest[sensitivity]);
      let hidden = Infinity;
      let gone = false;
      // A page that was left comes back as a page view of its own.
      listen(window, "pagehide", () => (gone = true));
      listen(document, "visibilitychange", () => {
        // By the clock: a device that sleeps stops the other.
        if (document.hidden) hidden = Date.now();
        else if (!gone && Date.now() - hidden >= hidden_seconds * 1_000 && matchMedia("(pointer:coarse)").matches)
          tell("returned");
      });
    });
  },
};
