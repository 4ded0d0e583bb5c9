import type { ConversionTrigger } from "../../../sdk/src/wire.ts";
import { readDataLayer } from "../helpers/data-layer.ts";
import type { Trigger } from "./trigger.ts";

/** For so long a conversion counts on the page that follows, as after a redirect, and for what is armed late. */
const recent = 30_000;
/** Looks into the data layer, a second apart. */
const looks = 10;

/** Fires after a purchase, or another event that means success; the event's name is the reason, or "url". */
export const trigger: Trigger<ConversionTrigger> = {
  start(all, context) {
    const { tab } = context;
    context.onTrack((said) => {
      if (all.some(({ event = "purchase" }) => event === said)) tab.said = { ...Object(tab.said), [said]: Date.now() };
    });
    // Pushed right before the page is left.
    context.listen(window, "pagehide", () => readDataLayer(context));
  },

  arm({ event = "purchase", url = [] }, context) {
    const { fire, listen, after, tab } = context;
    const reason = event.slice(0, 40);
    // A tag manager says it some seconds after the page has loaded, or after the click that sent the order.
    let cancel = () => {};
    const look = (left: number) => {
      readDataLayer(context);
      if (left) cancel = after(1_000, () => look(left - 1));
    };
    const watch = () => {
      cancel();
      look(looks);
    };

    if (context.matchesText(url, location.href)) fire("url");
    else if (Date.now() - Object(tab.said)[event] < recent) fire(reason);
    context.onTrack((said) => said === event && fire(reason));
    listen(document, "visibilitychange", watch);
    listen(document, "click", watch);
    watch();
  },
};
