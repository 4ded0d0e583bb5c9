import type { Question } from "../definition.ts";
import { option } from "./option.ts";
import type { QuestionType } from "./type.ts";

export const single_choice: QuestionType<Extract<Question, { type: "single_choice" }>> = {
  tap: true,
  render({ choices, shuffle_first = 0 }) {
    // The choices to be mixed draw a place below 1, the others keep theirs above it.
    const placed = choices.map((choice, i) => ({ choice, place: i < shuffle_first ? Math.random() : i + 1 }));
    placed.sort((a, b) => a.place - b.place);
    return placed.map(({ choice }) => option(choice.id, choice.label));
  },
};
