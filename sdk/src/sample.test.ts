import { expect, test } from "vitest";
import { draw } from "./sample.ts";
import { uuidv7 } from "./uuid.ts";

const visitors = Array.from({ length: 100_000 }, (_, i) => uuidv7(1_795_300_000_000 + i));

test("the same visitor and survey draw the same number, another survey another one", () => {
  for (const visitor of visitors.slice(0, 100)) {
    expect(draw(`${visitor}nps`)).toBe(draw(`${visitor}nps`));
    expect(draw(`${visitor}nps`)).not.toBe(draw(`${visitor}csat`));
  }
});

test("the numbers are even: chi-square over 100 parts, for ids made one after the other", () => {
  for (const survey of ["nps", "a", "checkout-exit"]) {
    const parts = new Array<number>(100).fill(0);
    for (const visitor of visitors) parts[Math.floor(draw(visitor + survey) * 100)]!++;
    const chi = parts.reduce((sum, n) => sum + (n - 1_000) ** 2 / 1_000, 0);
    expect(chi).toBeLessThan(160); // 99 degrees of freedom: above 148.2 in one of a thousand
  }
});

test("who is in the sample of one survey is so in another by chance alone", () => {
  const both = visitors.filter((visitor) => draw(`${visitor}nps`) < 0.1 && draw(`${visitor}csat`) < 0.1).length;
  expect(both).toBeGreaterThan(850);
  expect(both).toBeLessThan(1_150); // 1,000 expected, 31 the standard deviation
});
