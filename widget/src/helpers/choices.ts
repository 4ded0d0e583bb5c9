import type { Choice } from "../definition.ts";
import { element } from "./element.ts";
import { option } from "./option.ts";
import { shuffle } from "./shuffle.ts";

/** The choices of a question; below one that says so, the field for what it does not name. */
export const choices = (
  all: readonly Choice[],
  shuffleFirst: number | undefined,
  word: string,
  type?: "checkbox",
): HTMLElement[] =>
  shuffle(all, shuffleFirst).flatMap(({ id, label, other }) => [
    option(id, label, "", type),
    ...(other
      ? [element("input", { name: "other", maxlength: 500, placeholder: word, "aria-label": word, part: "field" })]
      : []),
  ]);

/** Shows the field below "other" while that is chosen, and takes what is not seen out of the answer. */
export function showOther(form: HTMLFormElement, control?: HTMLInputElement): void {
  const field = form.querySelector<HTMLInputElement>("[name=other]");
  if (!field) return;
  const box = field.previousElementSibling!.firstChild as HTMLInputElement;
  field.hidden = field.disabled = !box.checked;
  // Arrow keys may be on their way to another choice; a touch screen would throw up its keyboard.
  if (
    box.checked &&
    control === box &&
    !box.matches("[type=radio]:focus-visible") &&
    matchMedia("(hover:hover)").matches
  )
    field.focus();
}
