import { refuseMatrix } from "../../../sdk/src/checks/matrix.ts";
import { element } from "../helpers/element.ts";
import { option } from "../helpers/option.ts";
import { parts } from "../helpers/parts.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"matrix">> = {
  // A list of rows, each with its choices; a grid where there is room, which the card makes where it may.
  css:
    "dialog:where(:has(.columns)){width:44em}" +
    "form{isolation:isolate}fieldset{container-type:inline-size}" +
    "fieldset fieldset{margin-top:20px}fieldset fieldset legend{font-size:.9375em;font-weight:600}" +
    "[aria-invalid=true] fieldset:invalid legend{color:var(--w)}" +
    ".columns{display:none}" +
    "@container(min-width:30em){" +
    ".columns,fieldset fieldset{display:grid;grid:auto/minmax(0,2fr);grid-auto-columns:minmax(0,1fr);grid-auto-flow:column;align-items:center}" +
    // It stays in view, below the button that closes the card.
    "#t,#h{position:relative;z-index:2}" +
    ".columns{position:sticky;top:44px;z-index:1;background:var(--b);box-shadow:0 -22px var(--b),0 -44px var(--b);align-items:end;padding-bottom:6px;border-bottom:1px solid var(--l);color:var(--m);font-size:.8125em;line-height:1.3;text-align:center}" +
    "fieldset fieldset{margin:0;padding:0}fieldset fieldset+fieldset{border-top:1px solid var(--l)}" +
    // What floats is no legend to the layout: it takes its place in the grid, which knows no floats.
    "fieldset fieldset legend{float:left;padding:6px 0;padding-inline-end:8px;font-weight:400}" +
    "fieldset fieldset label{margin:0}" +
    "fieldset fieldset span{justify-content:center;gap:0;min-height:44px;border:0;outline-offset:-2px!important;background:none!important;font-size:0}" +
    "fieldset fieldset label:hover span:before,fieldset fieldset :checked+span:before{border-color:var(--a)}}",
  parse: (_, form) => parts(form),
  render: ({ rows, columns, required }) => [
    element(
      "p",
      { class: "columns", "aria-hidden": "true" },
      ...["", ...columns.map(({ label }) => label)].map((label) => element("span", {}, label)),
    ),
    ...rows.map(({ id, label }) => {
      const row = element(
        "fieldset",
        { role: "radiogroup" },
        element("legend", {}, label),
        ...columns.map((column) => option(column.id, column.label, "", "radio", `a.${id}`)),
      );
      for (const radio of row.querySelectorAll("input")) radio.required = !!required;
      return row;
    }),
  ],
  refuse: refuseMatrix,
};
