import { element } from "../helpers/element.ts";
import { option } from "../helpers/option.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"thumbs">> = {
  tap: true,
  css:
    // A name with a long word has a row of its own. All of a thumb is border: forced colours leave that, not a background.
    ".thumbs label{flex:1 0 min-content;min-width:calc(50% - 2px);overflow-wrap:break-word}" +
    ".thumbs span{min-height:56px;padding:8px 12px}" +
    ".thumbs label span:before{content:'';flex:none;border:10px solid;" +
    "clip-path:path('M0 9q0-1 1-1h2q1 0 1 1v9q0 1-1 1H1q-1 0-1-1zM6 9l4-8q3 0 3 3l-1 4h5.5q3 0 2.3 2.8l-1.5 6q-.6 2.2-2.8 2.2H8q-2 0-2-2z')}" +
    ".thumbs label+label span:before{rotate:180deg}",
  parse: ([value]) => value === "true",
  render: ({ up, down }, { strings }) => [
    element("div", { class: "thumbs" }, option("true", up ?? strings.yes), option("false", down ?? strings.no)),
  ],
};
