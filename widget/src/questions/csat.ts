import type { Question } from "../definition.ts";
import { scale } from "./scale.ts";

export const csat = scale((question: Extract<Question, { type: "csat" }>) => ({
  from: 1,
  to: question.points ?? 5,
  labels: question.labels ?? [],
}));
