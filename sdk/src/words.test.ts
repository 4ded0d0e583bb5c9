import { expect, test } from "vitest";
import { plural, type Word } from "./words.ts";

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
  [{ other: "{n} of {n}" }, 2, "en", "2 of 2"],
])("%j for %d in %s", (word, n, language, reads) => {
  expect(plural(word, n, language)).toBe(reads);
});
