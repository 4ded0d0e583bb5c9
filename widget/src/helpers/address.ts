import type { Answer } from "../definition.ts";
import type { Scope } from "../questions/type.ts";
import { element } from "./element.ts";

/** An address to write to. The browser's own test takes one whose domain has no dot, and the collector does not. */
export const email = { type: "email", autocomplete: "email", maxlength: 254, pattern: ".+@.+\\..+" };

/** The tick without which an address is not taken, where a question has words for it; the browser's own box. */
export const tick = (consent: string | undefined): Node[] =>
  consent
    ? [
        element(
          "label",
          { class: "tick", part: "consent" },
          element("input", {
            type: "checkbox",
            name: "consent",
            value: "true",
            required: "",
            "aria-invalid": "false",
            "aria-describedby": "e",
          }),
          consent,
        ),
      ]
    : [];

export const tickStyle =
  ".tick{display:flex;gap:10px;min-height:44px;padding:13px 0 12px;font-size:.875em;line-height:1.35}" +
  ".tick input{flex:none;width:18px;height:18px;margin:0;opacity:1;accent-color:var(--a)}";

/** What is wrong with the first field that is: all is well while there is no answer to be taken. */
export function refuseAddress(
  answer: Answer | undefined,
  { strings }: Scope,
  form: HTMLFormElement,
): string | undefined {
  const wrong = form.querySelector<HTMLInputElement>("input:invalid");
  if (!answer || !wrong) return;
  if (wrong.name === "consent") return strings.consent;
  return wrong.type === "email" && wrong.value ? strings.invalid_email : strings.required;
}
