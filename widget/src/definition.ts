// A survey as the face sees it.
export type { Answer, Answers } from "../../sdk/src/answers.ts";
export type { Choice, Ending, FaceSurvey, Of, Question } from "../../sdk/src/definition.ts";

/** The widget's own words, one file a language in strings/. The collector sends those that a survey needs. */
export type Strings = typeof import("./strings/en.json");
