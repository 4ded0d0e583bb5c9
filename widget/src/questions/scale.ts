import type { Question } from "../definition.ts";
import { element } from "../ui/element.ts";
import { option } from "./option.ts";
import type { QuestionType } from "./type.ts";

/** What the questions have that are answered with a number, each of them some of it. */
type Scale = Question & { points?: number; labels?: string[]; low?: string; high?: string };

/** A row of numbers to pick one from. */
export const scale = (from: number, most: number): QuestionType => ({
  tap: true,
  parse: Number,
  render(question) {
    const { type, points: to = most, labels, low, high } = question as Scale;
    /** By place, the first is 0; those of the two ends are always in view. */
    const names: { [place: number]: string | undefined } = labels ?? { 0: low, [to - from]: high };
    const row = element("div", { class: type });
    for (let n = from; n <= to; n++) row.append(option(n, n, names[n - from]));
    const [first = "", last = ""] = [names[0], names[to - from]];
    if (first || last) row.append(element("p", { id: "l" }, element("span", {}, first), element("span", {}, last)));
    return [row];
  },
});
