import { element } from "../helpers/element.ts";
import type { Of, QuestionType } from "./type.ts";

/** A bound as a day; "today" is the visitor's own, which in UTC may be another. */
const day = (bound: string | undefined, now = new Date()) =>
  bound === "today" ? new Date(+now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10) : bound;

export const type: QuestionType<Of<"date">> = {
  // Safari on iPhones draws a button as wide as its text, which is in the middle.
  css: "[type=date]{appearance:none;min-width:0;text-align:start}::-webkit-date-and-time-value{text-align:start}",
  render: ({ min, max }) => [
    element("input", {
      type: "date",
      name: "a",
      min: day(min) ?? "",
      // Without any, years of six digits can be written.
      max: day(max) ?? "9999-12-31",
      "aria-labelledby": "t",
      part: "field",
    }),
  ],
  refuse(_, { min, max }, { strings, language }, form) {
    const { validity } = form.querySelector<HTMLInputElement>("[name=a]")!;
    if (validity.valid || validity.valueMissing) return;
    const range = [min, max].map((bound) =>
      bound ? new Date(day(bound)!).toLocaleDateString(language, { dateStyle: "medium", timeZone: "UTC" }) : "",
    );
    return `${strings.invalid} ${range.join(" – ").replace(/^ – $/, "")}`.trim();
  },
};
