// What a condition says of answers and facts. A part of its own: a survey without conditions comes without it.
import { type Answer, type Answers, answerAt, isAnswered, own } from "./answers.ts";

export type Test = {
  readonly eq?: string | number | boolean | undefined;
  readonly ne?: string | number | boolean | undefined;
  readonly lt?: string | number | undefined;
  readonly lte?: string | number | undefined;
  readonly gt?: string | number | undefined;
  readonly gte?: string | number | undefined;
  readonly in?: readonly (string | number | boolean)[] | undefined;
  readonly contains?: string | undefined;
  readonly answered?: boolean | undefined;
};

/** What is known by name: strings, numbers and booleans. */
export type Values = { readonly [name: string]: string | number | boolean | undefined };

/** What is known beside the answers, of the visitor and of the moment. */
export type Facts = {
  /** What identify() was told of the user. */
  readonly trait?: Values | undefined;
  /** What the page passed with show(). */
  readonly hidden?: Values | undefined;
  /** The type of the trigger that fired; show() has none. */
  readonly trigger?: string | undefined;
  /** The one that the survey is shown in. */
  readonly language?: string | undefined;
  /** For texts alone (pipe.ts). */
  readonly cart?:
    | {
        /** In currency units, such as 49.9. */
        readonly value: number;
        /** ISO 4217, such as EUR. */
        readonly currency?: string | undefined;
        /** How many; half a kilo is 0.5. */
        readonly items: number;
      }
    | undefined;
};

type Tests = { readonly [name: string]: Test | undefined };

/**
 * Keys are question ids, parts of an answer (`{question}.{row or field}`, `{question}.other`), or facts: `trait` and
 * `hidden` hold tests by name, `trigger` and `language` are tested themselves. All of them are needed; `all`, `any` and `not` hold further conditions.
 */
export type Condition = {
  readonly [question: string]: Test | Tests | Condition | readonly Condition[] | undefined;
  /** Each of these holds. */
  readonly all?: readonly Condition[] | undefined;
  /** One of these does. */
  readonly any?: readonly Condition[] | undefined;
  /** This one does not. */
  readonly not?: Condition | undefined;
  /** Of what identify() was told, by name. */
  readonly trait?: Tests | undefined;
  /** Of what show() was given, by name. */
  readonly hidden?: Tests | undefined;
  /** Of the type of the trigger that fired. */
  readonly trigger?: Test | undefined;
  /** Of the survey's language, a BCP 47 tag. */
  readonly language?: Test | undefined;
};

const comparisons: Record<string, (is: never, wanted: never) => boolean> = {
  eq: (is: unknown, wanted: unknown) => is === wanted,
  in: (is: unknown, wanted: unknown[]) => wanted.includes(is),
  // What visitors write differs in case from what the author expects; ids of choices are compared exactly.
  contains: (is: string | string[], part: string) =>
    typeof is === "string" ? is.toLowerCase().includes(part.toLowerCase()) : is.includes(part),
  // Dates are YYYY-MM-DD, so strings compare as they should.
  lt: (is: number, wanted: number) => is < wanted,
  lte: (is: number, wanted: number) => is <= wanted,
  gt: (is: number, wanted: number) => is > wanted,
  gte: (is: number, wanted: number) => is >= wanted,
};

const passes = (test: unknown, is: Answer | undefined): boolean =>
  Object.entries(test as Test).every(([operator, wanted]) => {
    if (operator === "answered") return wanted === isAnswered(is);
    if (operator === "ne") return wanted !== is;
    // A number and a string never compare.
    if (!isAnswered(is) || (/^[lg]t/.test(operator) && typeof wanted !== typeof is)) return false;
    // An unknown operator holds for nothing: asking too little is better than asking the wrong person.
    return own(comparisons, operator)?.(is as never, wanted as never);
  });

/** Whether a condition holds; no condition always does. One that no validator saw may be anything: it does not throw. */
export function matches(condition: Condition | undefined, answers: Answers, facts: Facts = {}): boolean {
  const holds = (one: Condition) => matches(one, answers, facts);
  try {
    return Object.entries(condition ?? {}).every(([key, value]) =>
      key === "all"
        ? (value as readonly Condition[]).every(holds)
        : key === "any"
          ? (value as readonly Condition[]).some(holds)
          : key === "not"
            ? !holds(value as Condition)
            : key === "trait" || key === "hidden"
              ? Object.entries(value as Tests).every(([name, test]) => passes(test, own(facts[key], name)))
              : passes(value, /^(trigger|language)$/.test(key) ? own(facts as Answers, key) : answerAt(answers, key)),
    );
  } catch {
    return false;
  }
}
