import type { Answer } from "../answers.ts";
import type { Of, Scope } from "../definition.ts";
import { plural } from "../words.ts";

type Says = { language: string; strings: Pick<Scope["strings"], "at_least"> };

/** Whether too few are chosen; none of these stands alone. */
export function refuseMultiChoice(
  answer: Answer | undefined,
  { choices, min = 0, required }: Of<"multi_choice">,
  { strings, language }: Says,
): string {
  const chosen = (answer ?? []) as string[];
  const isEnough = chosen.length >= min || choices.some(({ id, none }) => none && id === chosen[0]);
  return !isEnough && (answer || required) ? plural(strings.at_least, min, language) : "";
}
