import { type Answer, own } from "../answers.ts";
import type { Of, Scope } from "../definition.ts";

type Says = { strings: Pick<Scope["strings"], "all_rows"> };

/** Whether a row is missing where each has to be answered. */
export const refuseMatrix = (
  answer: Answer | undefined,
  { rows, required }: Of<"matrix">,
  { strings }: Says,
): string | false | undefined =>
  required && rows.some(({ id }) => !own(answer as { [row: string]: string } | undefined, id)) && strings.all_rows;
