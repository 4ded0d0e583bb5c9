import { element } from "../ui/element.ts";

/**
 * A radio with its label, and a note that belongs to its accessible name.
 * The radio lies invisibly over the whole label: a tap hits the radio itself, never a label whose
 * second, made-up click each browser counts differently.
 */
export const option = (value: string | number, label: string | number, note = ""): HTMLLabelElement =>
  element(
    "label",
    {},
    element("input", { type: "radio", name: "a", value }),
    element("span", {}, label),
    note && element("bdi", {}, note),
  );
