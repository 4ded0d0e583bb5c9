// What visitors answer.

/** One answer, in the form of its question's type: a number (nps), a choice's id, ids of choices, a row's column … */
export type Answer = string | number | boolean | readonly string[] | { readonly [row: string]: string };
/** Answers by question id; beside them `{question}.other` and `{question}.consent`. */
export type Answers = { readonly [question: string]: Answer | undefined };

/** Names come from the survey's author, and "constructor" is a fair one: an inherited member is no answer. */
export const own = <T>(values: { readonly [name: string]: T } | undefined, name: string): T | undefined =>
  values && Object.hasOwn(values, name) ? values[name] : undefined;

/** The answer of this name, or the part of one: a row of a matrix, a field of a contact. No question has a dot in its id. */
export const answerAt = (answers: Answers, name: string): Answer | undefined =>
  own(answers, name) ??
  (name.split(".").reduce<unknown>((from, part) => own(from as Answers, part), answers) as Answer);

/** An empty text, list or map is no answer. */
export const isAnswered = (answer: Answer | undefined): answer is Answer =>
  answer != null && (typeof answer === "object" ? Object.entries(answer) : `${answer}`).length > 0;
