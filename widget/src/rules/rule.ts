import type { Memory, Session } from "../../../sdk/src/memory.ts";

/** What a rule may ask about. */
export type Facts = {
  session: Session | undefined;
  /** How many sessions there were, with this one. */
  sessions: number | undefined;
  traits: Record<string, unknown>;
  /** The page's address. */
  here(): URL | Location;
  /** The site's. */
  timezone: string | undefined;
  memory: Memory;
  survey: string;
  /** Whether everything holds that another rule says. */
  matches(rule: object): boolean;
};

/** One part of targeting: one file here, one fragment of the script. */
export type Rule<Wanted, Is> = {
  /** What is so now. */
  is(facts: Facts): Is;
  holds(wanted: Wanted, is: Is, facts: Facts): boolean;
};
