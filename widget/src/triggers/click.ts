import type { ClickTrigger } from "../../../sdk/src/wire.ts";
import { watchClicks } from "../helpers/clicks.ts";
import type { Trigger } from "./trigger.ts";

/** Fires on a click, also by keyboard, on what the selector finds or inside it. */
export const trigger: Trigger<ClickTrigger> = {
  arm({ selector }, context) {
    watchClicks(context, selector, () => context.fire());
  },
};
