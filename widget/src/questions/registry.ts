import type { Question } from "../definition.ts";
import { ces } from "./ces.ts";
import { csat } from "./csat.ts";
import { nps } from "./nps.ts";
import { single_choice } from "./single-choice.ts";
import { text } from "./text.ts";
import type { QuestionType } from "./type.ts";

/** The types of question by their name in a definition: a new type is a file and a word here. */
const types: { readonly [T in Question["type"]]: QuestionType<Extract<Question, { type: T }>> } = {
  nps,
  csat,
  ces,
  text,
  single_choice,
};

export const typeOf = (question: Question): QuestionType => types[question.type];
