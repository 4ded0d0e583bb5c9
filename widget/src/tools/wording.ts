// What the gates say, in words: here, and not in the engine, where every visitor would pay for them.
import type { Gate } from "../../../sdk/src/explanation.ts";

const day = 86_400_000;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "3 days ago", "in 5 minutes". */
export function fromNow(at: number): string {
  const ms = at - Date.now();
  for (const [unit, size] of [
    ["day", day],
    ["hour", 3_600_000],
    ["minute", 60_000],
  ] as const) {
    if (Math.abs(ms) >= size) return relative.format(Math.round(ms / size), unit);
  }
  return Math.abs(ms) < 1_500 ? "just now" : relative.format(Math.round(ms / 1_000), "second");
}

/** "22 Dec 2026", with the time of day where that is near. */
export const date = (at: number): string =>
  new Date(at).toLocaleString("en-GB", {
    dateStyle: "medium",
    ...(Math.abs(at - Date.now()) < 2 * day ? { timeStyle: "short" } : {}),
  });

/** A rule or a value of any shape, as words. */
export function say(value: unknown): string {
  if (value === undefined || value === null || value === "") return "nothing";
  if (Array.isArray(value)) return value.map(say).join(" or ");
  if (typeof value !== "object") return `${value}`;
  const members = Object.entries(value).map(([name, member]) => `${name} ${say(member)}`);
  return members.join(", ") || "nothing";
}

/** A sentence on what is so; of what passes only because surveys are being tried out, what would not. */
type Said = { text: string; kept?: boolean; now?: boolean };
type Words = (gate: Gate) => Said;

const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** A rule of targeting: what it asks for, and below it what is so now. */
const targeting =
  (what: string): Words =>
  ({ rule, pass }) => ({ text: `${what} ${pass ? "matches" : "does not match"} ${say(rule)}`, now: true });

/** So many days after something. */
const rest =
  (never: string, happened: string): Words =>
  ({ rule, value }) => {
    if (!value) return { text: never };
    const until = (value as number) + (rule as number) * day;
    const kept = until > Date.now();
    const rests = rule
      ? `; ${kept ? "rests" : "rested"} for ${plural(rule as number, "day")}, until ${date(until)}`
      : "";
    return { text: `${happened} ${fromNow(value as number)}${rests}`, kept };
  };

const combined =
  (what: string): Words =>
  ({ rule, pass }) => ({ text: `${pass ? "True" : "Not true"} here: ${what} ${say(rule)}` });

const words: Record<string, Words> = {
  consent: () => ({ text: 'Waits until the page says askwell("consent", true)' }),
  quota: () => ({ text: "Has all the responses it wants" }),
  privacy_signals: ({ rule, value }) => ({
    text:
      rule === "ignore"
        ? "Global Privacy Control and Do Not Track are ignored on this site"
        : `The browser ${value ? "asks" : "does not ask"} not to be tracked`,
  }),
  url: targeting("Address"),
  referrer: targeting("Where the session came from"),
  utm: targeting("Campaign of the session"),
  device: targeting("Device"),
  language: targeting("Language"),
  visitor: targeting("Visitor"),
  traits: targeting("What identify() said"),
  schedule: targeting("Time at the site"),
  all: combined("all of"),
  any: combined("any of"),
  not: combined("not"),
  sample: ({ rule, value }) => ({
    text: `This visitor drew ${(value as number).toFixed(3)}, ${(value as number) < (rule as number) ? "which is in" : "and is not in"} the sample of ${say(rule)}`,
    kept: (value as number) >= (rule as number),
  }),
  answered: ({ rule, value }) => ({
    text: !value
      ? "Not answered yet"
      : `Answered ${fromNow(value as number)}${rule === "until_answered" ? ": asks nobody twice" : ", and may be again"}`,
    kept: !!value && rule === "until_answered",
  }),
  max_shows: ({ rule, value }) => ({
    text: `Shown ${plural(value as number, "time")} unanswered, of ${rule === Infinity ? "any number" : `at most ${rule}`}`,
    kept: (value as number) >= (rule as number),
  }),
  after_dismissal_days: rest("Never closed without an answer", "Closed without an answer"),
  min_gap_days: rest("No survey was shown before", "A survey of this site was shown"),
  days_apart: rest("No survey was shown before", "The site's last survey was shown"),
  per_session: ({ rule, value }) => ({
    text: `${value} of ${plural(rule as number, "survey")} shown in this session`,
    kept: (value as number) >= (rule as number),
  }),
  visitor_cookie: ({ value }) => ({
    text:
      value === "kept"
        ? "The collector keeps this visitor in a cookie"
        : `The collector answered ${value} and set no cookie`,
  }),
  page_view: ({ value }) => ({
    text: value ? "A survey has shown on this page" : "No survey has shown on this page yet",
    kept: !!value,
  }),
  open: ({ value, pass }) => ({
    text: value ? `${pass ? "It" : `“${value}”`} is open now` : "No other survey is open",
  }),
  modal: ({ value }) => ({ text: `${value ? "A" : "No"} modal dialog of the page is open` }),
  other_tab: () => ({ text: "Another tab of this site was showing a survey" }),
  place: ({ value }) => ({ text: `When it was to show, the page had no place for it: ${value}` }),
  user: ({ value }) => ({ text: `The collector says no to this user: ${value}` }),
};

/** When a gate may pass that time alone does not open. */
const waits: Record<string, string> = {
  consent: "when the visitor agrees",
  quota: "when its quota is raised",
  privacy_signals: "when the browser no longer asks",
  url: "at another address",
  referrer: "in another session",
  utm: "in another session",
  device: "on another device",
  language: "on a page in another language",
  visitor: "in another session",
  traits: "when identify() says otherwise",
  schedule: "by the clock",
  per_session: "in another session: one ends after 30 minutes without a page view",
  page_view: "on the next page view",
  open: "when it is closed",
  modal: "when that is closed",
  other_tab: "on the next page view",
  user: "on the next page view",
};

/** A gate in words. */
export function explain(gate: Gate): { text: string; detail: string; next: string; spared: boolean } {
  // An engine that is newer than this file may have gates that are not known here.
  const { text, kept, now } = words[gate.gate]?.(gate) ?? { text: `${gate.gate}: ${say(gate.rule)}`, now: true };
  const { next, pass } = gate;
  return {
    text,
    detail: now ? `now ${say(gate.value)}` : "",
    next: pass
      ? ""
      : next === Infinity
        ? "Never for this visitor"
        : next
          ? `Could pass ${fromNow(next)}, ${date(next)}`
          : `Could pass ${waits[gate.gate] ?? "when that changes"}`,
    spared: pass && !!kept,
  };
}
