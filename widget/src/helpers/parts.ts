import type { Answer } from "../definition.ts";

/** The answer of a question that asks several things: what stands in its controls "a.x", by x. */
export function parts(form: HTMLFormElement): Answer | undefined {
  const given = [...new FormData(form)]
    .map(([name, value]) => [name, `${value as string}`.trim()] as const)
    .filter(([name, value]) => name.startsWith("a.") && value)
    .map(([name, value]) => [name.slice(2), value]);
  return given[0] && Object.fromEntries(given);
}
