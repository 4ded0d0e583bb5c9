import { expect, test } from "vitest";
import { fill, plural, type Word } from "./words.ts";

test.each<[word: string, values: Record<string, string | number>, language: string, reads: string]>([
  ["Question {n} of {total}", { n: 2, total: 5 }, "en", "Question 2 of 5"],
  ["{n} von {total}", { n: 1, total: 1200 }, "de", "1 von 1.200"],
  ["Move {label} up", { label: "Price" }, "en", "Move Price up"],
  ["Move {label} up", { label: "$& {n} $1" }, "en", "Move $& {n} $1 up"], // a label is no pattern, and is not filled itself
  ["{n} and {n}", { n: "a" }, "en", "a and a"],
  ["{other} {constructor}", { n: 1 }, "en", "{other} {constructor}"], // what has no value stays as it is
])("%s with %j in %s", (word, values, language, reads) => {
  expect(fill(word, values, language)).toBe(reads);
});

const left = { one: "{n} character left", other: "{n} characters left" };
const znak: Word = { one: "{n} znak", few: "{n} znaki", many: "{n} znaków", other: "{n} znaku" };

test.each<[word: Word, n: number, language: string, reads: string]>([
  [left, 1, "en", "1 character left"],
  [left, 0, "en", "0 characters left"],
  [left, 2000, "en", "2,000 characters left"],
  [znak, 1, "pl", "1 znak"],
  [znak, 3, "pl", "3 znaki"],
  [znak, 5, "pl", "5 znaków"],
  [znak, 1.5, "pl", "1,5 znaku"],
  [{ other: "还可输入 {n} 个字符" }, 1, "zh", "还可输入 1 个字符"],
  [{ other: "only {n}" }, 1, "en", "only 1"], // a form that is not written
  ["at least {n}", 3, "en", "at least 3"],
])("%j for %d in %s", (word, n, language, reads) => {
  expect(plural(word, n, language)).toBe(reads);
});
