/**
 * Askwell's widget as a part of a site's own script, for pages that load none from the collector.
 *
 * ```ts
 * import { createAskwell } from "@askwell/sdk";
 * import { start } from "@askwell/widget";
 * const askwell = createAskwell({ host: "https://feedback.example", site: "shop", load: start });
 * ```
 *
 * @module \@askwell/widget
 */
import type { Tag } from "../../sdk/src/calls.ts";
import type { Config } from "../../sdk/src/wire.ts";
import type { Helpers, Rules, Triggers } from "./engine.ts";

/** The engine, with all triggers and rules. scripts/build puts it in front of this, as the collector joins them. */
declare const askwellRun: (config: Config, triggers: Triggers, rules: Rules, helpers: Helpers) => void;

/**
 * What createAskwell() takes as `load`: runs the site's surveys with the configuration that the collector has now. What
 * shows a survey is loaded from there too, when it shows. Rejects where the configuration does not come.
 */
export async function start(
  /** Of the site's script, which this stands for. */
  src: string,
  /** Its element, which is not on the page, with its options. */
  {
    dataset,
    adapter,
  }: { dataset: { language?: string; storage?: string; debug?: string }; adapter?: object | undefined },
): Promise<void> {
  const stub = window.askwell;
  const url = src.replace(/js$/, "json");
  const reply = await fetch(url, { credentials: "omit" });
  if (!reply.ok) throw new Error(`${url}: ${reply.status}`);
  const config: Config = await reply.json();
  if (!stub || stub.loaded || window.askwell !== stub) return; // destroyed meanwhile, or on the page twice
  stub.tag = { src, dataset, adapter } as Tag; // here the engine looks for its element
  askwellRun(config, {}, {}, {});
}
