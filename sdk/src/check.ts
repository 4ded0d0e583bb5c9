// Which answers are taken: the same ones that the widget lets through, and the collector.
import { type Answer, isAnswered } from "./answers.ts";
import { range, wrongDay } from "./checks/date.ts";
import { refuseMatrix } from "./checks/matrix.ts";
import { refuseMultiChoice } from "./checks/multi-choice.ts";
import { refuseText } from "./checks/text.ts";
import type { Of, Question, Scope } from "./definition.ts";
import { plural } from "./words.ts";

/** Why an answer is not taken. */
export type Problem = {
  /** Which answer: the question's id, or of a part of it `{question}.{row or field}`, `{question}.other`, `{question}.consent`. */
  at: string;
  /** What is wrong: to be shown, in the survey's language; in English where no visitor could do it, but a program. */
  message: string;
};

/** An answer, and what stands beside it: what was written beside a choice, and a tick. */
export type Given = { answer?: Answer | undefined; other?: string | undefined; consent?: boolean | undefined };

/** What is wrong with an answer, or with parts of it. */
type Wrong = string | false | undefined | { readonly [part: string]: string | false | undefined };

const longestOther = 500;
const longestField = 200;
const longestAddress = 254;
// One @ with something before it and a domain with a dot behind it: only a message to it can tell more.
const address = /^[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+$/;

const listed = (options: readonly { readonly id: string }[]) => options.map(({ id }) => id).join(", ");

const scale = (answer: Answer, first: number, last: number): Wrong =>
  !(Number.isInteger(answer) && (answer as number) >= first && (answer as number) <= last) &&
  `expected a whole number from ${first} to ${last}`;

const oneOf = (answer: Answer, options: readonly { readonly id: string }[]): Wrong =>
  !options.some(({ id }) => id === answer) && `expected one of ${listed(options)}`;

const someOf = (answer: Answer, options: readonly { readonly id: string }[]): Wrong =>
  !(
    Array.isArray(answer) &&
    new Set(answer).size === answer.length &&
    answer.every((one) => options.some(({ id }) => id === one))
  ) && `expected a list of some of ${listed(options)}, each once`;

const words = (answer: unknown, most: number): string | false =>
  typeof answer !== "string"
    ? "expected a text"
    : answer.length > most && `has ${answer.length} characters, at most ${most} are allowed`;

const email = (answer: unknown, strings: Scope["strings"]): string | false =>
  words(answer, longestAddress) || (!address.test(answer as string) && strings.invalid_email);

/** Texts by name, of which each has to be one of these. */
const parts = (answer: Answer, names: readonly string[]): Wrong => {
  if (typeof answer !== "object" || Array.isArray(answer)) return "expected an object of texts";
  const stranger = Object.keys(answer).find((name) => !names.includes(name));
  return stranger !== undefined && `"${stranger}" is none of ${names.join(", ")}`;
};

/** What is wrong with an answer that is there; of each type of question. */
const checks: { [Type in Question["type"]]: (answer: Answer, question: Of<Type>, scope: Scope) => Wrong } = {
  nps: (answer) => scale(answer, 0, 10),
  csat: (answer, { points = 5 }) => scale(answer, 1, points),
  ces: (answer) => scale(answer, 1, 7),
  rating: (answer, { points = 5 }) => scale(answer, 1, points),
  thumbs: (answer) => typeof answer !== "boolean" && "expected true or false",
  single_choice: (answer, { choices }) => oneOf(answer, choices),
  dropdown: (answer, { choices }) => oneOf(answer, choices),
  picture_choice: (answer, { choices }) => oneOf(answer, choices),
  multi_choice(answer, question, scope) {
    const { choices, max = choices.length } = question;
    const wrong = someOf(answer, choices);
    if (wrong) return wrong;
    const chosen = answer as readonly string[];
    const alone = choices.find(({ id, none }) => none && chosen.includes(id));
    if (alone && chosen.length > 1) return `"${alone.id}" stands alone`;
    if (!alone && chosen.length > max) return plural(scope.strings.at_most, max, scope.language);
    return refuseMultiChoice(answer, question, scope);
  },
  ranking: (answer, { choices }) =>
    someOf(answer, choices) ||
    ((answer as readonly string[]).length < choices.length && `expected all of ${listed(choices)}, the best first`),
  matrix: (answer, question, scope) =>
    parts(
      answer,
      question.rows.map(({ id }) => id),
    ) ||
    Object.values(answer)
      .map((column) => oneOf(column as Answer, question.columns))
      .find(Boolean) ||
    refuseMatrix(answer, question, scope),
  text: (answer, question, scope) => words(answer, question.max_length ?? 2000) || refuseText(answer, question, scope),
  email: (answer, _, { strings }) => email(answer, strings),
  contact: (answer, { fields, required }, { strings }) =>
    parts(answer, fields) ||
    Object.fromEntries(
      fields.map((field) => {
        const value = (answer as { [field: string]: string })[field];
        if (value === undefined) return [field, required && strings.required];
        return [field, field === "email" ? email(value, strings) : words(value, longestField)];
      }),
    ),
  date(answer, question, scope) {
    // Through a number, as there is no 30th of February: what is a day comes back as it was.
    const time = typeof answer === "string" && /^\d{4}-\d\d-\d\d$/.test(answer) ? Date.parse(answer) : NaN;
    if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== answer)
      return "expected a day of the calendar, YYYY-MM-DD";
    const [first = "", last = "9999-12-31"] = range(question);
    return (answer < first || answer > last) && wrongDay(question, scope);
  },
  statement: () => "is a statement, which has no answer",
};

