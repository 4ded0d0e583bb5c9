import type { Question } from "../definition.ts";
import { element } from "../ui/element.ts";
import type { QuestionType } from "./type.ts";

export const text: QuestionType<Extract<Question, { type: "text" }>> = {
  render: ({ placeholder = "", max_length = 2000 }) => [
    element("textarea", { name: "a", maxlength: max_length, placeholder, "aria-labelledby": "t" }),
  ],
};
