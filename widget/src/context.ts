import { matchesGlob, matchesText } from "../../sdk/src/targeting.ts";
import type { Cart } from "../../sdk/src/wire.ts";
import type { Memory } from "./memory.ts";
import type { Context } from "./triggers/trigger.ts";
import { route, type Views } from "./views.ts";

/** What ends things that were started. */
export type Undo = Set<() => void>;

type Heard = Parameters<Context["onTrack"]>[0];

/** What the contexts of a page have in common. */
export type Shared = { memory: Memory; trackers: Set<Heard>; views: Views; base: string };

/** What one trigger cannot do must not keep the others from working. */
export function attempt(run: () => void): unknown {
  try {
    return void run();
  } catch (error) {
    console.warn("Askwell:", error);
    return error;
  }
}

/** Listens, passively and before the page does, until undone. */
export const listenWith =
  (undo: Undo): Context["listen"] =>
  (target, type, handler) => {
    const options = { passive: true, capture: true };
    const run = (event: Event) => attempt(() => (handler as EventListener)(event));
    target.addEventListener(type, run, options);
    undo.add(() => target.removeEventListener(type, run, options));
  };

/** A context in which all that is started ends with undo. */
export function createContext({ memory, trackers, views, base }: Shared, undo: Undo): Context {
  return {
    listen: listenWith(undo),
    after(ms, run) {
      const cancel = () => {
        clearTimeout(timer);
        undo.delete(cancel);
      };
      const timer = setTimeout(() => {
        undo.delete(cancel);
        attempt(run);
      }, ms);
      undo.add(cancel);
      return cancel;
    },
    onEnd: (run) => void undo.add(run),
    onTrack(heard) {
      trackers.add(heard);
      undo.add(() => trackers.delete(heard));
    },
    track(event, properties = {}, fromLayer) {
      for (const heard of trackers) attempt(() => heard(event, properties, fromLayer));
    },
    atPage: (globs, page = route()) => globs.some((glob) => matchesGlob(glob, page)),
    matchesText,
    cart: {
      get(hours = 24) {
        const { at = 0, ...now } = memory.read().cart ?? ({} as Cart & { at?: number });
        return Date.now() - at < hours * 3_600_000 ? (now as Cart) : undefined;
      },
      set(now) {
        memory.update((m) => (m.cart = now && { ...now, at: Date.now() }));
      },
    },
    tab: views.tab,
    cameFrom: views.cameFrom,
    views: views.count,
    base,
  };
}