/** Without the blanks around texts, and without what is empty: no answer, then. */
function trimmed(answer: Answer | null | undefined): Answer | undefined {
  const trim = <T>(value: T): T => (typeof value === "string" ? (value.trim() as T) : value);
  const clean =
    answer && typeof answer === "object" && !Array.isArray(answer)
      ? Object.fromEntries(
          Object.entries(answer)
            .map(([name, value]) => [name, trim(value)])
            .filter(([, value]) => isAnswered(value)),
        )
      : trim(answer);
  return isAnswered(clean ?? undefined) ? (clean as Answer) : undefined;
}

/** What of a question's answers counts, by the names that they are sent under, and what is wrong with it. */
export function check(
  question: Question,
  given: Given,
  scope: Scope,
): { answers: { [name: string]: Answer | undefined }; problems: Problem[] } {
  const { id, type, required } = question;
  const { strings } = scope;
  const answer = trimmed(given.answer);
  const answers: { [name: string]: Answer | undefined } = {
    [id]: answer,
    [`${id}.other`]: undefined,
    [`${id}.consent`]: undefined,
  };
  const problems: Problem[] = [];
  const add = (at: string, message: string | false | undefined) => {
    if (message) problems.push({ at, message });
  };

  if (answer === undefined) {
    const missing = type === "matrix" && refuseMatrix(answer, question, scope);
    const tooFew = type === "multi_choice" && refuseMultiChoice(answer, question, scope);
    if (required) add(id, missing || tooFew || strings.required);
    return { answers, problems };
  }
  const wrong = (checks[type] as (typeof checks)["nps"])(answer, question as Of<"nps">, scope);
  if (typeof wrong !== "object") add(id, wrong);
  else for (const [part, message] of Object.entries(wrong)) add(`${id}.${part}`, message);

  // What is written goes with the choice that opens the field, and with no other.
  const opens = "choices" in question && question.choices.find((choice) => "other" in choice && choice.other)?.id;
  const other = trimmed(given.other);
  if (other !== undefined && opens && [answer].flat().includes(opens)) {
    add(`${id}.other`, words(other, longestOther));
    answers[`${id}.other`] = other;
  }
  if ("consent" in question && question.consent) {
    if (given.consent !== true) add(`${id}.consent`, strings.consent);
    answers[`${id}.consent`] = given.consent;
  }
  return { answers, problems };
}
