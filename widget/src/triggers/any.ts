import type { AnyTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

/** Fires when one of its triggers does. */
export const trigger: Trigger<AnyTrigger> = {
  arm({ of }, { watch, fire }) {
    let failed: unknown;
    let works = false;
    for (const one of of)
      try {
        watch(one, (by) => fire("", { by }));
        works = true;
      } catch (error) {
        failed = error;
      }
    if (!works) throw failed;
  },
};
