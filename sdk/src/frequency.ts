import type { Fatigue, Frequency } from "./wire.ts";

/** What is remembered of the surveys a visitor was asked. Times are milliseconds since the epoch. */
export type Asked = {
  /** When any survey of the site was last shown. */
  last?: number;
  /** When each survey was first answered, by id. */
  answered?: Record<string, number>;
  /** When each survey was last closed without an answer, by id. */
  dismissed?: Record<string, number>;
  /** How often each survey was shown and not answered, by id. */
  shows?: Record<string, number>;
};

/** A rule of frequency: its name, what it says, what is so, and until when the survey rests for it (0: it does not). */
export type Rest = [rule: string, says: unknown, is: unknown, until: number];

const day = 86_400_000;

/** The rules of frequency, in the order in which they are checked. The collector has the same: survey/frequency.go. */
export function rests(
  survey: string,
  frequency: Frequency | undefined,
  fatigue: Fatigue | undefined,
  asked: Asked,
): Rest[] {
  const { per_visitor = "until_answered", after_dismissal_days = 30, max_shows, min_gap_days = 30 } = frequency ?? {};
  const once = per_visitor === "until_answered";
  const most = max_shows ?? (once ? 3 : Infinity);
  const apart = fatigue?.days_apart ?? 0;
  const own = (by?: Record<string, number>) => (by && Object.hasOwn(by, survey) ? by[survey]! : 0);
  const answered = own(asked.answered);
  const shows = own(asked.shows);
  const dismissed = own(asked.dismissed);
  const last = asked.last ?? 0;
  const after = (time: number, days: number) => time && time + days * day;
  return [
    ["answered", per_visitor, answered, once && answered ? Infinity : 0],
    ["max_shows", most, shows, shows >= most ? Infinity : 0],
    ["after_dismissal_days", after_dismissal_days, dismissed, after(dismissed, after_dismissal_days)],
    ["min_gap_days", min_gap_days, last, after(last, min_gap_days)],
    ["days_apart", apart, last, after(last, apart)],
  ];
}
