import type { Strings } from "../definition.ts";
import { element } from "./element.ts";

/** A link beside the survey, which stays: screen readers say that it opens a new tab. */
export const link = (href: string, label: string, strings: Strings): HTMLAnchorElement =>
  element(
    "a",
    { href, target: "_blank", rel: "noopener", part: "link", "aria-label": `${label} (${strings.new_tab})` },
    label,
  );
