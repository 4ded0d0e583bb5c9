/**
 * Askwell's SDK: the script tag's widget, typed.
 *
 * ```ts
 * const askwell = createAskwell({ host: "https://feedback.example", site: "shop" });
 * askwell.identify("u-42", { plan: "pro" });
 * askwell.cart({ value: 49.9, currency: "EUR", items: 2 });
 * askwell.on("completed", (survey, { answers }) => console.log("thank you for", survey, answers));
 * ```
 *
 * @module \@askwell/sdk
 */
import { type Adapter, storeWith } from "./adapter.ts";
import type { Api } from "./api.ts";
import type { Askwell, Tag } from "./calls.ts";
import { emitTo, events, type Listeners } from "./emit.ts";

export type { Adapter } from "./adapter.ts";
export type { Answer, Answers } from "./answers.ts";
export type { Api, Cart, EventName, Events, Listener, Moment, ShowOptions, Traits } from "./api.ts";
export type { Askwell, Calls, Tag } from "./calls.ts";
export { type Condition, type Facts, matches } from "./condition.ts";
export type { Explanation, Gate, TriggerState } from "./explanation.ts";
export { endingFor, walk } from "./logic.ts";
export type { AnswersOf, GA4Event, HiddenOf, SurveyId, TrackedEvent } from "./names.ts";
export { pipe } from "./pipe.ts";

/** What createAskwell() is told: where the collector is, and how the widget behaves on this page. */
export type Options = {
  /** URL of the collector. */
  host: string;
  /** Id of the site. */
  site: string;
  /** What is known of the visitor's consent, before anything begins: see consent(). */
  consent?: boolean;
  /** BCP 47 tag: the surveys' language, in place of the page's. */
  language?: string;
  /**
   * Where what is remembered of the visitor is kept: in the page's localStorage (local, where nothing is said), in its
   * sessionStorage, for as long as the page lives (none), or in a storage of your own.
   */
  storage?: "local" | "session" | "none" | Adapter;
  /** Logs to the console what happens, and why a survey does not show. */
  debug?: boolean;
  /** Runs the widget, in place of a script tag: `start` of @askwell/widget. */
  load?: (src: string, tag: Tag) => Promise<void>;
};

/**
 * Loads a site's widget and returns its calls. They may be made at once: what is called before the script has come is
 * done when it has. On a server, after destroy(), and where the script does not come, every call does nothing.
 */
export function createAskwell({ host, site, consent, language, storage, debug, load }: Options): Api {
  let over = typeof document !== "object";
  let tag: (HTMLScriptElement & Partial<Pick<Tag, "adapter">>) | undefined;
  /** Calls of ours that wait for the script. */
  const waiting = new Set<unknown[]>();
  const listeners: Listeners = new Set();
  const emit = emitTo(listeners);
  let settle = () => {};
  /** The script is there, or will not come any more. */
  const settled = new Promise<void>((resolve) => (settle = resolve));

  const call = (...args: unknown[]): void => {
    if (over) return;
    const { askwell } = window;
    if (askwell?.loaded) (askwell as (...args: unknown[]) => void)(...args);
    else if (askwell) {
      waiting.add(args);
      (askwell.q ??= []).push(args);
    }
  };
  const end = () => {
    over = true;
    settle();
    // What waits for the script would only be done to be undone.
    const { askwell } = window;
    if (askwell?.q) askwell.q = askwell.q.filter((call) => !waiting.has(call));
    if (askwell?.loaded === false && !askwell.q?.length) delete window.askwell;
    // One that has not come yet does not run any more: it is of another document.
    if (tag) document.implementation.createHTMLDocument().adoptNode(tag);
  };
  const failed = (error: Error) => {
    if (over) return;
    if (debug) console.warn("Askwell:", error);
    emit("error", undefined, error);
    end();
  };
  const begin = () => {
    const src = `${host.replace(/\/$/, "")}/w/${encodeURIComponent(site)}.js`;
    tag = document.createElement("script");
    tag.async = true;
    if (language) tag.dataset.language = language;
    if (debug) tag.dataset.debug = "";
    if (typeof storage === "object") tag.adapter = storeWith(storage);
    if (storage && storage !== "local") tag.dataset.storage = typeof storage === "object" ? "none" : storage;
    if (load) return void load(src, tag).then(settle, failed);
    tag.onerror = () =>
      failed(
        new Error(`${src} does not load: blocked, offline, not the collector's address, or it has no site ${site}`),
      );
    tag.onload = () => (window.askwell?.loaded ? settle() : failed(new Error(`${src} is not Askwell's script`)));
    tag.src = src;
    document.head.append(tag);
  };

  if (!over) {
    window.askwell ??= createStub();
    if (consent !== undefined) call("consent", consent);
    for (const event of events) call("on", event, (survey: string, more: unknown) => emit(event, survey, more));
    try {
      if (window.askwell.loaded) settle();
      else begin();
    } catch (error) {
      // Trusted types forbid it; told once there is somebody to hear it.
      void Promise.resolve(error as Error).then(failed);
    }
  }

  return {
    identify: (...args) => call("identify", ...args),
    reset: () => call("reset"),
    track: (...args) => call("track", ...args),
    cart: (...args) => call("cart", ...args),
    page: (...args) => call("page", ...args),
    consent: (...args) => call("consent", ...args),
    show: (...args) => call("show", ...args),
    dismiss: (...args) => call("dismiss", ...args),
    async explain() {
      if (!over) await settled;
      const asked = over ? undefined : window.askwell;
      if (!asked) return [];
      return await new Promise((resolve) => {
        void asked("explain", resolve)?.then((surveys) => resolve(surveys ?? []));
      });
    },
    on(event, listener) {
      const one = [event, listener];
      if (!over) listeners.add(one);
      return () => listeners.delete(one);
    },
    destroy() {
      if (over) return;
      if (window.askwell?.loaded) call("destroy");
      listeners.clear();
      end();
    },
  };
}

/** What stands in for window.askwell until the script is there. */
function createStub(): Askwell {
  const stub = Object.assign((...call: unknown[]) => void stub.q.push(call), { q: [] as unknown[][], loaded: false });
  return stub as never;
}
