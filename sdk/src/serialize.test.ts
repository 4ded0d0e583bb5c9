import { expect, test } from "vitest";
import { serialize } from "./serialize.ts";

const response = {
  id: "a",
  seq: 1,
  answers: { why: '"quoted"\n\\ \u2028 zażółć 快 \u{1F600}', likes: ["price", "speed"] },
  none: [],
  empty: {},
};

test.each<[string, unknown]>([
  ["what a response is made of", response],
  ["what is not there", { a: undefined, b: null, c: [undefined, null], d: () => 1, e: [() => 1] }],
  ["numbers that JSON lacks", [NaN, Infinity, -0, 1e21, 5e-324]],
  ["half of a surrogate pair", { "\ud800": "\udc00x" }],
  ["names that need quoting", { "": 1, '"': 2, "\u0000": 3, __proto__x: 4 }],
  ["primitives", "text"],
  ["nothing", undefined],
])("%s: as JSON.stringify writes it", (_, value) => expect(serialize(value)).toBe(JSON.stringify(value)));

test("2,000 random values: as JSON.stringify writes them", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const text = () => String.fromCharCode(...Array.from({ length: random(6) }, () => random(0x10000)));
  const leaves = [text, () => random(1000) / 7, () => random(2) > 0, () => null, () => undefined, () => NaN];
  const value = (depth: number): unknown => {
    const kind = random(depth ? 8 : 6);
    if (kind === 6) return Array.from({ length: random(4) }, () => value(depth - 1));
    if (kind === 7) return Object.fromEntries(Array.from({ length: random(4) }, () => [text(), value(depth - 1)]));
    return leaves[kind]!();
  };
  for (let i = 0; i < 2_000; i++) {
    const one = value(4);
    expect(serialize(one)).toBe(JSON.stringify(one));
  }
});

/** What run gives while the page has put a member on a prototype. */
function spoilt<T>(prototype: object, name: string, value: unknown, run: () => T): T {
  Object.defineProperty(prototype, name, { value, enumerable: true, configurable: true });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(prototype, name);
  }
}
const lies = () => "spoilt";
const throws = () => {
  throw new Error("mine");
};

test.each([
  ["Object", Object.prototype],
  ["Array", Array.prototype],
  ["String", String.prototype],
  ["Number", Number.prototype],
  ["Boolean", Boolean.prototype],
  ["Function", Function.prototype],
])("a toJSON on %s.prototype is not asked, whether it lies or throws", (_, prototype) => {
  const clean = JSON.stringify(response);
  for (const toJSON of [lies, throws]) {
    expect(spoilt(prototype, "toJSON", toJSON, () => serialize(response))).toBe(clean);
    expect(spoilt(prototype, "toJSON", toJSON, () => serialize({ f() {} }))).toBe("{}");
  }
});

test("members that a page gave to all objects are not ours", () => {
  const clean = JSON.stringify(response);
  expect(spoilt(Object.prototype, "mine", "theirs", () => serialize(response))).toBe(clean);
  expect(spoilt(Array.prototype, "each", "theirs", () => serialize(response))).toBe(clean);
});
