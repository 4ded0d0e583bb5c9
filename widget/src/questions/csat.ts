import { scale, scales } from "../helpers/scale.ts";
import { smile, smiles } from "../helpers/smile.ts";
import { stars } from "../helpers/stars.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"csat">> = {
  tap: true,
  // A point has a long name: it stands below the row, in place of the ends' names, for the one in hand.
  css:
    scales +
    ".csat :checked~bdi{opacity:1}.csat:has(label:hover) bdi{opacity:0}.csat label:hover bdi{opacity:1}" +
    ".csat:has(:checked,label:hover) #l{visibility:hidden}" +
    stars +
    smiles,
  parse: ([value]) => Number(value),
  render({ points = 5, labels = [], look }, { number }) {
    const draw = look === "emoji" && ((point: number) => smile(point, points));
    return scale(1, points, labels, number, `csat ${look ?? ""}`, draw);
  },
};
