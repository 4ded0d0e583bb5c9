// The flow of a survey: which questions are visible, which comes next, how it ends.
// It lives here and nowhere else: the widget, a survey UI of one's own and the tests all read the same rules.
// Questions are walked in order, jumps lead only forwards and a condition sees only what was answered before it, so
// no definition can loop.

export type Answer = string | number | boolean | readonly string[] | { readonly [row: string]: string };
export type Answers = { readonly [question: string]: Answer | undefined };

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
    | { readonly value: number; readonly currency?: string | undefined; readonly items: number }
    | undefined;
};

type Tests = { readonly [name: string]: Test | undefined };

/**
 * Keys are question ids, or facts: `trait` and `hidden` hold tests by name, `trigger` and `language` are tested
 * themselves. All of them are needed; `all`, `any` and `not` hold further conditions.
 */
export type Condition = {
  readonly [question: string]: Test | Tests | Condition | readonly Condition[] | undefined;
  readonly all?: readonly Condition[] | undefined;
  readonly any?: readonly Condition[] | undefined;
  readonly not?: Condition | undefined;
  readonly trait?: Tests | undefined;
  readonly hidden?: Tests | undefined;
  readonly trigger?: Test | undefined;
  readonly language?: Test | undefined;
};

/** `to` is the id of a later question, or "end". */
export type Jump = { readonly if?: Condition | undefined; readonly to: string };

/** What the flow reads of a question. */
export type Conditional = {
  readonly id: string;
  readonly type?: string | undefined;
  readonly show_if?: Condition | undefined;
  readonly jumps?: readonly Jump[] | undefined;
};

/** Names come from the survey's author, and "constructor" is a fair one: an inherited member is no answer. */
export const own = <T>(values: { readonly [name: string]: T } | undefined, name: string): T | undefined =>
  values && Object.hasOwn(values, name) ? values[name] : undefined;

/** An empty text, list or map is no answer. */
export const isAnswered = (answer: Answer | undefined): answer is Answer =>
  answer != null && (typeof answer === "object" ? Object.entries(answer) : `${answer}`).length > 0;

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
              : passes(value, own(/^(trigger|language)$/.test(key) ? (facts as Answers) : answers, key)),
    );
  } catch {
    return false;
  }
}

/**
 * Walks the questions in order. `kept` are the answers that count, those of visible questions with what was written
 * and ticked beside them: an answer that is dropped hides what depended on it. `next` is the next visible question
 * without an answer: after the one with the id `after`, or the first of all. Answers may lie ahead of a question that
 * was skipped: nothing is asked twice. `path` are the ids of the visible questions, given the answers so far.
 *
 * A question that was answered, or passed over on the way to `after`, may jump: what lies between is as if hidden.
 * After a reload there is no `after`, and what was skipped is asked again: until then it jumps nowhere.
 *
 * No answer says that a statement was read. After a reload it was if an answer lies behind it and no open question
 * before it: then it does not come again, and jumps as it did. Ahead of `after` it comes whatever lies behind: the
 * visitor went back, and the new answer may have brought it up for the first time.
 */
export function walk<Q extends Conditional>(
  questions: readonly Q[],
  answers: Answers,
  after?: string,
  facts?: Facts,
): { kept: Answers; next: Q | undefined; path: string[] } {
  // Without a prototype: `id in kept` tells what was answered.
  const kept: Record<string, Answer | undefined> = Object.create(null);
  const path: string[] = [];
  const ids = [...questions.map(({ id }) => id), "end"];
  const at = ids.lastIndexOf(after as string);
  const answered = (id: string) => isAnswered(own(answers, id));
  let next: Q | undefined;
  let open = false;
  let until = 0;
  questions.forEach((question, i) => {
    const { id, show_if, jumps } = question;
    const told = question.type === "statement";
    if (i < until || !matches(show_if, kept, facts)) return;
    path.push(id);
    if (answered(id)) {
      for (const name of [id, `${id}.other`, `${id}.consent`]) if (answered(name)) kept[name] = answers[name];
    } else if (i > at) {
      const read = told && !open && ids.slice(i).some(answered);
      if (at >= 0 || !read) next ??= question;
      open ||= !told;
      if (!read) return;
    }
    // Only forwards: what lies behind, or nowhere, is no jump.
    jumps?.some((jump) => matches(jump.if, kept, facts) && (until = ids.indexOf(jump.to)) > i);
  });
  return { kept, next, path };
}

/** The first ending whose condition holds; none is not an error, the widget has thanks of its own. */
export const endingFor = <E extends { readonly if?: Condition | undefined }>(
  endings: readonly E[] | undefined,
  answers: Answers,
  facts?: Facts,
): E | undefined => endings?.find((ending) => matches(ending.if, answers, facts));
