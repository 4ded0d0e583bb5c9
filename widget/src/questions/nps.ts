import { scale, scales } from "../helpers/scale.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"nps">> = {
  tap: true,
  css: scales,
  parse: ([value]) => Number(value),
  render: ({ low, high }, { number }) => scale(0, 10, { 0: low, 10: high }, number),
};
