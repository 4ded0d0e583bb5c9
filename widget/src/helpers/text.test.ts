import { expect, test } from "vitest";
import { matchesGlobs } from "./glob.ts";
import { matchesText } from "./text.ts";

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
  expect(matchesGlobs([glob], text)).toBe(matches);
});

test.each([
  [[{ equals: "https://shop.example/a" }], "https://shop.example/a", true],
  [[{ equals: "https://shop.example/a" }], "https://shop.example/a?b", false],
  [[{ equals: "" }], "", true], // a visitor who came from nowhere
  [[{ contains: "Check" }], "https://shop.example/CHECKOUT", true],
  [[{ regex: "/product/[0-9]+$" }], "https://shop.example/product/42", true],
  [[{ regex: "/product/[0-9]+$" }], "https://shop.example/product/42/more", false],
  [[{ glob: "*/a" }, { contains: "b" }], "https://shop.example/b", true], // of several, any
  [[], "https://shop.example/", false],
])("%j on %s: %s", (rules, text, matches) => {
  expect(matchesText(rules, text)).toBe(matches);
});

test("a crafted URL costs no more than its length", () => {
  const url = `https://shop.example${"/".repeat(100_000)}`;
  expect(matchesGlobs(["*/*/*/*/*/checkout"], url)).toBe(false); // a regular expression would run for hours
});
