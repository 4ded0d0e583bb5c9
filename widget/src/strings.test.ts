import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Words = Record<string, string | Record<string, string>>;

const folder = new URL("strings/", import.meta.url);
const languages = new Map<string, Words>();
for (const file of readdirSync(folder)) {
  languages.set(file.replace(/\.json$/, ""), JSON.parse(readFileSync(new URL(file, folder), "utf8")));
}
const english = languages.get("en")!;
const others = [...languages].filter(([tag]) => tag !== "en");

/** The texts of one word: one, or one a plural category. */
const texts = (word: Words[string]) => (typeof word === "string" ? [word] : Object.values(word));

const placeholders = (text: string) => [...text.matchAll(/\{\w*\}?|\}/g)].map(String).sort();

/** The text without what is the same in every language. */
const own = (text: string) => text.replace(/\{\w+\}|\w+@example\.com/g, "");

/** The plural categories that one number alone has: its words may name that number, as in "بقي حرفان". */
function namesItsNumber(tag: string, category: string): boolean {
  const rules = new Intl.PluralRules(tag);
  return Array.from({ length: 200 }, (_, n) => n).filter((n) => rules.select(n) === category).length === 1;
}

/** The scripts of a language's letters, by their names in Unicode. */
function letters(tag: string): RegExp {
  const script = new Intl.Locale(tag).maximize().script!;
  const parts = { Jpan: ["Hira", "Kana", "Hani"], Kore: ["Hang"], Hans: ["Hani"], Hant: ["Hani"] }[script] ?? [script];
  return new RegExp(parts.map((part) => `\\p{Script=${part}}`).join("|"), "u");
}

test("the languages that have to be there are", () => {
  const wanted = "en ar he fa zh-Hans zh-Hant ja ko hi pl de fr es pt-BR ru tr uk vi th id".split(" ");
  expect([...languages.keys()]).toEqual(expect.arrayContaining(wanted));
  expect(others.length).toBeGreaterThan(30);
});

test.each([...languages])("%s has every word, in the forms that the language counts by", (tag, words) => {
  // The collector finds a file by its name alone.
  expect(Intl.getCanonicalLocales(tag)).toEqual([tag]);
  expect(Object.keys(words)).toEqual(Object.keys(english));
  const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
  for (const [key, word] of Object.entries(words)) {
    expect(typeof word, key).toBe(typeof english[key]);
    if (typeof word === "object") expect(Object.keys(word).sort(), key).toEqual([...categories].sort());
  }
});

test.each([...languages])("%s puts in what English does", (tag, words) => {
  for (const [key, word] of Object.entries(words)) {
    const wanted = placeholders(texts(english[key]!)[0]!);
    if (typeof word === "string") expect(placeholders(word), key).toEqual(wanted);
    else
      for (const [category, text] of Object.entries(word)) {
        const got = placeholders(text);
        if (got.length || !namesItsNumber(tag, category)) expect(got, `${key}.${category}`).toEqual(wanted);
      }
  }
});

test.each([...languages])("%s has nothing empty, untrimmed or too long for a button", (_, words) => {
  for (const [key, word] of Object.entries(words))
    for (const text of texts(word)) {
      expect(text, key).toMatch(/^\S(.*\S)?$/s);
      expect(text, key).toBe(text.normalize());
      expect(text, `${key}: two spaces, or a straight quote`).not.toMatch(/\s\s|["']/);
    }
  for (const key of ["next", "send", "skip", "back", "close"]) {
    expect(words[key]!.length, `${words[key]}`).toBeLessThanOrEqual(16);
  }
  expect(words.invalid_email).toMatch(/\w@example\.com/);
});

test.each(others)("%s has no English left", (tag, words) => {
  const script = letters(tag);
  const shared: string[] = [];
  for (const [key, word] of Object.entries(words))
    for (const text of texts(word)) {
      // "3/5" has no letters of any script.
      if (/\p{Letter}/u.test(own(text))) expect(own(text), key).toMatch(script);
      if (texts(english[key]!).includes(text)) shared.push(text);
    }
  if (script.source !== "\\p{Script=Latn}") expect(shared).toEqual([]);
  // "Feedback", "Name", "No": words that a language may share with English. No sentence is.
  else {
    expect(shared.length, shared.join(", ")).toBeLessThanOrEqual(4);
    for (const text of shared) expect(text).toMatch(/^\w+$/);
  }
});
