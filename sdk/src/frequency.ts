import type { Frequency } from "./wire.ts";

/** What is remembered of the surveys a visitor was asked. Times are milliseconds. */
export type Asked = {
  /** When any survey of the site was last shown. */
  last?: number;
  /** When each survey was first answered, by id. */
  answered?: Record<string, number>;
};

const day = 86_400_000;

/** Why a survey rests for this visitor, or undefined where it may show. */
export function resting(
  survey: string,
  frequency: Frequency | undefined,
  asked: Asked,
  now: number,
): "answered" | "min_gap_days" | undefined {
  const { per_visitor = "until_answered", min_gap_days = 30 } = frequency ?? {};
  if (per_visitor === "until_answered" && asked.answered && Object.hasOwn(asked.answered, survey)) return "answered";
  if (asked.last !== undefined && now - asked.last < min_gap_days * day) return "min_gap_days";
  return undefined;
}
