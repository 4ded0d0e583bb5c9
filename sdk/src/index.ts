/**
 * Askwell's SDK: the script tag's widget, typed.
 *
 * ```ts
 * const askwell = createAskwell({ host: "https://feedback.example", site: "shop" });
 * askwell.identify("u-42", { plan: "pro" });
 * askwell.cart({ value: 49.9, currency: "EUR", items: 2 });
 * askwell.on("completed", (survey) => console.log("thank you for", survey));
 * ```
 *
 * @packageDocumentation
 */
import type { Api } from "./api.ts";
import type { Askwell } from "./calls.ts";

export type { Api, EventName, Traits } from "./api.ts";
export type { Explanation, Gate, TriggerState } from "./explanation.ts";
export { type Answer, type Answers, type Condition, endingFor, type Facts, matches, walk } from "./logic.ts";
export { pipe } from "./pipe.ts";
export type { Cart } from "./wire.ts";

export type Options = {
  /** URL of the collector. */
  host: string;
  /** Id of the site. */
  site: string;
  /** BCP 47 tag: the surveys' language, in place of the page's. */
  language?: string;
};

/**
 * Loads a site's widget and returns its calls. They may be made at once: what is called before the
 * script has come is done when it has. On a server, where there is no page, every call does nothing.
 */
export function createAskwell({ host, site, language }: Options): Api {
  const inPage = typeof document === "object";
  let script: HTMLScriptElement | undefined;
  if (inPage) {
    window.askwell ??= createStub();
    // Made again before the script came, as React's StrictMode does: the destroy that waits is not for this one.
    if (window.askwell.q) window.askwell.q = window.askwell.q.filter(([method]) => method !== "destroy");
    script = document.createElement("script");
    script.async = true;
    script.src = `${host.replace(/\/$/, "")}/w/${encodeURIComponent(site)}.js`;
    if (language) script.dataset.language = language;
    document.head.append(script);
  }
  const forward =
    <Method extends keyof Api>(method: Method) =>
    (...args: Parameters<Api[Method]>): void => {
      if (inPage) window.askwell?.(method, ...args);
    };
  return {
    identify: forward("identify"),
    track: forward("track"),
    cart: forward("cart"),
    consent: forward("consent"),
    show: forward("show"),
    explain: forward("explain"),
    on: forward("on"),
    destroy() {
      if (!inPage) return;
      // What waits for the script would only be done to be undone.
      if (window.askwell?.q) window.askwell.q = [];
      forward("destroy")();
      script?.remove();
    },
  };
}

/** What stands in for window.askwell until the script is there. */
function createStub(): Askwell {
  const stub: Askwell = (...call: unknown[]) => {
    stub.q!.push(call);
  };
  stub.q = [];
  return stub;
}
