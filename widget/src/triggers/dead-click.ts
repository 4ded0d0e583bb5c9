import type { DeadClickTrigger } from "../../../sdk/src/wire.ts";
import { allChanges, type Click, inUse, isAnswer, valuesNow, watchClicks } from "../helpers/clicks.ts";
import type { Trigger } from "./trigger.ts";

/** What shows that the page, or the browser, answered. */
const answers = ["scroll", "input", "submit", "invalid", "focus", "blur", "toggle", "fullscreenchange", "copy", "play"];
/** How long it is learned what on the page changes by itself. */
const learning = 30_000;
/** For so long after an input, or its start, what the page does is no change by itself. */
const settling = 2_000;
const site = location.hostname.split(".").slice(-2).join(".");

/** Fires on a click on what looks as if it could be clicked, that changes nothing in so many seconds. */
export const trigger: Trigger<DeadClickTrigger> = {
  arm({ seconds = 1, selector }, context) {
    const { listen, after, onEnd, fire, prepare } = context;
    const limit = seconds * 1_000;
    /** How often an element changed while nobody touched the page: a clock, a carousel. */
    const restless = new WeakMap<Node, number>();
    let quiet = performance.now() + settling;
    /** The press or click that waits for its answer. */
    let current: Click | undefined;
    let before = "";
    /** It has waited, and only requests can save it. */
    let late = false;
    let cancel = () => {};
    let lookDeeper = () => {};

    const learner = new MutationObserver((records) => {
      if (performance.now() > quiet)
        for (const node of new Set(records.map(({ target }) => target)))
          restless.set(node, (restless.get(node) ?? 0) + 1);
    });
    learner.observe(document, allChanges);
    after(learning, () => learner.disconnect());
    for (const type of ["pointermove", "pointerdown", "keydown", "scroll"])
      listen(window, type, () => {
        quiet = performance.now() + settling;
      });

    const end = () => {
      current = undefined;
      late = false;
      observer.disconnect();
      cancel();
    };
    const observer = new MutationObserver((records) => {
      for (const record of records) {
        const { target, addedNodes, removedNodes } = record;
        if (
          current &&
          isAnswer(record, current) &&
          ((restless.get(target) ?? 0) < 3 ||
            current.path.includes(target as Element) ||
            addedNodes.length !== removedNodes.length)
        )
          end();
      }
    });
    const requests = new PerformanceObserver((list) => {
      for (const { name, startTime, initiatorType } of list.getEntries() as PerformanceResourceTiming[]) {
        const since = startTime - (current?.event.timeStamp ?? Infinity);
        // What counts clicks is no answer to them: beacons, and requests to other sites.
        if (since >= 0 && since <= limit && !/beacon|ping/.test(initiatorType) && name.split("/")[2]?.includes(site))
          end();
      }
    });
    requests.observe({ type: "resource" });
    onEnd(() => {
      learner.disconnect();
      observer.disconnect();
      requests.disconnect();
    });

    // The focus and the selection that a press moves come before its click.
    const answered = () => !late && current?.event.type !== "pointerdown" && end();
    for (const type of answers) listen(window, type, answered);
    const { navigation } = window as { navigation?: EventTarget };
    if (navigation)
      listen(navigation, "navigate", ({ destination }: { destination: { url: string } }) => {
        // href="#" is how links say that they have nowhere to go.
        if (!destination.url.endsWith("#")) answered();
      });

    const state = () => `${getSelection()}${valuesNow()}`;
    /** Some menus open on the press already: from there on, changes count. */
    const watch = (click: Click) => {
      end();
      current = click;
      observer.observe(document, allChanges);
      const deeper = (root: ParentNode) => {
        for (const { shadowRoot } of root.querySelectorAll("*"))
          if (shadowRoot) {
            observer.observe(shadowRoot, allChanges);
            deeper(shadowRoot);
          }
      };
      lookDeeper = () => {
        cancel();
        lookDeeper = () => {};
        deeper(document);
      };
      cancel = after(0, lookDeeper); // not within the press: a large page takes a few milliseconds
    };

    watchClicks(
      context,
      selector ?? ":root",
      (click) => {
        const { event, path, button } = click;
        if (event.type === "pointerdown") return watch(click);
        const waiting = current;
        // By keyboard, there was no press. Where it was answered already, nobody waits any more.
        if (!event.detail && event.type === "click") watch(click);
        else if (waiting) current = click;
        lookDeeper();
        if (!current || inUse(click) || (!button && !selector)) return end();

        before = state();
        const start = performance.now();
        cancel = after(limit, () => {
          const link = path.find((e) => e.matches("a[href]"))?.getAttribute("href") ?? "#";
          if (
            before !== state() ||
            document.hidden ||
            !document.hasFocus() ||
            // Where the page was blocked, as by alert(), nobody could have seen anything.
            performance.now() - start > limit + 500 ||
            (!event.defaultPrevented && !/^(#|javascript:)/i.test(link))
          )
            return end();
          prepare();
          observer.disconnect();
          late = true;
          // Requests are known only once they are done: what was asked for in time may answer later.
          cancel = after(limit, () => {
            end();
            fire();
          });
        });
      },
      ["pointerdown", "click", "pointerup"],
    );
  },
};
