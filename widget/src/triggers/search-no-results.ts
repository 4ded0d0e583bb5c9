import type { SearchNoResultsTrigger } from "../../../sdk/src/wire.ts";
import { findAll, watchPage } from "../helpers/dom.ts";
import type { Trigger } from "./trigger.ts";

const common = ["q", "query", "s", "search", "keyword"];
/** How long a script has to render what was found. */
const patience = 10_000;
/** How long it must say that it is nothing: many pages do so while they still load. */
const settled = 1_000;

/** Fires on a search page that shows nothing found. */
export const trigger: Trigger<SearchNoResultsTrigger> = {
  arm({ parameters = common, selector, text }, context) {
    const { after, fire, prepare } = context;
    // The route of a single-page app may stand behind the #.
    const searched = [location.search, location.hash.replace(/^[^?]*/, "")].some((query) => {
      const said = new URLSearchParams(query);
      return parameters.some((name) => said.getAll(name).some((value) => value.trim()));
    });
    const nothing = () =>
      findAll(selector ?? (document.querySelector("main,[role=main]") ? "main,[role=main]" : "body")).some(
        (place) => place.getClientRects().length && (!text || text.some((words) => says(place as HTMLElement, words))),
      );
    findAll(selector ?? "body"); // throws where the selector is none, also on other pages
    if (!searched) return;

    let cancel: (() => void) | undefined;
    const look = () => {
      if (!nothing()) {
        cancel?.();
        cancel = undefined;
      } else if (!cancel) {
        prepare();
        cancel = after(settled, () => {
          cancel = undefined;
          if (!nothing()) return;
          end();
          fire();
        });
      }
    };
    const end = watchPage(context, look);
    after(patience, () => {
      look(); // what was only shown, by its style, is no change that is watched
      end();
    });
  },
};

/** Whether a place shows some words; innerText has the page laid out, so it is asked last. */
function says(place: HTMLElement, words: string): boolean {
  const wanted = words.toLowerCase().trim();
  // 10 products are not 0 products.
  const has = (text: string) => {
    const before = text.toLowerCase().replace(/\s+/g, " ").split(wanted).slice(0, -1);
    return before.some((said) => !/^\d/.test(wanted) || !/\d$/.test(said));
  };
  return has(place.textContent) && has(place.innerText);
}
