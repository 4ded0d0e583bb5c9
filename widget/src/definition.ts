// A survey as the face sees it: the wire's types, with every text in one language.
import type { Condition } from "../../sdk/src/logic.ts";
import type * as wire from "../../sdk/src/wire.ts";

export type { Answer, Answers } from "../../sdk/src/logic.ts";

/** What the collector makes of a definition before it sends it to a page: each text is one string. */
type InOneLanguage<T> = wire.Text extends T
  ? string
  : T extends (infer Item)[]
    ? InOneLanguage<Item>[]
    : T extends object
      ? { [Key in keyof T]: Key extends "if" | "show_if" ? Condition : InOneLanguage<T[Key]> }
      : T;

export type FaceSurvey = InOneLanguage<wire.Face>;
export type Question = InOneLanguage<wire.Question>;
export type Choice = InOneLanguage<wire.Choice>;
export type Ending = InOneLanguage<wire.Ending>;

/** The widget's own words, one file a language in strings/. The collector sends those that a survey needs. */
export type Strings = typeof import("./strings/en.json");
