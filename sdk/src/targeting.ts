import type { Targeting } from "./wire.ts";

/** Whether a text matches a glob, where * stands for any run of characters. */
export function matchesGlob(glob: string, text: string): boolean {
  const source = glob.replace(/[^\w\s*]/g, "\\$&").replace(/\*/g, "[^]*");
  return new RegExp(`^${source}$`, "i").test(text);
}

/** Whether a page at this URL is one that a survey may show on. */
export function matchesTargeting(targeting: Targeting | undefined, url: string): boolean {
  const rules = targeting?.url;
  return !rules || rules.some((rule) => matchesGlob(rule.glob, url));
}
