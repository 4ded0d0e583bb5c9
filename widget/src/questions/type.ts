import type { Answer, Question, Strings } from "../definition.ts";

export type { Of } from "../definition.ts";

/** What a control may need beside its question. */
export type Scope = {
  strings: Strings;
  /** Of the survey's texts, for Intl. */
  language: string;
  /** A whole number in the digits of the language. The first Intl.NumberFormat of a page takes 15 ms, 60 on a phone. */
  number(n: number): string;
  /** What was answered before, or is filled in. */
  answer: Answer | undefined;
};

/**
 * What a type of question knows; everything else is the same for all types and lives in ask.ts. Each type is a
 * fragment of its own, which the collector joins to the face of the surveys that have one.
 */
export type QuestionType<Q extends Question = Question> = {
  /** What it adds to the style sheet. */
  css?: string;
  /**
   * What stands below the title. The controls that make the answer are named "a", or "a.x" where x is a part of it;
   * one named "other" or "consent" makes the answer {question}.other or {question}.consent.
   */
  render(question: Q, scope: Scope): Node[];
  /** The answer that the values of the controls are; where there is no such function, the first of them. */
  parse?(values: string[], form: HTMLFormElement): Answer | undefined;
  /** What the controls show, beside themselves; after each input, and once before the first. */
  changed?(form: HTMLFormElement, question: Q, scope: Scope, control?: HTMLInputElement): void;
  /** Why an answer is not taken, if it is not. */
  refuse?(answer: Answer | undefined, question: Q, scope: Scope, form: HTMLFormElement): string | false | undefined;
  /** They are radios: a tap on one says it all, and moves on. */
  tap?: true;
  /** There is nothing to answer. */
  tells?: true;
};
