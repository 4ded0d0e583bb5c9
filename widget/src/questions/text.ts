import { refuseText } from "../../../sdk/src/checks/text.ts";
import { element } from "../helpers/element.ts";
import { plural } from "../helpers/plural.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"text">> = {
  css: "small#c{display:block;margin-top:4px;text-align:end;font-variant-numeric:tabular-nums}",
  render({ placeholder = "", max_length, size }) {
    const field = element(size === "short" ? "input" : "textarea", {
      name: "a",
      maxlength: max_length ?? 2000,
      placeholder,
      "aria-labelledby": "t",
      part: "field",
    });
    return max_length ? [field, element("small", { id: "c" })] : [field];
  },
  changed(form, { max_length = 2000 }, { strings, language }) {
    const field = form.querySelector<HTMLInputElement>("[name=a]")!;
    // What is filled in may be longer than what can be written.
    if (field.value.length > max_length) field.value = field.value.slice(0, max_length);
    const counter = form.querySelector("#c");
    if (!counter) return;
    const left = max_length - field.value.length;
    // Spoken only where few are left, and then not at each letter.
    counter.ariaLive = left <= 20 && left % 5 === 0 ? "polite" : "off";
    counter.textContent = plural(strings.left, left, language);
  },
  refuse: refuseText,
};
