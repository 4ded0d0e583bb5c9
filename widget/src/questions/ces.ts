import { scale, scales } from "../helpers/scale.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"ces">> = {
  tap: true,
  css: scales,
  parse: ([value]) => Number(value),
  // 7 is the easiest, whichever end is read first.
  render: ({ low, high, direction }, { number }) =>
    direction === "easiest_first" ? scale(7, 1, { 0: high, 6: low }, number) : scale(1, 7, { 0: low, 6: high }, number),
};
