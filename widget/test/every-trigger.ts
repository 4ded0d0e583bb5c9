import type { Trigger } from "../../sdk/src/wire.ts";

const never = ".never-there";

/** Each trigger that there is, waiting for what does not come by itself. */
export const everyTrigger: Trigger[] = [
  { type: "time_on_page", seconds: 86_400 },
  { type: "exit_intent" },
  { type: "cart_abandonment", when: ["exit", "leave_funnel", "idle"], idle_seconds: 3_600, funnel: ["*"] },
  { type: "scroll_depth", percent: 100 },
  { type: "inactivity", seconds: 3_600 },
  { type: "click", selector: never },
  { type: "element_visible", selector: never },
  { type: "rage_click" },
  { type: "dead_click", selector: never },
  { type: "form_abandonment", idle_seconds: 3_600 },
  { type: "search_no_results", selector: never },
  { type: "product_list_exit", list: ["*"], product: ["/never/*"] },
  { type: "page_views", count: 1_000 },
  { type: "url", url: [{ contains: "/never/" }] },
  { type: "event", name: "never" },
  { type: "conversion" },
  { type: "feedback_button" },
  { type: "error" },
  {
    type: "any",
    of: [{ type: "click", selector: ".neither" }],
    delay_seconds: 1,
    cancel_on: [{ type: "event", name: "over" }],
  },
  { type: "all", of: [{ type: "element_visible", selector: ".neither" }, { type: "exit_intent" }] },
];
