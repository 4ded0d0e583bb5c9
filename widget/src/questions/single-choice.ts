import { choices } from "../helpers/choices.ts";
import { showOther } from "../helpers/other.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"single_choice">> = {
  tap: true,
  render: ({ choices: all, shuffle_first }, { strings }) => choices(all, shuffle_first, strings),
  changed: (form, _, __, control) => showOther(form, control),
};
