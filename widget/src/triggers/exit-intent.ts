import type { ExitIntentTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

/** Fires when the pointer leaves the page through its top edge. */
export const trigger: Trigger<ExitIntentTrigger> = {
  arm({ sensitivity, arm_after_seconds }, { fire, prepare, onExit }) {
    onExit(() => fire("pointer_top"), prepare, sensitivity, arm_after_seconds);
  },
};
