import type { Place } from "../ui/panel.ts";

/** All of the page, which waits, as behind a modal. */
export const place: Place = {
  css:
    "dialog{inset:0 0 var(--k);width:100%;height:auto;max-width:none;max-height:none;border:0;border-radius:0;justify-content:center;font-size:1.125em;" +
    "padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}" +
    ".x{margin:env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left)}" +
    "#t{font-size:1.2em}form,.end{padding-inline:max(20px,50% - 17em)}",
  show: (card) => card.showModal(),
};
