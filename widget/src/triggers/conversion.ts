import type { ConversionTrigger } from "../../../sdk/src/wire.ts";
import { readDataLayer } from "../helpers/data-layer.ts";
import { matchesText } from "../helpers/text.ts";
import type { Trigger } from "./trigger.ts";

/** For so long a conversion counts on the page that follows, as after a redirect, and for what is armed late. */
const recent = 30_000;
/** Looks into the data layer, a second apart. */
const looks = 10;

/** Under which name the tab remembers when an event came. */
const keyOf = ({ event = "purchase" }: ConversionTrigger) => `said:${event}`;

/** Fires after a purchase, or another event that means success; the event's name is the reason, or "url". */
export const trigger: Trigger<ConversionTrigger> = {
  start(all, context) {
    const { tab, listen, onTrack } = context;
    onTrack((event) => {
      for (const options of all) if (keyOf(options) === `said:${event}`) tab[keyOf(options)] = Date.now();
    });
    // Pushed right before the page is left.
    listen(window, "pagehide", () => readDataLayer(context));
  },

  arm(options, context) {
    const { event = "purchase", url = [] } = options;
    const { fire, listen, after, tab, onTrack, here } = context;
    const tell = () => fire(event.slice(0, 40)); // a reason has no more room
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

    if (matchesText(url, here().href)) fire("url");
    else if (Date.now() - (tab[keyOf(options)] as number) < recent) tell();
    onTrack((said) => said === event && tell());
    listen(document, "visibilitychange", watch);
    listen(document, "click", watch);
    watch();
  },
};
