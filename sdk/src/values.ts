import type { ValueTest } from "./wire.ts";

// What no rule knows holds for nothing: asking too little is better than asking the wrong person.
const comparisons: Record<string, (is: never, wanted: never) => boolean> = {
  eq: (is: unknown, wanted: unknown) => is === wanted,
  lt: (is: number, wanted: number) => is < wanted,
  lte: (is: number, wanted: number) => is <= wanted,
  gt: (is: number, wanted: number) => is > wanted,
  gte: (is: number, wanted: number) => is >= wanted,
  contains: (is: string, wanted: string) => is.toLowerCase().includes(wanted.toLowerCase()),
  before: (is: string, wanted: string) => Date.parse(is) < Date.parse(wanted),
  after: (is: string, wanted: string) => Date.parse(is) >= Date.parse(wanted),
};

/** Whether a trait or a property passes a test. */
export const passes = (test: ValueTest, is: unknown): boolean =>
  Object.entries(test).every(([name, wanted]) =>
    name === "exists"
      ? wanted === (is != null)
      : name === "ne"
        ? is !== wanted
        : name === "in"
          ? (wanted as unknown[]).includes(is)
          : // A number and a string never compare.
            typeof is === typeof wanted && comparisons[name]?.(is as never, wanted as never),
  );

/** Whether each of some tests, by name, is passed by the value of that name. */
export const passAll = (tests: Record<string, ValueTest>, values: Record<string, unknown>): boolean =>
  Object.entries(tests).every(([name, test]) => passes(test, Object.hasOwn(values, name) ? values[name] : undefined));
