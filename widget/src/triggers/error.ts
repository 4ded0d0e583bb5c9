import type { ErrorTrigger } from "../../../sdk/src/wire.ts";
import { matchesText } from "../helpers/text.ts";
import type { Trigger } from "./trigger.ts";

/** When the page view began: the browser also tells of the requests before. */
let since = 0;

/** What browsers report though nothing failed, or though nobody can tell what: scripts of other origins say no more. */
const noise = /^(Script error|(Uncaught )?ResizeObserver loop)/;
/** How long the page has to mend a request by a second one. */
const mending = 2_000;

/** Fires when something on the page fails, once a page view. */
export const trigger: Trigger<ErrorTrigger> = {
  arm({ on = ["uncaught", "request"], status = 500, ignore = [] }, { listen, after, onEnd, fire, base }) {
    let told = false;
    /** where: begins with the file, or is the stack, in which the innermost comes first. */
    const fail = (reason: string, about: string, where: string) => {
      const file = /[a-z-]+:\/\/\S+/.exec(where)?.[0] ?? "";
      // Extensions are not the page's, and neither are we.
      if (told || file.startsWith(base) || /^[a-z-]*extension:/.test(file)) return;
      if (matchesText(ignore, about)) return;
      told = true;
      fire(reason);
    };

    if (on.includes("uncaught")) {
      listen(window, "error", ({ target, message, filename, error }: ErrorEvent) => {
        // An image that does not load comes by here too.
        if (target === window && !noise.test(message)) fail("uncaught", message, filename || `${error?.stack}`);
      });
      listen(window, "unhandledrejection", ({ reason }: PromiseRejectionEvent) => {
        if (reason?.name !== "AbortError") fail("rejected", `${reason?.message ?? reason}`, `${reason?.stack}`);
      });
    }

    if (on.includes("request")) {
      const answered: Record<string, number> = {};
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
          const { name, initiatorType, responseStatus, startTime } = entry;
          if (startTime < since || !/^(fetch|xmlhttprequest)$/.test(initiatorType)) continue;
          const { origin, pathname } = new URL(name);
          if (responseStatus) answered[pathname] = startTime;
          if (responseStatus >= status) fail("request", name, name);
          // No reply, but other origins hide theirs; and one that the page called off looks the same: such a
          // page, as it suggests while somebody types, asks again.
          if (responseStatus === 0 && origin === location.origin)
            after(mending, () => (answered[pathname] ?? 0) > startTime || fail("request", name, name));
        }
      });
      observer.observe({ type: "resource", buffered: true });
      onEnd(() => observer.disconnect());
    }
    onEnd(() => {
      since = performance.now();
    });
  },
};
