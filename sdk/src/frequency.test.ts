import { describe, expect, test } from "vitest";
import vectors from "../../collector/survey/testdata/frequency.json" with { type: "json" };
import { type Asked, rests } from "./frequency.ts";
import type { Fatigue, Frequency } from "./wire.ts";

type Case = {
  name: string;
  frequency?: Frequency;
  fatigue?: Fatigue;
  asked: Asked & { survey: string; now: number };
  rest: string;
};

// The collector answers /ask by the same rules: collector/survey/frequency_test.go reads this file too.
const cases = vectors as Case[];

describe("what keeps a survey away is the same as in the collector", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", (_, { frequency, fatigue, asked, rest }) => {
    const { survey, now, ...known } = asked;
    const first = rests(survey, frequency, fatigue, known).find(([, , , until]) => until > now);
    expect(first?.[0] ?? "").toBe(rest);
  });
});

test("it says what the rule is, what is so, and until when it rests", () => {
  const day = 86_400_000;
  const now = 1_795_300_000_000;
  const all = rests("nps", { min_gap_days: 7 }, undefined, { last: now, dismissed: { nps: now }, shows: { nps: 3 } });
  expect(all).toEqual([
    ["answered", "until_answered", 0, 0],
    ["max_shows", 3, 3, Infinity],
    ["after_dismissal_days", 30, now, now + 30 * day],
    ["min_gap_days", 7, now, now + 7 * day],
    ["days_apart", 0, now, now],
  ]);
});

test("a survey whose id is a member of every object has no past", () => {
  expect(rests("constructor", undefined, undefined, { answered: {}, shows: {} }).every(([, , , until]) => !until)).toBe(
    true,
  );
});
