import { pipeAll } from "../../../sdk/src/pipe.ts";
import type { Parts } from "../face.ts";

/** Every text of a question or an ending, with what was answered and what is known put in. */
export const pipe: NonNullable<Parts["pipe"]> = (texts, { questions }, answers, facts, { language, strings }) =>
  pipeAll(texts, { answers, facts, questions: questions as never, language, yes: strings.yes, no: strings.no });
