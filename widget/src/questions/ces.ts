import type { Question } from "../definition.ts";
import { scale } from "./scale.ts";

export const ces = scale((question: Extract<Question, { type: "ces" }>) => ({
  from: 1,
  to: 7,
  labels: { 0: question.low, 6: question.high },
}));
