import type { Answer } from "../answers.ts";
import type { Of, Scope } from "../definition.ts";
import { plural } from "../words.ts";

type Says = { language: string; strings: Pick<Scope["strings"], "too_short"> };

/** Whether an answer is too short. Browsers count an emoji as two, and so does the collector. */
export const refuseText = (
  answer: Answer | undefined,
  { min_length = 0 }: Of<"text">,
  { strings, language }: Says,
): string | false =>
  answer != null && (answer as string).length < min_length && plural(strings.too_short, min_length, language);
