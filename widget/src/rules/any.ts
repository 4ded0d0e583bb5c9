import type { Rule } from "./rule.ts";

export const rule: Rule<object[], undefined> = {
  is: () => undefined,
  holds: (rules, _, { matches }) => rules.some(matches),
};
