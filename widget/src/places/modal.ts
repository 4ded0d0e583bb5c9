import type { Place } from "../ui/panel.ts";

/** Over the page, which waits: the browser traps the focus while it is open, closes it on Escape, and gives the focus back. */
export const place: Place = {
  css:
    "dialog{inset:0 0 var(--k);width:27em;height:fit-content;margin:auto}" +
    // Wide enough on 320 for six points of 44 px: it is a scale's row that has a style.
    "@media(max-width:30em){dialog{max-width:calc(100% - 16px)}div[style]{margin-inline:-5px}}::backdrop{background:#0000007a}",
  show: (card) => card.showModal(),
};
