import type { Place } from "../ui/panel.ts";

export const place: Place = {
  css:
    "dialog{inset:auto 0 var(--k);width:100%;max-width:none;border-width:1px 0 0;border-radius:0;" +
    "padding:0 env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}" +
    ".x{margin:0 env(safe-area-inset-right) 0 env(safe-area-inset-left)}" +
    "form,.end{padding-inline:max(20px,50% - 23em)}",
};
