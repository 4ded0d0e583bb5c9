import type { ValueTest } from "../../../sdk/src/wire.ts";
import { passAll } from "../helpers/values.ts";
import type { Rule } from "./rule.ts";

/** What identify() said of the user. */
export const rule: Rule<Record<string, ValueTest>, Record<string, unknown>> = {
  is: ({ traits }) => traits,
  holds: passAll,
};
