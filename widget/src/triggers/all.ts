import type { AllTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

/** Fires when each of its triggers has fired on this page view; the last says why. */
export const trigger: Trigger<AllTrigger> = {
  arm({ of }, { watch, fire }) {
    const open = new Set(of);
    for (const one of of)
      watch(one, (by) => {
        open.delete(one);
        if (!open.size) fire("", { by });
      });
  },
};
