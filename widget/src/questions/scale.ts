import type { Question } from "../definition.ts";
import { element } from "../ui/element.ts";
import { option } from "./option.ts";
import type { QuestionType } from "./type.ts";

type Scale = {
  from: number;
  to: number;
  /** By place, the first is 0; those of the two ends are always in view. */
  labels: { readonly [place: number]: string | undefined };
};

/** A row of numbers to pick one from. */
export const scale = <Q extends Question>(describe: (question: Q) => Scale): QuestionType<Q> => ({
  tap: true,
  render(question, group) {
    const { from, to, labels } = describe(question);
    const row = element("div", { class: question.type });
    for (let n = from; n <= to; n++) row.append(option(n, n, labels[n - from]));
    const [low = "", high = ""] = [labels[0], labels[to - from]];
    if (low || high) row.append(element("p", { id: "l" }, element("span", {}, low), element("span", {}, high)));
    group.append(row);
    group.setAttribute("role", "radiogroup");
    return group;
  },
  read(data) {
    const value = data.get("a");
    return value === null ? undefined : Number(value);
  },
});
