import { element } from "../helpers/element.ts";
import type { Of, QuestionType } from "./type.ts";

/** A bound as a day; "today" is the visitor's own, which in UTC may be another. */
const day = (bound: string | undefined, now = new Date()) =>
  bound === "today" ? new Date(+now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10) : bound;

/** As days; today moves on, and where it leaves no day between the two it is none: the collector asks for the other alone. */
const range = (min: string | undefined, max: string | undefined) => {
  const days = [day(min), day(max)];
  return days[0]! > days[1]! ? [min, max].map((bound) => (bound === "today" ? undefined : bound)) : days;
};

export const type: QuestionType<Of<"date">> = {
  // Safari on iPhones draws a button as wide as its text, which is in the middle.
  css: "[type=date]{appearance:none;min-width:0;text-align:start}::-webkit-date-and-time-value{text-align:start}",
  render({ min, max }) {
    const [first = "", last = "9999-12-31"] = range(min, max); // without any, years of six digits can be written
    return [
      element("input", { type: "date", name: "a", min: first, max: last, "aria-labelledby": "t", part: "field" }),
    ];
  },
  refuse(_, { min, max }, { strings, language }, form) {
    const { validity } = form.querySelector<HTMLInputElement>("[name=a]")!;
    if (validity.valid || validity.valueMissing) return;
    const days = range(min, max).map((bound) =>
      bound ? new Date(bound).toLocaleDateString(language, { dateStyle: "medium", timeZone: "UTC" }) : "",
    );
    return `${strings.invalid} ${days.join(" – ").replace(/^ – $/, "")}`.trim();
  },
};
