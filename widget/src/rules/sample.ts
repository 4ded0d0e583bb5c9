import { draw } from "../../../sdk/src/sample.ts";
import { visitorOf } from "../../../sdk/src/visitor.ts";
import type { Rule } from "./rule.ts";

/** The share of visitors who may be asked: the same number for a visitor and a survey, today and in a year. */
export const rule: Rule<number, number> = {
  is: ({ memory, survey }) => draw(visitorOf(memory) + survey),
  holds: (share, is) => is < share,
};
