import type { Trigger } from "./wire.ts";

/** One thing that has to be so before a survey shows by itself. */
export type Gate = {
  /** Its name: that of the option in the survey's or the site's file, where there is one. */
  gate: string;
  /** What it asks for. */
  rule: unknown;
  /** What is so now. */
  value: unknown;
  /** Whether that is enough. A survey shows where all its gates pass. */
  pass: boolean;
  /** When it could next pass, in milliseconds since the epoch; Infinity: never for this visitor. Where time alone does not decide, undefined. */
  next?: number | undefined;
};

/** How a trigger is doing on this page view. */
export type TriggerState = {
  /** As the survey's file has it. */
  trigger: Trigger;
  /** "armed", "off" where a gate fails or it is not loaded yet, or why it cannot work: its selector is none. */
  state: string;
  /** What it said when it last fired. */
  fired?:
    | {
        /** Milliseconds since the epoch. */
        at: number;
        /** What exactly happened, where there are several ways: `pointer_top`, `idle` … */
        reason?: string | undefined;
      }
    | undefined;
};

/** Why a survey shows on this page view, or does not. */
export type Explanation = {
  /** Its id. */
  survey: string;
  /** The one that is live. */
  version: number;
  /** Every gate passes: the next trigger that fires shows it. */
  passes: boolean;
  /** In the order in which they are asked. */
  gates: Gate[];
  /** Those that it shows by, one firing is enough; none where only show() does. */
  triggers: TriggerState[];
};
