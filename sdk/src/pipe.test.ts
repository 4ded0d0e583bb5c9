import { describe, expect, it, test, vi } from "vitest";
import type { Answers } from "./answers.ts";
import type { Facts } from "./condition.ts";
import { type Labelled, pipe, type Scope } from "./pipe.ts";

const choices = [
  { id: "price", label: "The price" },
  { id: "speed", label: "Speed" },
  { id: "colour", label: "Colour" },
];
const questions: Labelled[] = [
  { id: "nps", type: "nps" },
  { id: "why", type: "text" },
  { id: "plan", type: "single_choice", choices },
  { id: "likes", type: "multi_choice", choices },
  { id: "order", type: "ranking", choices },
  { id: "else", type: "single_choice", choices: [...choices, { id: "other", label: "Something else", other: true }] },
  { id: "all", type: "multi_choice", choices: [...choices, { id: "other", label: "Something else", other: true }] },
  { id: "again", type: "thumbs", up: "Surely", down: "Never" },
  { id: "plain", type: "thumbs" },
  { id: "who", type: "contact" },
  { id: "parts", type: "matrix", columns: [{ id: "good", label: "Good" }] },
  { id: "cart", type: "matrix", columns: [{ id: "good", label: "Good" }] },
  { id: "day", type: "date" },
];
const facts: Facts = {
  trait: { name: "Ann", "first.name": "A.", seats: 1200, vip: true, empty: "", nan: Number.NaN },
  hidden: { order: "A-7", value: 0 },
  trigger: "exit_intent",
  language: "en",
  cart: { value: 1049.9, currency: "EUR", items: 2.5 },
};
const answers: Answers = {
  nps: 9,
  why: "Too slow, {{nps|no}} $& <b>",
  plan: "price",
  likes: ["price", "colour", "gone"],
  order: ["speed", "price", "colour"],
  else: "other",
  "else.other": "{{nps|no}} hats",
  all: ["price", "other"],
  "all.other": "Hats",
  again: false,
  plain: true,
  who: { name: "Ann", phone: "", email: "ann@shop.example" },
  parts: { delivery: "good" },
  cart: { sum: "good" },
  day: "2026-03-09",
};
const scope = (change: Partial<Scope> = {}): Scope => ({ answers, facts, questions, language: "en", ...change });

describe("in English", () => {
  test.each([
    ["a number", "{{nps|none}}", "9"],
    ["a text, which is not piped itself", "{{why|none}}", "Too slow, {{nps|no}} $& <b>"],
    ["a choice by its label", "{{plan|none}}", "The price"],
    ["choices by their labels, but for one that is gone", "{{likes|none}}", "The price and Colour"],
    ["what was written beside a choice, which is not piped itself", "{{else|none}}", "{{nps|no}} hats"],
    ["what was written beside one of several", "{{all|none}}", "The price and Hats"],
    ["a ranking, best first", "{{order|none}}", "Speed, The price, and Colour"],
    ["a thumb by its label", "{{again|none}}", "Never"],
    ["a thumb without one has no words", "{{plain|none}}", "none"],
    ["contact details that were given", "{{who|none}}", "Ann and ann@shop.example"],
    ["a matrix by its columns", "{{parts|none}}", "Good"],
    ["a row of a matrix by its column", "{{parts.delivery|none}}", "Good"],
    ["a row that was not answered", "{{parts.price|none}}", "none"],
    ["a row of a question that is called as a fact", "{{cart.sum|none}} {{cart.items|none}}", "Good 2.5"],
    ["a field of a contact", "Thanks, {{who.name|friend}}!", "Thanks, Ann!"],
    ["a field that was left empty", "{{who.phone|none}}", "none"],
    ["an inherited member of an answer", "{{who.constructor|a}}{{gone.x|b}}", "ab"],
    ["a day", "{{day|none}}", "March 9, 2026"],
    ["a trait", "Hi {{trait.name|there}}!", "Hi Ann!"],
    ["a trait with a dot in its name", "{{trait.first.name|none}}", "A."],
    ["a trait that is a number", "{{trait.seats|none}}", "1,200"],
    ["a trait that is true has no words", "{{trait.vip|none}}", "none"],
    ["a hidden field", "{{hidden.order|none}}", "A-7"],
    ["zero is a value", "{{hidden.value|none}}", "0"],
    ["what is in the cart", "{{cart.value|x}} {{cart.currency|x}} {{cart.items|x}}", "€1,049.90 EUR 2.5"],
    ["spaces around", "{{ trait.name | there }}", "Ann"],
    ["several", "{{nps|-}}/{{nope|-}}/{{nps|-}}", "9/-/9"],

    ["no such trait", "Hi {{trait.nick|there}}", "Hi there"],
    ["a fallback with spaces around", "Hi {{ trait.nick | there }}", "Hi there"],
    ["an empty fallback", "Hi{{trait.nick|}}", "Hi"],
    ["an empty trait", "{{trait.empty|none}}", "none"],
    ["a number that is none", "{{trait.nan|none}}", "none"],
    ["an inherited member", "{{trait.constructor|a}}{{constructor|b}}{{cart.toString|c}}", "abc"],
    ["no such source", "{{trait|a}}{{trigger|b}}{{hidden.|c}}{{|d}}", "abcd"],

    ["what is no pipe stays", "{{nps}} {nps|x} {{a{b|c}} }}{{", "{{nps}} {nps|x} {{a{b|c}} }}{{"],
    ["a text without one", "How likely?", "How likely?"],
  ])("%s", (_, text, reads) => expect(pipe(text, scope())).toBe(reads));
});

