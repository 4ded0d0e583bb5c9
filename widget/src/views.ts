import type { Memory } from "../../sdk/src/memory.ts";
import { serialize } from "../../sdk/src/serialize.ts";
import type { Storage } from "../../sdk/src/storage.ts";
import { isPrivate } from "../../sdk/src/visitor.ts";
import type { Config } from "../../sdk/src/wire.ts";
import { route, say } from "./address.ts";
import { listenWith, type Undo } from "./context.ts";
import { attempt } from "./report.ts";

/** The page views of this tab, and of the session that they belong to. */
export type Views = {
  tab: Record<string, unknown>;
  cameFrom(): string | undefined;
  views(): number;
  /** Says which page this is: a page view begins, if that is another one. */
  page(url?: string): void;
};

/** A session ends after so long without a page view. */
const sessionEnds = 1_800_000;
/** Another page that opens within this time after one was left was left for it. */
const leftWithin = 30_000;

/** Tells when a page view begins after the first: a route change of a single-page app, or a page that comes back from the browser's cache. */
export function watchViews(
  config: Config,
  memory: Memory,
  /** Of this tab. */
  storage: Storage,
  name: string,
  alive: Undo,
  begin: () => void,
): Views {
  const tab: Record<string, unknown> = {};
  const recall = () => {
    try {
      Object.assign(tab, JSON.parse(storage.get(name)!));
    } catch {
      // Someone else's words under our key.
    }
  };
  recall();
  const left = tab.left as { page: string; at: number } | undefined;
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  // A refresh is no leaving, and neither is coming back from a payment provider.
  let from =
    left &&
    Date.now() - left.at < leftWithin &&
    entry?.type === "navigate" &&
    document.referrer.startsWith(`${location.origin}/`)
      ? left.page
      : undefined;
  let address = route(location);
  let at = route();

  const view = () => {
    if (isPrivate(config) || top !== window) return; // a frame is no page of its own
    const now = Date.now();
    memory.update((m) => {
      const { session } = m;
      if (session && now - session.at < sessionEnds) {
        session.views++;
        session.at = now;
      } else {
        m.sessions = (m.sessions ?? 0) + 1;
        m.session = { at: now, views: 1, shown: 0, referrer: document.referrer, query: location.search };
      }
    });
  };
  const page = (url?: string) => {
    say(url);
    const now = route();
    if (now === at) return;
    from = at;
    at = now;
    view();
    begin();
  };
  const moved = () => {
    const now = route(location);
    if (now === address) return;
    address = now;
    page();
  };
  const listen = listenWith(alive);
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) listen(navigation, "currententrychange", moved);
  else {
    listen(window, "popstate", moved); // also where only the hash changes
    for (const method of ["pushState", "replaceState"] as const) {
      const before = history[method];
      const own = Object.hasOwn(history, method);
      let on = true;
      const mine: typeof before = function (this: History, ...args) {
        before.apply(this, args);
        if (on) attempt(moved);
      };
      history[method] = mine;
      alive.add(() => {
        // Where somebody patched it after us, ours stays in between and does nothing.
        on = false;
        if (history[method] !== mine) return;
        if (own) history[method] = before;
        else delete (history as Partial<History>)[method];
      });
    }
  }
  const keep = () => {
    if (isPrivate(config)) return;
    tab.left = { page: route(), at: Date.now() };
    storage.set(name, serialize(tab)!);
  };
  listen(window, "pagehide", keep);
  // Comes after it, when triggers have said what the tab shall keep: Chromium calls the listeners of pagehide in the
  // order in which they were added, whatever their phase.
  listen(document, "visibilitychange", () => document.hidden && keep());
  listen(window, "pageshow", ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return;
    recall(); // what the pages after this one have left
    from = undefined;
    view();
    begin();
  });
  view();
  return {
    tab,
    cameFrom: () => from,
    views: () => memory.read().session?.views ?? 1,
    page,
  };
}
