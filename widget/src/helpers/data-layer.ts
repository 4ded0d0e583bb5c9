import type { Context } from "../triggers/trigger.ts";

let last: unknown;

/**
 * Tells the triggers of what came into the page's data layer since the last call: the event's name, and
 * its data. The data layer is read where it matters rather than patched: its push belongs to the tag
 * manager, which also drops old entries, so the place is kept by the last entry seen.
 */
export function readDataLayer({ track }: Context): void {
  const layer = (window as { dataLayer?: unknown }).dataLayer;
  if (!Array.isArray(layer)) return;
  for (const entry of layer.slice(layer.lastIndexOf(last) + 1)) {
    last = entry;
    try {
      // An object of a tag manager, or what gtag("event", name, data) pushed.
      const { 0: command, 1: name, 2: data, event, ecommerce } = entry;
      const [type, told] = command === "event" ? [name, data] : [event, ecommerce ?? entry];
      if (typeof type === "string") track(type, Object(told));
    } catch {
      // An entry with a getter that throws says nothing.
    }
  }
}
