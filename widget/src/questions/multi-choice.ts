import { refuseMultiChoice } from "../../../sdk/src/checks/multi-choice.ts";
import { choices } from "../helpers/choices.ts";
import { showOther } from "../helpers/other.ts";
import { plural } from "../helpers/plural.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"multi_choice">> = {
  css:
    "[type=checkbox]+span:before{border-radius:4px}" +
    "fieldset>label [type=checkbox]:checked+span:before{border:0;background:currentColor;clip-path:polygon(14% 44%,0 58%,38% 94%,100% 24%,86% 10%,38% 66%)}",
  parse: (values) => values,
  render: ({ choices: all, shuffle_first }, { strings }) => choices(all, shuffle_first, strings, "checkbox"),
  changed(form, { choices: all, max = all.length }, { strings, language }, control) {
    const none = all.find((choice) => choice.none)?.id;
    const chosen = form.querySelectorAll<HTMLInputElement>("[name=a]:checked");
    let count = 0;
    // None of these goes with no other.
    if (control?.checked)
      for (const one of chosen)
        if (one !== control && (one.value === none || control.value === none)) one.checked = false;
        else count++;
    if (count > max) {
      control!.checked = false;
      form.querySelector("#e")!.textContent = plural(strings.at_most, max, language);
    }
    showOther(form, control);
  },
  refuse: refuseMultiChoice,
};
