import type { TextRule } from "../../../sdk/src/wire.ts";
import type { Memory, Session } from "../memory.ts";

/** What a rule may ask about. */
export type Facts = {
  session: Session | undefined;
  /** How many sessions there were, with this one. */
  sessions: number | undefined;
  traits: Record<string, unknown>;
  /** The site's. */
  timezone: string | undefined;
  memory: Memory;
  survey: string;
  /** Whether a text matches any of some rules. */
  matchesText(rules: TextRule[], text: string): boolean;
  /** Whether everything holds that another rule says. */
  matches(rule: object): boolean;
};

/** One part of targeting: one file here, one fragment of the script. */
export type Rule<Wanted, Is> = {
  /** What is so now. */
  is(facts: Facts): Is;
  holds(wanted: Wanted, is: Is, facts: Facts): boolean;
};
