import type { ExitIntentTrigger } from "../../../sdk/src/wire.ts";
import { watchExit } from "../helpers/exit.ts";
import type { Trigger } from "./trigger.ts";

/** Fires when the visitor turns to leave the page. */
export const trigger: Trigger<ExitIntentTrigger> = {
  arm(options, context) {
    watchExit(context, context.fire, context.prepare, options);
  },
};
