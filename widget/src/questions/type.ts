import type { Answer, Question } from "../definition.ts";

/** What a type of question knows; everything else is the same for all types and lives in ask.ts. */
export type QuestionType<Q extends Question = Question> = {
  /** The controls, all of them named "a", that come below the title. */
  render(question: Q): HTMLElement[];
  /** The answer that their value is; where there is no such function, the value itself. */
  parse?(value: string): Answer;
  /** They are radios: a tap on one says it all, and moves on. */
  tap?: boolean;
};
