import type { URLTrigger } from "../../../sdk/src/wire.ts";
import { matchesText } from "../helpers/text.ts";
import type { Trigger } from "./trigger.ts";

/** Fires when a page, or a route of a single-page app, is entered whose URL matches. */
export const trigger: Trigger<URLTrigger> = {
  arm({ url }, { fire, here }) {
    if (matchesText(url, here().href)) fire();
  },
};
