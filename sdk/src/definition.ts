// A survey as the visitor sees it: the wire's types, with every text in one language.
import type { Condition } from "./condition.ts";
import type * as wire from "./wire.ts";
import type { Word } from "./words.ts";

/** What the collector makes of a definition before it sends it to a page: each text is one string. */
type InOneLanguage<T> = wire.Text extends T
  ? string
  : T extends (infer Item)[]
    ? InOneLanguage<Item>[]
    : T extends object
      ? { [Key in keyof T]: Key extends "if" | "show_if" ? Condition : InOneLanguage<T[Key]> }
      : T;

export type FaceSurvey = InOneLanguage<wire.Face>;
/** A question, its texts in one language: narrow it by its `type`. */
export type Question = InOneLanguage<wire.Question>;
/** One of the choices of a question. */
export type Choice = InOneLanguage<wire.Choice>;
/** What is said at the end: `title`, and where the survey has them `text` and `link`. */
export type Ending = InOneLanguage<wire.Ending>;

/** A question of one type. */
export type Of<Type extends Question["type"]> = Extract<Question, { type: Type }>;

/** The interface's own words, in the survey's language: those that every survey has. */
export type Words = {
  readonly [word in
    | "next"
    | "send"
    | "skip"
    | "back"
    | "close"
    | "required"
    | "thanks"
    | "progress"
    | "privacy"]: string;
};

/** And those that only some have: the collector sends what the survey's questions say. */
export type Strings = Words & {
  readonly [word in "yes" | "no" | "invalid" | "invalid_email" | "consent" | "all_rows"]: string;
} & { readonly [word in "at_least" | "at_most" | "too_short"]: Word };

/** All that a survey says in one language: GET /w/a/{hash}.json. */
export type Texts = Omit<wire.Texts, "survey" | "strings"> & { survey: FaceSurvey; strings: Strings };

/** What a check needs to say what is wrong. */
export type Scope = { readonly strings: Strings; readonly language: string };
