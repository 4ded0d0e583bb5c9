import { email, refuseAddress, tick, tickStyle } from "../helpers/address.ts";
import { element } from "../helpers/element.ts";
import { parts } from "../helpers/parts.ts";
import type { Of, QuestionType } from "./type.ts";

const kinds = {
  name: { autocomplete: "name" },
  email,
  phone: { type: "tel", autocomplete: "tel" },
  company: { autocomplete: "organization" },
};

export const type: QuestionType<Of<"contact">> = {
  css:
    ".named{margin-top:14px;cursor:auto}.named b{font-size:.8125em;font-weight:500}.named input{grid-area:2/1;margin-top:4px}" +
    tickStyle,
  render({ fields, required, consent }, { strings }) {
    const labels = { name: strings.name, email: strings.email, phone: strings.phone, company: strings.company };
    const named = fields.map((field) =>
      element(
        "label",
        { class: "named" },
        element("b", {}, labels[field]),
        element("input", {
          maxlength: 200,
          // Blanks alone do not fill in a field.
          ...(required && { required: "", pattern: ".*\\S.*" }),
          ...kinds[field],
          name: `a.${field}`,
          "aria-invalid": "false",
          "aria-describedby": "e",
          part: "field",
        }),
      ),
    );
    return [...named, ...tick(consent)];
  },
  parse: (_, form) => parts(form),
  refuse: (answer, _, scope, form) => refuseAddress(answer, scope, form),
};
