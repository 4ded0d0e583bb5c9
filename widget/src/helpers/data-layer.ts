import type { Context } from "../triggers/trigger.ts";

/** How far it was read, and the last entry that was. */
let read = 0;
let last: unknown;

/**
 * Tells all that hear track() calls of what came into the page's data layer since the last call: the event's
 * name, and its data; each once, whoever reads it. So who wants to miss none hears from start() on, and
 * nobody reads there: others have not started yet. A hearer of start() that reads first, before it does
 * anything with what it hears, has what the data layer said before a track() call told before it.
 *
 * The data layer is read where it matters rather than patched: its push belongs to the tag manager,
 * which also drops old entries, so the place is kept by the last entry seen.
 */
export function readDataLayer({ track }: Context): void {
  const layer = (window as { dataLayer?: unknown }).dataLayer;
  if (!Array.isArray(layer)) return;
  // The page may push the same object again and again: it is looked for only where entries were dropped.
  const fresh = layer.slice(layer[read - 1] === last ? read : layer.lastIndexOf(last) + 1);
  // Before anybody is told: who hears it reads again, and finds nothing.
  read = layer.length;
  last = layer[read - 1];
  for (const entry of fresh) {
    // An object of a tag manager, or what gtag("event", name, data) pushed.
    const { 0: command, 1: name, 2: data, event, ecommerce = entry } = Object(entry);
    if (command === "event") track(name, Object(data), true);
    else if (event) track(event, Object(ecommerce), true);
  }
}
