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

const isAnswered = (answer: Answer | undefined): answer is Answer =>
  answer != null && answer !== "" && !(Array.isArray(answer) && !answer.length);

// What visitors write differs in case from what the author expects; ids of choices are compared exactly.
const contains = (answer: Answer, part: string): boolean =>
  typeof answer === "string"
    ? answer.toLowerCase().includes(part.toLowerCase())
    : Array.isArray(answer) && answer.includes(part);

function passes(operator: string, wanted: unknown, answer: Answer | undefined): boolean {
  const answered = isAnswered(answer);
  if (operator === "answered") return wanted === answered;
  if (operator === "ne") return wanted !== answer;
  if (!answered) return false;
  if (operator === "eq") return wanted === answer;
  if (operator === "in") return (wanted as readonly unknown[]).includes(answer);
  if (operator === "contains") return contains(answer, wanted as string);
  // Dates are YYYY-MM-DD, so strings compare as they should; a number and a string never do.
  if (typeof wanted !== typeof answer) return false;
  const [a, b] = [answer as number, wanted as number];
  if (operator === "lt") return a < b;
  if (operator === "lte") return a <= b;
  if (operator === "gt") return a > b;
  // An unknown operator holds for nothing: asking too little is better than asking the wrong person.
  return operator === "gte" && a >= b;
}

/** Whether a condition holds; no condition always does. */
export function matches(condition: Condition | undefined, answers: Answers): boolean {
  return Object.entries(condition ?? {}).every(([key, value]) =>
    key === "all"
      ? (value as readonly Condition[]).every((each) => matches(each, answers))
      : key === "any"
        ? (value as readonly Condition[]).some((each) => matches(each, answers))
        : key === "not"
          ? !matches(value as Condition, answers)
          : Object.entries(value as Test).every(([operator, wanted]) => passes(operator, wanted, given(answers, key))),
  );
}

/** Walks the questions in order: the visible ones, and the answers to them. */
function walk<Q extends Conditional>(questions: readonly Q[], answers: Answers): { visible: Q[]; kept: Answers } {
  const kept: Record<string, Answer> = Object.create(null);
  const visible = questions.filter((question) => {
    if (!matches(question.show_if, kept)) return false;
    const answer = given(answers, question.id);
    if (isAnswered(answer)) kept[question.id] = answer;
    return true;
  });
  return { visible, kept };
}

/**
 * The answers that count: those of visible questions. An answer that is dropped hides what depended on it.
 * The result has no prototype, so that `id in answers` tells what was answered.
 */
export const visibleAnswers = (questions: readonly Conditional[], answers: Answers): Answers =>
  walk(questions, answers).kept;

/** The next visible question after the one with the id `after`; without it, the first visible one that is not answered. */
export function nextQuestion<Q extends Conditional>(
  questions: readonly Q[],
  answers: Answers,
  after?: string,
): Q | undefined {
  const { visible, kept } = walk(questions, answers);
  const from = questions.findIndex((question) => question.id === after);
  return visible.find((question) =>
    after === undefined ? !(question.id in kept) : questions.indexOf(question) > from,
  );
}

/** The first ending whose condition holds; none is not an error, the widget has thanks of its own. */
export const endingFor = <E extends { readonly if?: Condition | undefined }>(
  endings: readonly E[] | undefined,
  answers: Answers,
): E | undefined => endings?.find((ending) => matches(ending.if, answers));
