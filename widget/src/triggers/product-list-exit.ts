import type { ProductListExitTrigger } from "../../../sdk/src/wire.ts";
import { watchExit } from "../helpers/exit.ts";
import type { Trigger } from "./trigger.ts";

/** Milliseconds in which a route between a list and a product leads on. */
const leadsOn = 1_000;

/** What the tab remembers of a list, and of others with it: that a product was opened. */
const keyOf = ({ list }: ProductListExitTrigger) => `list:${list}`;

/**
 * Fires when a visitor leaves the lists of products without having opened one since the first of them.
 * A page that is both a list and a product by its globs is a product.
 */
export const trigger: Trigger<ProductListExitTrigger> = {
  start(all, { atPage, tab, listen }) {
    for (const options of all) {
      const open = () => {
        tab[keyOf(options)] = true;
      };
      if (atPage(options.product ?? [])) open();
      // The browser brings a list back as it was: nobody knows what was opened from it.
      listen(window, "pageshow", ({ persisted }: PageTransitionEvent) => persisted && open());
    }
  },

  arm(options, context) {
    const { list, product = [], selector, when = ["exit", "leave_page"] } = options;
    const { listen, fire, prepare, atPage, tab, cameFrom, after } = context;
    const key = keyOf(options);
    const from = cameFrom();
    if (selector) document.querySelector(selector); // throws where it is none

    if (atPage(product)) tab[key] = true;
    else if (atPage(list)) {
      // From another page the search begins anew; from a product, it has found something.
      if (from && !atPage(list, from)) tab[key] = false;
      if (from && atPage(product, from)) tab[key] = true;
      // In this tab or in another, and whatever the page does with the click: a menu that a second button
      // opens has the product in a new tab too. A script's click is the page's answer to one of the visitor.
      for (const type of ["click", "auxclick"])
        listen(document, type, (event: Event) => {
          for (const one of event.composedPath())
            if (one instanceof Element && (opens(one as HTMLAnchorElement) || (selector && one.matches(selector))))
              tab[key] = true;
        });
      const opens = ({ host, pathname, search }: HTMLAnchorElement) =>
        host === location.host && atPage(product, pathname + search);
      if (when.includes("exit"))
        watchExit(
          context,
          (reason) => tab[key] || fire(reason),
          () => tab[key] || prepare(),
        );
    } else if (from && atPage(list, from) && !atPage(product, from) && !tab[key] && when.includes("leave_page")) {
      prepare();
      after(leadsOn, () => fire("left_page"));
    }
  },
};
