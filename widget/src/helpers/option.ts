import { element } from "./element.ts";

/**
 * A radio, or another kind of input, with its label, and a note that belongs to its accessible name.
 * The input lies invisibly over the whole label: a tap hits the input itself, never a label whose
 * second, made-up click each browser counts differently.
 */
export const option = (
  value: string | number,
  label: string | number | Node,
  note = "",
  type = "radio",
  name = "a",
): HTMLLabelElement =>
  element(
    "label",
    {},
    element("input", { type, name, value }),
    element("span", { part: "option" }, label),
    note && element("bdi", {}, note),
  );
