import { expect, test } from "vitest";
import { parseNumber } from "./parse-number.ts";

test.each([
  ["3", 3],
  ["Cart (12 items)", 12],
  ["€1,299.00", 1299],
  ["1.299,00 €", 1299],
  ["49,90 zł", 49.9],
  ["1 299,9 zł", 1299.9], // a non-breaking space
  ["CHF 1’299.50", 1299.5],
  ["¥12,800", 12800], // three digits behind a separator are thousands
  ["0", 0],
  ["empty", undefined],
  ["", undefined],
  [undefined, undefined],
])("%s is %s", (text, value) => {
  expect(parseNumber(text)).toBe(value);
});
