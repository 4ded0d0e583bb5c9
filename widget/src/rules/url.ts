import type { TextRule } from "../../../sdk/src/wire.ts";
import type { Rule } from "./rule.ts";

/** The whole address of the page. */
export const rule: Rule<TextRule[], string> = {
  is: () => location.href,
  holds: (rules, is, { matchesText }) => matchesText(rules, is),
};
