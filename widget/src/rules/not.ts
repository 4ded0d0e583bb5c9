import type { Rule } from "./rule.ts";

export const rule: Rule<object, undefined> = {
  is: () => undefined,
  holds: (rule, _, { matches }) => !matches(rule),
};
