import type { EventName, Listener } from "./api.ts";

/** All that on() can hear of. */
export const events: EventName[] = ["shown", "started", "answered", "completed", "dismissed", "error"];

/** Who hears of what, as on() was called. */
export type Listeners = Set<unknown[]>;

/**
 * Tells the page: more is an error, or what else there is to know of a survey. What is unfit, the name of a hidden field
 * that the survey does not declare so, is told to the console alone, where that is wanted.
 */
export type Emit = (event: EventName | "unfit", survey: string | undefined, more: unknown) => void;

/**
 * Calls the listeners of an event, apart from our own stack: what one throws, or promises and does not keep, is the
 * page's, and stops neither us nor the others. The console has it, and those of "error" hear of it.
 */
export const emitTo = (listeners: Listeners): Emit => {
  const emit: Emit = (event, ...said) => {
    for (const one of listeners)
      if (one[0] === event)
        Promise.resolve()
          .then(() => listeners.has(one) && (one[1] as Listener)(...(said as Parameters<Listener>)))
          .catch((error) => {
            console.error("Askwell:", error);
            if (event !== "error") emit("error", said[0], error);
          });
  };
  return emit;
};
