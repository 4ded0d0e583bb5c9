import type { Askwell, Calls } from "../../sdk/src/calls.ts";
import { createStorage, wipe } from "../../sdk/src/storage.ts";
import type { Config } from "../../sdk/src/wire.ts";
import { createEngine, type Engine, type Helpers, type Rules, type Triggers } from "./engine.ts";
import { attempt, fail, listeners } from "./report.ts";
import { base, tag } from "./tag.ts";
import type { Tools } from "./tools.ts";

// The collector puts this script and the triggers and rules that a site uses into one function with
// these parameters: see collector/catalog/script.go.
declare const askwellConfig: Config;
declare const askwellTriggers: Triggers;
declare const askwellRules: Rules;
declare const askwellHelpers: Helpers;

type Methods = Record<string, (...args: never[]) => unknown>;

/** Who the visitor is stays so, whether or not they agree. */
const lasting = /identify|reset/;

/** window.askwell(method, …): the calls made before this script came wait in the q of a stub. */
const start = () => {
  if (window.askwell?.loaded) return; // the script is on the page twice
  const config = askwellConfig;
  const q = window.askwell?.q;
  let waiting: Calls = Array.isArray(q) ? q.filter(Boolean) : [];
  /** What a visitor does who refused is not kept for later, as it is while they have not decided. */
  let refused = false;
  let engine: Engine | undefined;
  let test = !!config.preview;
  const tools = (): Promise<Tools> => import(`${base}a/tools.js`);
  const run = () => {
    const calls = waiting;
    waiting = [];
    for (const args of calls) if (window.askwell === loaded) loaded(...(args as ["reset"])); // until one of them destroys
  };
  const end = () => {
    engine?.api.destroy();
    engine = undefined;
    api = own;
  };
  /** What is done whether or not there is an engine. */
  const own: Methods = {
    consent(given: boolean) {
      refused = !given;
      if (given) {
        engine ??= createEngine(config, askwellTriggers, askwellRules, askwellHelpers, test);
        api = { ...(engine.api as Methods), ...own };
        run();
      } else {
        // Wipes all that is stored of the visitor: before the queue stops, which sends what is stored.
        for (const storage of [createStorage(), createStorage("session"), tag.adapter])
          if (storage) wipe(storage, config.site);
        askwellHelpers.cookie?.forget(config.cookie, base + config.site);
        end();
        waiting = waiting.filter(([method]) => lasting.test(method as string));
      }
    },
    destroy() {
      delete window.askwell;
      listeners.clear();
      end();
      api = {}; // who kept the function begins nothing anew
    },
    on(...one: unknown[]) {
      listeners.add(one);
      return () => listeners.delete(one);
    },
    explain: (heard?: never) =>
      tools()
        .then((tools) => tools.explain(config, engine, heard))
        .catch(fail),
  };
  /** Until it is known how it is tried out, nothing begins. */
  let api: Methods = { explain: own.explain! };
  /** What fails, or is misspelt, must not stop the page's own script. */
  const loaded = Object.assign(
    (method: string, ...args: never[]) =>
      attempt(() => {
        if (Object.hasOwn(api, method)) return api[method]!(...args);
        if (!engine && (!refused || lasting.test(method))) waiting.push([method, ...args]);
      }),
    { loaded: true },
  ) as never as Askwell;
  const go = (asTest: boolean) => {
    test ||= asTest;
    api = own;
    // A visitor whom the page knows to have refused is not even begun with.
    if (config.consent || waiting.some(([method, given]) => method === "consent" && !given)) run();
    else loaded("consent", true);
  };
  window.askwell = loaded;
  let wanted = "debug" in tag || /[?&]askwell(_preview)?=/.test(location.search);
  try {
    wanted ||= !!sessionStorage.askwell;
  } catch {
    // No storage.
  }
  if (wanted)
    tools()
      .then((tools) => tools.start(config, tag, loaded, waiting, go))
      .catch(fail); // better no survey than answers of a test among the visitors'
  else go(false);
};

start();
