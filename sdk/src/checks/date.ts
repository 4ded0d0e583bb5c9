import type { Of, Scope } from "../definition.ts";

type Says = { language: string; strings: Pick<Scope["strings"], "invalid"> };

/** A bound as a day; "today" is the visitor's own, which in UTC may be another. */
const day = (bound: string | undefined, now = new Date()) =>
  bound === "today" ? new Date(+now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10) : bound;

/** As days; today moves on, and where it leaves no day between the two it is none: the collector asks for the other alone. */
export const range = ({ min, max }: Of<"date">): (string | undefined)[] => {
  const days = [day(min), day(max)];
  return days[0]! > days[1]! ? [min, max].map((bound) => (bound === "today" ? undefined : bound)) : days;
};

/** What is said of a day that is none, or out of range. */
export function wrongDay(question: Of<"date">, { strings, language }: Says): string {
  const days = range(question).map((bound) =>
    bound ? new Date(bound).toLocaleDateString(language, { dateStyle: "medium", timeZone: "UTC" }) : "",
  );
  return `${strings.invalid} ${days.join(" – ").replace(/^ – $/, "")}`.trim();
}
