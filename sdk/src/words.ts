// The interface's words, with what is put into them.
import { own } from "./logic.ts";

/** A word that counts has a form for each plural category of its language (CLDR), and always "other". */
export type Word = string | { readonly other: string; readonly [category: string]: string | undefined };

/** Puts values in for their names in braces: {n}, {label}. Numbers are written as in the language. */
export const fill = (word: string, values: { readonly [name: string]: string | number }, language: string): string =>
  word.replace(/\{(\w+)\}/g, (all, name: string) => {
    const value = own(values, name) ?? all;
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
  });

/** A word for so many, with the number put in for {n}. */
export const plural = (word: Word, n: number, language: string): string =>
  fill(
    typeof word === "string" ? word : (own(word, new Intl.PluralRules(language).select(n)) ?? word.other),
    { n },
    language,
  );
