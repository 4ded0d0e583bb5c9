import type { Api } from "../../sdk/src/api.ts";
import type { Askwell, Calls } from "../../sdk/src/calls.ts";
import type { Config } from "../../sdk/src/wire.ts";
import { createEngine, type Engine, type Helpers, type Rules, type Triggers } from "./engine.ts";
import type { Tools } from "./tools.ts";

// The collector puts this script and the triggers and rules that a site uses into one function with
// these parameters: see collector/catalog/script.go.
declare const askwellConfig: Config;
declare const askwellTriggers: Triggers;
declare const askwellRules: Rules;
declare const askwellHelpers: Helpers;

/** window.askwell(method, …): the calls made before this script came wait in the q of a stub. */
const start = (src: string) => {
  if (window.askwell?.loaded) return; // the script is on the page twice
  const config = askwellConfig;
  const base = src.slice(0, src.lastIndexOf("/") + 1);
  const q = window.askwell?.q;
  let waiting: Calls = Array.isArray(q) ? q.filter(Boolean) : [];
  /** What a page says once, and is still true after consent was taken back and given again. */
  let said: Calls = [];
  let engine: Engine | undefined;
  let test = !!config.preview;
  /** How it is tried out is known: nothing begins before. */
  let known = false;

  const tools = (): Promise<Tools> => import(`${base}a/tools.js`);
  const run = () => {
    const calls = waiting;
    waiting = [];
    for (const args of calls) if (window.askwell === loaded) call(...(args as [keyof Api])); // until one of them destroys
  };
  const call = (method: keyof Api, ...args: unknown[]): unknown => {
    if (!known && method !== "explain") waiting.push([method, ...args]);
    else if (method === "consent" && args[0]) {
      if (!engine) {
        said = []; // all of it waits, and is said anew
        engine = createEngine(config, askwellTriggers, askwellRules, askwellHelpers, base, test);
      }
      run();
    } else if (method === "consent" || method === "destroy") {
      if (method === "destroy") {
        delete window.askwell;
        known = false; // who kept the function begins nothing anew
      } else forget(config, base); // before the queue stops, which sends what is stored
      engine?.api.destroy();
      engine = undefined;
      waiting = [...said];
    } else if (method === "explain") return tools().then((tools) => tools.explain(config, engine, ...args));
    else {
      if (method === "on" || method === "identify") said.push([method, ...args]);
      if (!engine) waiting.push([method, ...args]);
      // A misspelt method must not stop the page's own script.
      else if (Object.hasOwn(engine.api, method)) (engine.api[method] as (...args: unknown[]) => void)(...args);
    }
  };
  const loaded: Askwell = Object.assign(call, { loaded: true as const });
  const go = (asTest: boolean) => {
    known = true;
    test ||= asTest;
    if (config.consent) run();
    else call("consent", true);
  };
  window.askwell = loaded;
  let wanted = /[?&]askwell(_preview)?=/.test(location.search);
  try {
    wanted ||= !!sessionStorage.askwell;
  } catch {
    // No storage.
  }
  if (wanted)
    tools().then(
      (tools) => tools.start(config, src, loaded, waiting, go),
      () => {}, // better no survey than answers of a test among the visitors'
    );
  else go(false);
};

/** Wipes all that is stored of a visitor: consent was taken back. */
function forget({ site, cookie }: Config, base: string): void {
  try {
    for (const storage of [localStorage, sessionStorage])
      for (const key of Object.keys(storage)) if (key.startsWith(`askwell:${site}:`)) storage.removeItem(key);
  } catch {
    // Nothing can be stored, so nothing was.
  }
  askwellHelpers.cookie?.forget(cookie!, base + site);
}

// As a module, which a preview's is, a script does not know where it came from: tools.ts says it.
start(((document.currentScript ?? window.askwell) as HTMLScriptElement).src);
