import { element } from "../helpers/element.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"dropdown">> = {
  // The browsers' own arrows stick to the edge.
  css:
    "select{appearance:none;padding-inline-end:40px!important}" +
    ".list:after{content:'';position:absolute;top:15px;inset-inline-end:17px;width:8px;height:8px;border:solid;border-width:0 1.5px 1.5px 0;rotate:45deg;pointer-events:none}",
  render: ({ choices }, { strings }) => [
    element(
      "div",
      { class: "list" },
      element(
        "select",
        { name: "a", "aria-labelledby": "t", part: "field" },
        element("option", { value: "" }, strings.choose),
        ...choices.map(({ id, label }) => element("option", { value: id }, label)),
      ),
    ),
  ],
  changed(form) {
    // What is filled in, a trait say, may be none of the choices.
    const list = form.querySelector("select")!;
    if (list.selectedIndex < 0) list.selectedIndex = 0;
  },
};
