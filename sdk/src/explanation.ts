import type { Trigger } from "./wire.ts";

/** One thing that has to be so before a survey shows by itself. */
export type Gate = {
  /** Its name: that of the option in the survey's or the site's file, where there is one. */
  gate: string;
  /** What it asks for. */
  rule: unknown;
  /** What is so now. */
  value: unknown;
  pass: boolean;
  /** When it could next pass, in milliseconds since the epoch; Infinity: never for this visitor. Where time alone does not decide, undefined. */
  next?: number | undefined;
};

/** How a trigger is doing on this page view. */
export type TriggerState = {
  trigger: Trigger;
  /** "armed", "off" where a gate fails or it is not loaded yet, or why it cannot work: its selector is none. */
  state: string;
  /** What it said when it last fired. */
  fired?: { at: number; reason?: string | undefined } | undefined;
};

/** Why a survey shows on this page view, or does not. */
export type Explanation = {
  survey: string;
  version: number;
  /** Every gate passes: the next trigger that fires shows it. */
  passes: boolean;
  gates: Gate[];
  triggers: TriggerState[];
};
