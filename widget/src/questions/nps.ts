import type { Question } from "../definition.ts";
import { scale } from "./scale.ts";

export const nps = scale((question: Extract<Question, { type: "nps" }>) => ({
  from: 0,
  to: 10,
  labels: { 0: question.low, 10: question.high },
}));
