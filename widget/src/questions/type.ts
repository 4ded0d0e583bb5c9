import type { Answer, Question, Strings } from "../definition.ts";

/** What a type of question knows; everything else is the same for all types and lives in ask.ts. */
export type QuestionType<Q extends Question = Question> = {
  /**
   * Adds the controls, all of them named "a", below the title.
   * Returns the element whose validity is told to screen readers: the group itself, or its only control.
   */
  render(question: Q, group: HTMLFieldSetElement): HTMLElement;
  /** The answer so far, if there is one. */
  read(data: FormData): Answer | undefined;
  /** What is wrong with an answer. A missing one is seen to by `required`. */
  validate?(answer: Answer, question: Q, strings: Strings): string | undefined;
  /** A tap on one of its radios says it all, and moves on. */
  tap?: boolean;
};
