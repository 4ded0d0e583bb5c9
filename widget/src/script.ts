import type { Api } from "../../sdk/src/api.ts";
import type { Askwell, Calls } from "../../sdk/src/calls.ts";
import type { Config } from "../../sdk/src/wire.ts";
import { createEngine, type Rules, type Triggers } from "./engine.ts";
import type { Tools } from "./tools.ts";

// The collector puts this script and the triggers and rules that a site uses into one function with
// these parameters: see collector/catalog/script.go.
declare const askwellConfig: Config;
declare const askwellTriggers: Triggers;
declare const askwellRules: Rules;

/** window.askwell(method, …): the calls made before this script came wait in the q of a stub. */
const start = (src: string) => {
  if (window.askwell?.loaded) return; // the script is on the page twice
  const config = askwellConfig;
  const base = src.slice(0, src.lastIndexOf("/") + 1);
  const q = window.askwell?.q;
  let waiting: Calls = Array.isArray(q) ? q.filter(Boolean) : [];
  /** What a page says once, and is still true after consent was taken back and given again. */
  const said: Calls = [];
  let engine: ReturnType<typeof createEngine> | undefined;
  let test = !!config.preview;

  const run = () => {
    const calls = waiting;
    waiting = [];
    for (const args of calls) if (window.askwell === loaded) call(...(args as [keyof Api])); // until one of them destroys
  };
  const call = (method: keyof Api, ...args: unknown[]): unknown => {
    if (method === "consent" && args[0]) {
      engine ??= createEngine(config, askwellTriggers, askwellRules, base, test);
      run();
    } else if (method === "consent" || method === "destroy") {
      engine?.destroy();
      engine = undefined;
      if (method === "destroy") delete window.askwell;
      else forget(config, base);
      waiting = [...said];
    } else {
      if (method === "on" || method === "identify") said.push([method, ...args]);
      if (!engine && method !== "explain") waiting.push([method, ...args]);
      else if (!engine) return unasked(config, args[0] as (all: unknown) => void);
      // A misspelt method must not stop the page's own script.
      else if (Object.hasOwn(engine, method)) return (engine[method] as (...args: unknown[]) => unknown)(...args);
    }
  };
  const loaded: Askwell = Object.assign(call, { loaded: true as const });
  const go = (asTest: boolean) => {
    test ||= asTest;
    if (config.consent) run();
    else call("consent", true);
  };
  window.askwell = loaded;
  let tools = /[?&]askwell(_preview)?=/.test(location.search);
  try {
    tools ||= !!sessionStorage.askwell;
  } catch {
    // No storage.
  }
  if (tools)
    import(`${base}a/tools.js`).then(
      (tools: Tools) => tools.start(config, src, loaded, waiting, go),
      () => go(false),
    );
  else go(false);
};

/** Before consent. */
function unasked({ surveys, consent }: Config, heard?: (all: unknown) => void): unknown {
  const gates = [{ gate: "consent", rule: consent, value: false, pass: false }];
  const all = surveys.map(({ id, version }) => ({ survey: id, version, passes: false, gates, triggers: [] }));
  heard?.(all);
  return all;
}

/** Wipes all that is stored of a visitor: consent was taken back. */
function forget({ site, cookie }: Config, base: string): void {
  try {
    for (const storage of [localStorage, sessionStorage])
      for (const key of Object.keys(storage)) if (key.startsWith(`askwell:${site}:`)) storage.removeItem(key);
  } catch {
    // Nothing can be stored, so nothing was.
  }
  if (cookie)
    fetch(`${base}${site}/keep`, {
      method: "POST",
      body: '{"value":""}',
      credentials: "include",
      keepalive: true,
    }).catch(() => {});
}

start((document.currentScript as HTMLScriptElement).src);
