import type { Rule } from "./rule.ts";

/** New in the first session, returning in later ones. */
export const rule: Rule<string, string> = {
  is: ({ sessions }) => (sessions! > 1 ? "returning" : "new"),
  holds: (wanted, is) => wanted === is,
};
