import type { Context } from "../triggers/trigger.ts";

/** Loads the triggers that have time, not in the way of the page and of those that may fire at once. */
export function more(
  { listen }: Context,
  load: () => Promise<unknown>,
  triggers: object,
  helpers: object,
  there: () => void,
): void {
  const go = () =>
    load().then(
      (part) => {
        (part as { default(triggers: object, helpers: object): void }).default(triggers, helpers);
        there();
      },
      () => {}, // on the next page
    );
  if (document.readyState === "complete") void go();
  else listen(window, "load", go);
}
