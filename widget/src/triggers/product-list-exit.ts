import type { ProductListExitTrigger } from "../../../sdk/src/wire.ts";
import { watchExit } from "../helpers/exit.ts";
import { matchesGlobs } from "../helpers/glob.ts";
import type { Trigger } from "./trigger.ts";

/** Milliseconds in which a route between a list and a product leads on, and in which nobody has looked at a list. */
const atOnce = 1_000;

/** What the tab remembers of a list, and of others with it: that a product was opened. */
const keyOf = ({ list }: ProductListExitTrigger) => `list:${list}`;

/**
 * Fires when a visitor leaves the lists of products without having opened one since the first of them.
 * A page that is both a list and a product by its globs is a product.
 */
export const trigger: Trigger<ProductListExitTrigger> = {
  start(all, { route, tab, onTrack }) {
    // With each page view, also one on which the survey may not show.
    onTrack(() => {
      for (const options of all) if (matchesGlobs(options.product ?? [], route())) tab[keyOf(options)] = true;
    });
  },

  arm(options, context) {
    const { list, product = [], selector, when = ["exit", "leave_page"] } = options;
    const { listen, fire, prepare, route, tab, cameFrom, after } = context;
    const key = keyOf(options);
    const from = cameFrom() ?? route(); // where it is not known, this page is asked about in its place
    const isList = (page: string) => matchesGlobs(list, page) && !matchesGlobs(product, page);
    if (selector) document.querySelector(selector); // throws where it is none

    if (isList(route())) {
      // From another page the search begins anew; from a product, it has found something.
      if (!matchesGlobs(list, from)) tab[key] = matchesGlobs(product, from);
      // In this tab or in another, and whatever the page does with the click: a menu that a second button
      // opens has the product in a new tab too. A script's click is the page's answer to one of the visitor.
      for (const type of ["click", "auxclick"])
        listen(document, type, (event: Event) => {
          for (const one of event.composedPath() as HTMLAnchorElement[])
            if (
              (one.host === location.host && matchesGlobs(product, one.pathname + one.search)) ||
              (selector && one.matches?.(selector))
            )
              tab[key] = true;
        });
      if (when.includes("exit"))
        after(atOnce, () =>
          watchExit(
            context,
            (reason) => tab[key] || fire(reason),
            () => tab[key] || prepare(),
          ),
        );
    } else if (when.includes("leave_page") && isList(from) && !tab[key]) after(atOnce, () => fire("left_page"));
  },
};
