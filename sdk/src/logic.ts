// The flow of a survey: which questions are visible, which comes next, how it ends.
// It lives here and nowhere else: the widget, a survey UI of one's own and the tests all read the same rules.
// Questions are walked in order and a condition sees only what was answered before it, so no definition can loop.

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

/** Keys are question ids, all of them needed; `all`, `any` and `not` hold further conditions. */
export type Condition = {
  readonly [question: string]: Test | Condition | readonly Condition[] | undefined;
  readonly all?: readonly Condition[] | undefined;
  readonly any?: readonly Condition[] | undefined;
  readonly not?: Condition | undefined;
};

export type Conditional = { readonly id: string; readonly show_if?: Condition | undefined };

// Ids come from the survey's author, and "constructor" is a fair one: an inherited member is no answer.
const given = (answers: Answers, id: string): Answer | undefined =>
  Object.hasOwn(answers, id) ? answers[id] : undefined;

// An empty list is an empty text.
const isAnswered = (answer: Answer | undefined): answer is Answer => answer != null && `${answer as string}` !== "";

const comparisons: Record<string, (is: never, wanted: never) => boolean | undefined> = {
  eq: (is: unknown, wanted: unknown) => is === wanted,
  in: (is: unknown, wanted: unknown[]) => wanted.includes(is),
  // What visitors write differs in case from what the author expects; ids of choices are compared exactly.
  contains: (is: string | { includes?(part: string): boolean }, part: string) =>
    typeof is === "string" ? is.toLowerCase().includes(part.toLowerCase()) : is.includes?.(part),
  // Dates are YYYY-MM-DD, so strings compare as they should.
  lt: (is: number, wanted: number) => is < wanted,
  lte: (is: number, wanted: number) => is <= wanted,
  gt: (is: number, wanted: number) => is > wanted,
  gte: (is: number, wanted: number) => is >= wanted,
};

function passes(operator: string, wanted: unknown, answer: Answer | undefined): boolean {
  const answered = isAnswered(answer);
  if (operator === "answered") return wanted === answered;
  if (operator === "ne") return wanted !== answer;
  // A number and a string never compare.
  if (!answered || (/^[lg]t/.test(operator) && typeof wanted !== typeof answer)) return false;
  // An unknown operator holds for nothing: asking too little is better than asking the wrong person.
  return !!comparisons[operator]?.(answer as never, wanted as never);
}

/** Whether a condition holds; no condition always does. */
export function matches(condition: Condition | undefined, answers: Answers): boolean {
  const holds = (one: Condition) => matches(one, answers);
  return Object.entries(condition ?? {}).every(([key, value]) =>
    key === "all"
      ? (value as readonly Condition[]).every(holds)
      : key === "any"
        ? (value as readonly Condition[]).some(holds)
        : key === "not"
          ? !holds(value as Condition)
          : Object.entries(value as Test).every(([operator, wanted]) => passes(operator, wanted, given(answers, key))),
  );
}

/**
 * Walks the questions in order. `kept` are the answers that count, those of visible questions: one that is
 * dropped hides what depended on it. `next` is the next visible question without an answer: after the one with
 * the id `after`, or the first of all. Answers may lie ahead of a question that was skipped: nothing is asked twice.
 */
export function walk<Q extends Conditional>(
  questions: readonly Q[],
  answers: Answers,
  after?: string,
): { kept: Answers; next: Q | undefined } {
  // Without a prototype: `id in kept` tells what was answered.
  const kept: Record<string, Answer> = Object.create(null);
  let next: Q | undefined;
  let passed = !after;
  for (const question of questions) {
    const { id, show_if } = question;
    if (matches(show_if, kept)) {
      const answer = given(answers, id);
      if (isAnswered(answer)) kept[id] = answer;
      else if (passed && !next) next = question;
    }
    if (id === after) passed = true;
  }
  return { kept, next };
}

/** The first ending whose condition holds; none is not an error, the widget has thanks of its own. */
export const endingFor = <E extends { readonly if?: Condition | undefined }>(
  endings: readonly E[] | undefined,
  answers: Answers,
): E | undefined => endings?.find((ending) => matches(ending.if, answers));
