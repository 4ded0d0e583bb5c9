import type { UTM } from "../../../sdk/src/wire.ts";
import { matchesText } from "../helpers/text.ts";
import type { Rule } from "./rule.ts";

/** The campaign that the session came by. */
export const rule: Rule<UTM, UTM extends infer T ? { [Name in keyof T]?: string } : never> = {
  is({ session }) {
    const query = new URLSearchParams(session?.query ?? location.search);
    const utm: Record<string, string> = {};
    for (const [name, value] of query) if (name.startsWith("utm_")) utm[name.slice(4)] = value;
    return utm;
  },
  holds: (rules, is) => Object.entries(rules).every(([name, some]) => matchesText(some, is[name as keyof UTM] ?? "")),
};
