import { expect, test } from "vitest";
import { passAll, passes } from "./values.ts";
import type { ValueTest } from "./wire.ts";

test.each<[ValueTest, unknown, boolean]>([
  [{ eq: "pro" }, "pro", true],
  [{ eq: "pro" }, "Pro", false],
  [{ eq: 1 }, "1", false], // a trait keeps the type that it was given
  [{ eq: true }, true, true],
  [{ ne: "pro" }, "free", true],
  [{ ne: "pro" }, undefined, true],
  [{ in: ["a", 2] }, 2, true],
  [{ in: ["a", 2] }, "2", false],
  [{ gte: 18, lt: 65 }, 18, true],
  [{ gte: 18, lt: 65 }, 65, false],
  [{ gt: 1 }, "2", false],
  [{ lte: 1 }, undefined, false],
  [{ contains: "GOLD" }, "a gold customer", true],
  [{ contains: "1" }, 11, false],
  [{ before: "2026-01-01" }, "2025-12-31T23:59:59Z", true],
  [{ after: "2026-01-01" }, "2026-01-01", true],
  [{ after: "2026-01-01" }, "yesterday", false],
  [{ after: "2026-01-01" }, 1_795_300_000_000, false],
  [{ exists: true }, false, true],
  [{ exists: false }, undefined, true],
  [{ exists: true }, null, false],
  [{ about: 3 } as ValueTest, 3, false], // from a newer collector: nobody is asked by mistake
])("%j on %j: %s", (test, is, result) => {
  expect(passes(test, is)).toBe(result);
});

test("all tests are needed, and an inherited member is no value", () => {
  expect(passAll({ plan: { eq: "pro" }, age: { gt: 17 } }, { plan: "pro", age: 18 })).toBe(true);
  expect(passAll({ plan: { eq: "pro" }, age: { gt: 17 } }, { plan: "pro" })).toBe(false);
  expect(passAll({ constructor: { exists: true } }, {})).toBe(false);
});
