import type { Memory } from "../../sdk/src/memory.ts";
import type { Cart } from "../../sdk/src/wire.ts";
import { here, route } from "./address.ts";
import { attempt } from "./report.ts";
import type { Context } from "./triggers/trigger.ts";
import type { Views } from "./views.ts";

/** What ends things that were started. */
export type Undo = Set<() => void>;

type Heard = Parameters<Context["onTrack"]>[0];

/** What the contexts of a page have in common. */
export type Shared = { memory: Memory; trackers: Set<Heard>; views: Views; base: string };

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
    cart: {
      get(hours = 24) {
        const { at = 0, ...now } = memory.read().cart ?? ({} as Cart & { at?: number });
        return Date.now() - at < hours * 3_600_000 ? (now as Cart) : undefined;
      },
      set(now) {
        memory.update((m) => (m.cart = now && { ...now, at: Date.now() }));
      },
    },
    ...views,
    here,
    route,
    base,
  };
}
