import { element } from "../helpers/element.ts";
import { link } from "../helpers/link.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"statement">> = {
  tells: true,
  css:
    "#c{white-space:pre-line}fieldset [part=link]{display:inline-flex;align-items:center;min-height:44px;margin-top:8px;font-weight:600}" +
    "fieldset [part=link]:after{content:'↗'/'';margin-inline-start:6px}fieldset [part=link]:dir(rtl):after{scale:-1 1}",
  render: ({ text = "", link: to }, { strings }) => [
    // c: what describes the group, so that it is read out with the title.
    element("p", { id: "c" }, text),
    ...(to ? [link(to.url, to.label, strings)] : []),
  ],
  changed(form) {
    // By keyboard, the focus comes to the title, as there is no field: Enter leads on from there too, once for each time
    // that it is pressed, and does nothing to the question that comes.
    form.onkeydown = (event) => {
      if (event.key !== "Enter" || (event.target as Element).id !== "t") return;
      event.preventDefault();
      if (!event.repeat) form.requestSubmit();
    };
  },
};
