import type { Rule } from "./rule.ts";

/** The kind of device, by how it is pointed at and how large its screen is. */
export const rule: Rule<string[], string> = {
  is() {
    if (!matchMedia("(pointer:coarse)").matches) return "desktop";
    return Math.min(screen.width, screen.height) < 600 ? "mobile" : "tablet";
  },
  holds: (some, is) => some.includes(is),
};
