import type { Api } from "../../sdk/src/api.ts";
import type { Askwell, Calls } from "../../sdk/src/calls.ts";
import type { Config } from "../../sdk/src/wire.ts";
import { createEngine, type Triggers } from "./engine.ts";

// The collector puts this script and the triggers that a site uses into one function with these
// two parameters: see collector/catalog/script.go.
declare const askwellConfig: Config;
declare const askwellTriggers: Triggers;

/** window.askwell(method, …): the calls made before this script came wait in the q of a stub. */
const start = (src: string) => {
  if (window.askwell?.loaded) return; // the script is on the page twice
  const q = window.askwell?.q;
  const waiting: Calls = Array.isArray(q) ? q.filter(Boolean) : [];
  const engine = createEngine(askwellConfig, askwellTriggers, src.slice(0, src.lastIndexOf("/") + 1));
  const call = (method: keyof Api, ...args: unknown[]) => {
    // A misspelt method must not stop the page's own script.
    if (Object.hasOwn(engine, method)) (engine[method] as (...args: unknown[]) => void)(...args);
    if (method === "destroy") delete window.askwell;
  };
  const loaded: Askwell = Object.assign(call, { loaded: true as const });
  window.askwell = loaded;
  for (const args of waiting) if (window.askwell === loaded) call(...(args as [keyof Api])); // until one of them destroys
};

start((document.currentScript as HTMLScriptElement).src);
