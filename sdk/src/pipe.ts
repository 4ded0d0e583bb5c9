// Texts that say what the visitor said: {{source|fallback}}. What comes out is plain text, for text nodes.
import { type Answers, answerAt, own } from "./answers.ts";
import type { Facts, Values } from "./condition.ts";

type Item = { readonly id: string; readonly label: string; readonly other?: boolean | undefined };

/** What the labels of answers are read from. */
export type Labelled = {
  readonly id: string;
  readonly type?: string | undefined;
  readonly choices?: readonly Item[] | undefined;
  readonly columns?: readonly Item[] | undefined;
  readonly up?: string | undefined;
  readonly down?: string | undefined;
};

export type Scope = {
  /** Those that count: what was dropped is not said again. */
  readonly answers: Answers;
  readonly facts?: Facts | undefined;
  readonly questions: readonly Labelled[];
  /** The survey's. */
  readonly language: string;
  /** How true and false read; without them they have no words, as what is missing. */
  readonly yes?: string | undefined;
  readonly no?: string | undefined;
};

/** Replaces each {{source|fallback}}: the fallback stands for what is missing or empty, or cannot be written. */
export const pipe = (text: string, scope: Scope): string =>
  text.replace(/\{\{([^{}|]*)\|([^{}]*)\}\}/g, (_, source: string, fallback: string) => {
    try {
      return read(source.trim(), scope) || fallback.trim();
    } catch {
      return fallback.trim(); // no such day, or a language that Intl does not know: nothing to lose a survey for
    }
  });

/** All texts of a question, or an ending, each with what is put into it; ids and URLs have no braces. */
export function pipeAll<T>(texts: T, scope: Scope): T {
  const each = <Part>(value: Part): Part =>
    (typeof value === "string"
      ? pipe(value, scope)
      : Array.isArray(value)
        ? value.map(each)
        : value && typeof value === "object"
          ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, each(one)]))
          : value) as Part;
  return each(texts);
}

function read(source: string, scope: Scope): string | undefined {
  const { answers, facts, questions, language, yes, no } = scope;
  const [kind = "", ...name] = source.split("."); // no question has a dot in its id
  const fact = name.length ? own(own(facts as Record<string, Values>, kind), name.join(".")) : undefined;
  const value = fact ?? answerAt(answers, source); // "cart" is a fair name for a question
  const at = fact === undefined ? questions.findIndex(({ id }) => id === kind) : -1;
  const { type, choices, columns, up = yes, down = no }: Partial<Labelled> = questions[at] ?? {};
  const labels = choices ?? columns;
  const label = (text: string) => {
    const item = labels?.find(({ id }) => id === text);
    // What was written beside a choice says more than its label. A label may have sources of its own: of what was
    // asked before it, or it could name itself.
    return labels
      ? (item?.other && (own(answers, `${source}.other`) as string | undefined)) ||
          pipe(item?.label ?? "", { ...scope, questions: questions.slice(0, at) })
      : text;
  };

  if (value === undefined) return undefined;
  if (typeof value === "boolean") return value ? up : down;
  if (typeof value === "number") {
    // Pages pass all kinds of things as a currency; one that is no code leaves the number.
    const currency = (source === "cart.value" && facts?.cart?.currency) || "";
    const options: Intl.NumberFormatOptions = /^[a-z]{3}$/i.test(currency) ? { style: "currency", currency } : {};
    return Number.isFinite(value) ? new Intl.NumberFormat(language, options).format(value) : "";
  }
  if (typeof value === "object") {
    const texts = Object.entries(value).map(([, part]: [string, string]) => label(part));
    return new Intl.ListFormat(language).format(texts.filter((text): text is string => !!text));
  }
  // The day is the same everywhere: at midnight of UTC, and read there.
  return type === "date"
    ? new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(value))
    : label(value);
}
