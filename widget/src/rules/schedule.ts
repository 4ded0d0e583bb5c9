import type { Schedule } from "../../../sdk/src/wire.ts";
import type { Rule } from "./rule.ts";

const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** The time by the clock of the site's time zone. */
export const rule: Rule<Schedule, string> = {
  // Swedish writes a time as ISO 8601 does: 2026-11-22 09:30:00. Strings in this form compare as days and times do.
  is({ timezone = "UTC" }) {
    try {
      return new Date().toLocaleString("sv", { timeZone: timezone });
    } catch {
      return "unknown"; // a browser that is older than the zone's name; the schedule holds for none
    }
  },
  holds({ from, to, days, start, end }, is) {
    const [date, time] = is.split(" ") as [string, string];
    return (
      !!time &&
      !(from && date < from) &&
      !(to && date > to) &&
      !(start && time < start) &&
      !(end && time >= end) &&
      (!days || days.includes(names[new Date(date).getUTCDay()]!))
    );
  },
};
