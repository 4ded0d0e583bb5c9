import { range, wrongDay } from "../../../sdk/src/checks/date.ts";
import { element } from "../helpers/element.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"date">> = {
  // Safari on iPhones draws a button as wide as its text, which is in the middle.
  css: "[type=date]{appearance:none;min-width:0;text-align:start}::-webkit-date-and-time-value{text-align:start}",
  render(question) {
    const [first = "", last = "9999-12-31"] = range(question); // without any, years of six digits can be written
    return [
      element("input", { type: "date", name: "a", min: first, max: last, "aria-labelledby": "t", part: "field" }),
    ];
  },
  refuse(_, question, scope, form) {
    const { validity } = form.querySelector<HTMLInputElement>("[name=a]")!;
    return (validity.badInput || !(validity.valid || validity.valueMissing)) && wrongDay(question, scope);
  },
};
