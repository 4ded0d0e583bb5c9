import type { Rule } from "./rule.ts";

/** The language of the page, or of the browser where the page names none; pt holds for pt-BR too. */
export const rule: Rule<string[], string> = {
  is: () => document.documentElement.lang || navigator.language,
  holds: (some, is) => some.some((one) => `${is}-`.toLowerCase().startsWith(`${one}-`.toLowerCase())),
};
