import type { TextRule } from "../../../sdk/src/wire.ts";
import { matchesGlobs } from "./glob.ts";

/** Whether a text matches any of some rules. */
export const matchesText = (rules: TextRule[], text: string): boolean =>
  rules.some(({ equals, contains, glob, regex }) =>
    glob
      ? matchesGlobs([glob], text)
      : contains
        ? text.toLowerCase().includes(contains.toLowerCase())
        : regex
          ? new RegExp(regex).test(text.slice(0, 2_000))
          : equals === text,
  );
