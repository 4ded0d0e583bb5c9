import { expect, test } from "vitest";
import { resting } from "./frequency.ts";

const day = 86_400_000;
const now = 1_795_300_000_000;

test("a visitor who was never asked may be", () => {
  expect(resting("nps", undefined, {}, now)).toBeUndefined();
});

test("an answered survey is not asked again, others are after the gap", () => {
  const asked = { last: now - 31 * day, answered: { nps: now - 31 * day } };
  expect(resting("nps", undefined, asked, now)).toBe("answered");
  expect(resting("csat", undefined, asked, now)).toBeUndefined();
  expect(resting("nps", { per_visitor: "always" }, asked, now)).toBeUndefined();
});

test("any survey of the site counts for the gap, and the gap is 30 days unless told", () => {
  expect(resting("csat", undefined, { last: now - 29.9 * day }, now)).toBe("min_gap_days");
  expect(resting("csat", undefined, { last: now - 30 * day }, now)).toBeUndefined();
  expect(resting("csat", { min_gap_days: 0 }, { last: now }, now)).toBeUndefined();
});
