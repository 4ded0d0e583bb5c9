import type { SearchNoResultsTrigger } from "../../../sdk/src/wire.ts";
import type { Trigger } from "./trigger.ts";

const common = ["q", "query", "s", "search", "keyword"];
/** Where the words are looked for; a page without one of these is all of it main. */
const main = "main,[role=main]";
/** Looks at the page, a second apart: so long a script has to render what was found. */
const looks = 10;

/** Fires on a search page that shows nothing found. */
export const trigger: Trigger<SearchNoResultsTrigger> = {
  arm({ parameters = common, selector, text = [""] }, { after, fire, prepare }) {
    document.querySelector(selector ?? main); // throws where the selector is none, also on other pages
    // The route of a single-page app may stand behind the #.
    const said = new URLSearchParams(`${location.search}&${location.hash.split("?")[1]}`);
    if (!parameters.some((name) => said.getAll(name).join("").trim())) return;

    const patterns = text.map((words) => {
      const escaped = words.trim().replace(/[^\w\s]/g, "\\$&");
      // 10 products are not 0 products.
      return new RegExp(`(^|\\D)${escaped.replace(/\s+/g, "\\s+")}`, "i");
    });
    const nothing = () =>
      [...document.querySelectorAll<HTMLElement>(selector ?? (document.querySelector(main) ? main : "body"))].some(
        (place) => place.getClientRects().length && patterns.some((pattern) => pattern.test(place.innerText)),
      );
    /** Twice in a row: many pages say that it is nothing while they still load. */
    const look = (left: number, before?: boolean) => {
      const now = nothing();
      if (now && before) return fire();
      if (now) prepare();
      if (left) after(1_000, () => look(left - 1, now));
    };
    look(looks);
  },
};
