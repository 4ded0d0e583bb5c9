// What a site's owner tries surveys out with. Loaded on demand: no visitor pays for it.
import type { Askwell, Calls, Tag } from "../../sdk/src/calls.ts";
import type { Explanation, Gate } from "../../sdk/src/explanation.ts";
import type { Config } from "../../sdk/src/wire.ts";
import type { Engine } from "./engine.ts";
import { logAll, logError } from "./tools/log.ts";
import { readModes, writeModes } from "./tools/modes.ts";
import { drawTools } from "./tools/panel.ts";

export type Tools = { start: typeof start; explain: typeof explain };

/** Why each live survey shows here or does not. */
export function explain(config: Config, engine: Engine | undefined, heard?: unknown): Explanation[] {
  const consent = { gate: "consent", rule: config.consent, value: false, pass: false };
  const all: Explanation[] = config.surveys.map((survey) => {
    const { id, version, triggers = [] } = survey;
    const gates: Gate[] = engine?.gates(survey, true) ?? [consent];
    // It keeps nothing away, but where the collector cannot set its cookie, Safari forgets after seven days.
    const kept = engine?.memory.read().cookie ?? "kept";
    if (engine && config.cookie) gates.push({ gate: "visitor_cookie", rule: true, value: kept, pass: true });
    return {
      survey: id,
      version,
      passes: gates.every(({ pass }) => pass),
      gates,
      triggers: engine?.states(survey) ?? triggers.map((trigger) => ({ trigger, state: "off" })),
    };
  });
  const quota = { gate: "quota", rule: "full", value: "full", pass: false };
  for (const survey of config.full ?? []) all.push({ survey, version: 0, passes: false, gates: [quota], triggers: [] });
  if (typeof heard === "function") heard(all);
  return all;
}

/**
 * Tries the page in the modes that the address or the tab asks for (see tools/modes.ts). A preview link
 * puts the script with the draft in the place of this one; where it is not good, this one goes on.
 */
export function start(
  config: Config,
  tag: Omit<Tag, "dataset"> & Tag["dataset"],
  askwell: Askwell,
  /** The calls that wait for the script. */
  waiting: Calls,
  go: (test: boolean) => void,
): void {
  if (window.askwell !== askwell) return; // destroyed while this was loading
  const modes = readModes();
  const run = (note?: string) => {
    const dry = config.surveys.filter((survey) => survey.dry_run).map(({ id }) => id);
    const tried = modes.test || !!config.preview;
    // Who tries a survey out wants to see it, and is no visitor that dry_run should count.
    if (tried) for (const survey of config.surveys) delete survey.dry_run;
    // A preview remembers apart from what the visitor was really asked: see engine.ts.
    if (config.preview) delete config.cookie;
    // Before all that the page has said: a survey that it misspelt is told too.
    if ("debug" in tag) waiting.unshift(["on", "error", logError]);
    go(modes.test);
    if ("debug" in tag) logAll(config, tag.src, askwell);
    if (tried || modes.explain || note) drawTools({ config, askwell, src: tag.src, modes, dry, note });
  };
  const { preview } = modes;
  if (!preview || config.preview) {
    run();
    return;
  }

  const url = new URL(tag.src);
  url.searchParams.set("preview", preview);
  // A module has no currentScript: the script finds its element here.
  const stub = Object.assign((...call: unknown[]) => void waiting.push(call), {
    q: waiting,
    tag: { ...tag, dataset: tag },
  }) as never as Askwell;
  window.askwell = stub;
  // import() works under every content security policy that let this script in; a new script element does not.
  import(url.href).catch(async () => {
    let note = "the preview cannot be loaded now";
    try {
      const reply = await fetch(url, { credentials: "omit" });
      if (!reply.ok) note = ((await reply.json()) as { detail: string }).detail;
      if (reply.status >= 400 && reply.status < 500) {
        modes.preview = undefined;
        writeModes(modes);
      }
    } catch {
      // Offline, or a policy of the page: the next page tries again.
    }
    if (window.askwell !== stub) return;
    window.askwell = askwell;
    run(note);
  });
}
