import { expect, test } from "vitest";
import { matchesGlob, matchesTargeting } from "./targeting.ts";

test.each([
  ["*/checkout*", "https://shop.example/checkout?step=2", true],
  ["*/checkout*", "https://shop.example/cart", false],
  ["https://shop.example/*", "https://shop.example/", true],
  ["/a.b", "/aXb", false], // a dot is a dot
  ["/a+(b)[c]", "/a+(b)[c]", true],
  ["/A", "/a", true],
  ["*", "", true],
  ["a*a", "a", false], // the pieces must not overlap
  ["*a*b*", "xbxaxbx", true],
  ["*a*b*", "xbxax", false],
])("%s on %s: %s", (glob, text, matches) => {
  expect(matchesGlob(glob, text)).toBe(matches);
});

test("no rule means every page; of several, any", () => {
  expect(matchesTargeting(undefined, "https://shop.example/")).toBe(true);
  expect(matchesTargeting({ url: [{ glob: "*/a" }, { glob: "*/b" }] }, "https://shop.example/b")).toBe(true);
});

test("a crafted URL costs no more than its length", () => {
  const url = `https://shop.example${"/".repeat(100_000)}`;
  expect(matchesGlob("*/*/*/*/*/checkout", url)).toBe(false); // a regular expression would run for hours
});
