import type { TextRule } from "../../../sdk/src/wire.ts";
import { matchesText } from "../helpers/text.ts";
import type { Rule } from "./rule.ts";

/** Where the session came from: on later pages the browser's own referrer is the site itself. */
export const rule: Rule<TextRule[], string> = {
  is: ({ session }) => session?.referrer ?? document.referrer,
  holds: matchesText,
};