test.each([
  ["de", "1.049,90 €, 9. März 2026, Speed, The price und Colour, 1.200"],
  ["pl", "1049,90 €, 9 marca 2026, Speed, The price i Colour, 1200"],
  ["ja", "€1,049.90, 2026年3月9日, Speed、The price、Colour, 1,200"],
])("in %s, as its people write", (language, reads) => {
  const text = pipe("{{cart.value|}}, {{day|}}, {{order|}}, {{trait.seats|}}", scope({ language }));
  expect(text.replaceAll("\u00a0", " ").replace("￥", "€")).toBe(reads);
});

describe("a fallback", () => {
  const read = (text: string, change: Partial<Scope>) => pipe(text, scope(change));
  it("stands where nothing is known", () =>
    expect(read("{{nps|a}}{{trait.name|b}}{{cart.value|c}}", { answers: {}, facts: undefined })).toBe("abc"));
  it("stands for an empty text, list and map", () =>
    expect(read("{{why|a}}{{likes|b}}{{who|c}}", { answers: { why: "", likes: [], who: {} } })).toBe("abc"));
  it("stands for choices that are all gone", () =>
    expect(read("{{likes|a}}", { answers: { likes: ["gone"] } })).toBe("a"));
  it("stands for what is no day", () => expect(read("{{day|soon}}", { answers: { day: "2026-13-40" } })).toBe("soon"));
  it("stands where the language is none", () => expect(read("{{nps|a}}", { language: "no such_language" })).toBe("a"));
  it("is not piped itself", () => expect(read("{{x|{{nps|a}}}}", {})).toBe("{{x|9}}"));
});

test("true and false read as the words given", () => {
  const text = "{{plain|}} {{trait.vip|}} {{again|}}";
  expect(pipe(text, scope({ yes: "Yes", no: "No" }))).toBe("Yes Yes Never");
  expect(pipe(text, scope({ yes: "Yes", no: "No", answers: { plain: false, again: true } }))).toBe("No Yes Surely");
});

test.each([
  [{ value: 5, currency: "EURO", items: 1 }, "5"],
  [{ value: 5, currency: "", items: 1 }, "5"],
  [{ value: 5, currency: "€", items: 1 }, "5"],
  [{ value: 5, items: 1 }, "5"],
  [{ value: 5, currency: "jpy", items: 1 }, "¥5"],
  [{ value: Number.NaN, currency: "EUR", items: 1 }, "nothing"],
])("the value of %j", (cart, reads) => {
  expect(pipe("{{cart.value|nothing}}", scope({ facts: { cart } }))).toBe(reads);
});

test.each(["Pacific/Pago_Pago", "Pacific/Kiritimati"])("a day is the same in %s", (zone) => {
  vi.stubEnv("TZ", zone);
  expect(pipe("{{day|}}", scope())).toBe("March 9, 2026");
  vi.unstubAllEnvs();
});

test("a crafted text costs no more than its length", () => {
  const text = "{{a|".repeat(50_000);
  const from = performance.now();
  expect(pipe(text, scope())).toBe(text);
  expect(performance.now() - from).toBeLessThan(500);
});

test("a choice beside which nothing was written is its label", () => {
  expect(pipe("{{else|none}}", scope({ answers: { else: "other" } }))).toBe("Something else");
  expect(pipe("{{else|none}}", scope({ answers: { else: "price", "else.other": "Hats" } }))).toBe("The price");
});
