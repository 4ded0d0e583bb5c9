import type { AnyTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

/** Fires when one of its triggers does. */
export const trigger: Trigger<AnyTrigger> = {
  arm({ of }, { watch, fire }) {
    for (const one of of) watch(one, (by) => fire("", { by }));
  },
};
