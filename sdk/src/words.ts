// The interface's words that count.
import { own } from "./answers.ts";

/** It has a form for each plural category of its language (CLDR), and always "other". */
export type Word = { readonly other: string; readonly [category: string]: string | undefined };

/** A word for so many, with the number, written as in the language, put in for {n}. */
export const plural = (word: Word, n: number, language: string): string =>
  (own(word, new Intl.PluralRules(language).select(n)) ?? word.other).replaceAll("{n}", () =>
    new Intl.NumberFormat(language).format(n),
  );
