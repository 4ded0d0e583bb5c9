import type { Strings } from "../definition.ts";
import { element } from "./element.ts";

/** The field below the choice of what is not among them. */
export const otherField = (strings: Strings): HTMLElement =>
  element("input", {
    name: "other",
    maxlength: 500,
    placeholder: strings.other,
    "aria-label": strings.other,
    part: "field",
  });

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
