// What a site's owner tries surveys out with. Loaded on demand: no visitor pays for it.
import type { Askwell, Calls } from "../../sdk/src/calls.ts";
import type { Config } from "../../sdk/src/wire.ts";
import { drawExplanation } from "./tools/explain.ts";

export type Tools = { start: typeof start };

/**
 * "?askwell=test", "?askwell=explain", or both with a comma, hold for as long as the tab lives;
 * "?askwell=off" ends them. "?askwell_preview=…" puts the script of a draft in the place of this one.
 */
export function start(
  { preview }: Config,
  src: string,
  askwell: Askwell,
  /** The calls that wait for the script. */
  waiting: Calls,
  go: (test: boolean) => void,
): void {
  const query = new URLSearchParams(location.search);
  let mode = query.get("askwell") ?? undefined;
  try {
    if (mode === "off") sessionStorage.removeItem("askwell");
    else if (mode) sessionStorage.askwell = mode;
    else mode = sessionStorage.askwell;
  } catch {
    // No storage: for this page view.
  }
  const token = query.get("askwell_preview");
  if (token && !preview) {
    const stub: Askwell = (...call: unknown[]) => void waiting.push(call);
    stub.q = waiting;
    window.askwell = stub;
    const script = document.createElement("script");
    script.src = `${src}?preview=${encodeURIComponent(token)}`;
    document.head.append(script);
    return;
  }
  go(/\btest\b/.test(mode ?? ""));
  if (/\bexplain\b/.test(mode ?? "") || preview) drawExplanation(askwell);
}
