import { expect, test } from "vitest";
import file from "../../collector/survey/testdata/regex.json";

// The collector accepts an expression where JavaScript and RE2 read it alike, and JavaScript is done
// with it soon. Its own tests (collector/survey/regex_test.go) hold Go to the same vectors.
type Vector = { pattern: string; refused?: string; matches?: string[]; misses?: string[] };

const vectors: Vector[] = file;
const accepted = vectors.filter((v) => v.refused === undefined);

/** Texts of 2,000 characters that make an expression try much: its own characters, again and again. */
function hostile(pattern: string): string[] {
  const letters = pattern.replace(/\\[a-zA-Z]|[^\w/?&=.,-]/g, "");
  return [letters || "a", ...letters, "a", "ab", "/a", "1", "a1/"].map((s) => `${s.repeat(2000).slice(0, 1999)}\n`);
}

test.each(accepted)("$pattern means the same as to the collector", ({ pattern, matches = [], misses = [] }) => {
  const expression = new RegExp(pattern);
  for (const text of matches) expect(expression.test(text), text).toBe(true);
  for (const text of misses) expect(expression.test(text), text).toBe(false);
});

test.each(accepted)("$pattern is done with a hostile text soon", ({ pattern }) => {
  const expression = new RegExp(pattern);
  for (const text of hostile(pattern)) {
    const took = [1, 2, 3].map(() => {
      const start = performance.now();
      expression.test(text);
      return performance.now() - start;
    });
    // 50 ms are meant; a machine that does other things too gets the rest. Exponential would be years.
    expect(Math.min(...took), text).toBeLessThan(500);
  }
});
