import { email, refuseAddress, tick, tickStyle } from "../helpers/address.ts";
import { element } from "../helpers/element.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"email">> = {
  css: tickStyle,
  render: ({ placeholder = "", consent }) => [
    element("input", { ...email, name: "a", placeholder, "aria-labelledby": "t", part: "field" }),
    ...tick(consent),
  ],
  refuse: (answer, _, scope, form) => refuseAddress(answer, scope, form),
};
