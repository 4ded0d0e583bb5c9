import type { Place } from "../ui/panel.ts";

/**
 * In an element of the page, as a part of it: not above it, and without motion. Where the element is not there the
 * survey does not show, and waits for nothing: which moment is right is for the triggers to say (element_visible waits).
 * Where it goes, as with the page of a single-page application, the survey goes with it.
 */
export const place: Place = {
  css:
    ":host{position:static!important;z-index:auto!important;display:block!important;width:100%!important}" +
    "dialog{position:relative;width:100%;max-width:none;max-height:none;box-shadow:none}*{animation:none!important}",
  home: (selector) => document.querySelector(selector),
  show(card) {
    card.open = true;
  },
  stays(card) {
    const { top, bottom } = card.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  },
};
