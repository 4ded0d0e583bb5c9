import type { Question } from "../definition.ts";
import { element } from "../ui/element.ts";
import type { QuestionType } from "./type.ts";

export const text: QuestionType<Extract<Question, { type: "text" }>> = {
  render({ placeholder = "", max_length = 2000 }, group) {
    const field = element("textarea", {
      name: "a",
      rows: 3,
      maxlength: max_length,
      placeholder,
      "aria-labelledby": "t",
    });
    group.append(field);
    return field;
  },
  read: (data) => `${data.get("a")}`.trim() || undefined,
};
