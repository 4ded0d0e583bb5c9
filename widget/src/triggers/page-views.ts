import type { PageViewsTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

/** Fires on the so-manieth page view of the session, and on each after it: not every page may ask. */
export const trigger: Trigger<PageViewsTrigger> = {
  arm({ count }, { fire, views }) {
    if (views() >= count) fire();
  },
};
