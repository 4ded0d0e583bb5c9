// The flow of a survey: which questions are visible, which comes next, how it ends.
// It lives here and nowhere else: the widget, a survey UI of one's own and the tests all read the same rules.
// Questions are walked in order, jumps lead only forwards and a condition sees only what was answered before it, so
// no definition can loop.
import { type Answer, type Answers, isAnswered, own } from "./answers.ts";
import { type Condition, type Facts, matches } from "./condition.ts";

/** `to` is the id of a later question, or "end". */
export type Jump = { readonly if?: Condition | undefined; readonly to: string };

/** What the flow reads of a question. */
export type Conditional = {
  readonly id: string;
  readonly type?: string | undefined;
  readonly show_if?: Condition | undefined;
  readonly jumps?: readonly Jump[] | undefined;
};

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
): {
  /** The answers that count. */
  kept: Answers;
  /** What is asked next; undefined: nothing is left. */
  next: Q | undefined;
  /** The ids of the questions that come, those that were answered too. */
  path: string[];
} {
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

/**
 * The ids of the questions that come, as it looks from the one with an id: for the way back, and for how far it is.
 * What lies before it was answered or skipped, and jumped where it does; `walk` alone takes what was skipped for open.
 */
export const pathTo = <Q extends Conditional>(
  questions: readonly Q[],
  answers: Answers,
  id: string | undefined,
  facts?: Facts,
): string[] => walk(questions, answers, questions[questions.findIndex((one) => one.id === id) - 1]?.id, facts).path;

/** The first ending whose condition holds; none is not an error, the widget has thanks of its own. */
export const endingFor = <
  E extends {
    /** When it is this one; without, always. */
    readonly if?: Condition | undefined;
  },
>(
  endings: readonly E[] | undefined,
  answers: Answers,
  facts?: Facts,
): E | undefined => endings?.find((ending) => matches(ending.if, answers, facts));
