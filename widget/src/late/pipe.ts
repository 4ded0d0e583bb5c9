import { pipe as put } from "../../../sdk/src/pipe.ts";
import type { Parts } from "../face.ts";

/** Every text of a question or an ending, with what was answered and what is known put in; ids and URLs have no braces. */
export const pipe: NonNullable<Parts["pipe"]> = (texts, { questions }, answers, facts, { language, strings }) => {
  const scope = { answers, facts, questions: questions as never, language, yes: strings.yes, no: strings.no };
  const each = <T>(value: T): T =>
    (typeof value === "string"
      ? put(value, scope)
      : Array.isArray(value)
        ? value.map(each)
        : value && typeof value === "object"
          ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, each(one)]))
          : value) as T;
  return each(texts);
};
