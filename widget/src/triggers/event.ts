import type { EventTrigger } from "../../../sdk/src/wire.ts";
import { passAll } from "../helpers/values.ts";
import type { Trigger } from "./trigger.ts";

/** Fires when the page says by track() that something happened. The event's name is the reason. */
export const trigger: Trigger<EventTrigger> = {
  arm({ name, properties = {} }, { fire, onTrack }) {
    // A reason has no more room.
    onTrack(
      (event, told, fromLayer) =>
        event === name && !fromLayer && passAll(properties, Object(told)) && fire(name.slice(0, 40)),
    );
  },
};
