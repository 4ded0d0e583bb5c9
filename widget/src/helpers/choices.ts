import type { Choice, Strings } from "../definition.ts";
import { option } from "./option.ts";
import { otherField } from "./other.ts";
import { shuffle } from "./shuffle.ts";

/** The choices of a question; below one that says so, the field for what it does not name. */
export const choices = (
  all: readonly Choice[],
  shuffleFirst: number | undefined,
  strings: Strings,
  type?: "checkbox",
): HTMLElement[] =>
  shuffle(all, shuffleFirst).flatMap(({ id, label, other }) => [
    option(id, label, "", type),
    ...(other ? [otherField(strings)] : []),
  ]);
