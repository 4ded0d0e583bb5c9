import { scale, scales } from "../helpers/scale.ts";
import { stars } from "../helpers/stars.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"rating">> = {
  tap: true,
  css: scales + stars,
  parse: ([value]) => Number(value),
  render: ({ points = 5, look = "stars", low, high }, { number }) =>
    scale(1, points, { 0: low, [points - 1]: high }, number, look),
};
