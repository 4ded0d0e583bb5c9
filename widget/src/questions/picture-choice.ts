import { element } from "../helpers/element.ts";
import { option } from "../helpers/option.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"picture_choice">> = {
  tap: true,
  // The place of a picture is there before it is, and where it never comes.
  css:
    ".pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(8em,1fr));gap:8px}" +
    ".pictures span{display:block;padding:6px;text-align:center}" +
    ".pictures i{display:block;margin-bottom:6px;aspect-ratio:4/3;border-radius:calc(var(--r)/4);overflow:hidden;background:color-mix(in srgb,var(--m) 18%,#0000)}" +
    "img{display:block;width:100%;height:100%;object-fit:cover}",
  render: ({ choices }) => [
    element(
      "div",
      { class: "pictures" },
      ...choices.map(({ id, label, image }) => {
        const made = option(id, label);
        const picture = element("img", { src: image, alt: "", decoding: "async" });
        picture.onerror = () => picture.remove(); // else the browser draws a torn one
        made.lastElementChild!.prepend(element("i", {}, picture));
        return made;
      }),
    ),
  ],
};
