import type { TextRule } from "../../../sdk/src/wire.ts";
import { matchesText } from "../helpers/text.ts";
import type { Rule } from "./rule.ts";

/** The whole address of the page. */
export const rule: Rule<TextRule[], string> = {
  is: ({ here }) => here().href,
  holds: matchesText,
};
