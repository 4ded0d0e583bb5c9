import type { Api, EventName } from "../../sdk/src/api.ts";
import type { createQueue } from "../../sdk/src/queue.ts";
import { createStorage } from "../../sdk/src/storage.ts";
import type { Cart, Config, PageSurvey, Response } from "../../sdk/src/wire.ts";
import { type Arming, createArming, type Triggers } from "./arming.ts";
import { createContext, type Undo } from "./context.ts";
import { load, loadFace, type Panel } from "./faces.ts";
import { createGates, type Gates, modalOpen, passAll, type Rules, type View } from "./gates.ts";
import type { cookie } from "./helpers/cookie.ts";
import type { more } from "./helpers/more.ts";
import type { when } from "./helpers/when.ts";
import { createMemory, type Memory } from "./memory.ts";
import type { Host } from "./present.ts";
import { watchViews } from "./views.ts";
import { isPrivate } from "./visitor.ts";

export type { Rules, Triggers };

/** How long a half-answered survey waits for the next page. */
const resumeWithin = 1_800_000;

/** What only some sites need of the engine itself: the collector joins it where it is used. */
export type Helpers = { cookie?: typeof cookie; when?: typeof when; more?: typeof more };

export type Engine = {
  api: Omit<Api, "consent" | "explain">;
  /** For the explanation. */
  gates: Gates;
  memory: Memory;
  states: Arming["states"];
};

/**
 * Runs a site's surveys on this page: arms their triggers on each page view, decides whether a survey
 * may show, and has its late part show it. base is the URL of the collector's "/w/".
 */
export function createEngine(
  config: Config,
  triggers: Triggers,
  rules: Rules,
  helpers: Helpers,
  base: string,
  /** Someone tries it out: what is answered is kept apart, and nothing keeps a survey from showing again and again. */
  test: boolean,
): Engine {
  const { site, surveys } = config;
  // A preview remembers apart: what it shows must not rest what the visitor is really asked.
  const name = `askwell:${site}${config.preview ? ":preview" : ""}`;
  const storage = createStorage();
  const memory = isPrivate(config)
    ? createMemory(createStorage(true), "") // nothing is kept of who said so, but for this page
    : createMemory(storage, `${name}:visitor`, helpers.cookie?.read(config.cookie!));
  const listeners: { event: EventName; listener: (survey: string) => void }[] = [];
  /** What lives as long as the page. */
  const alive: Undo = new Set();
  const trackers: Parameters<typeof createContext>[0]["trackers"] = new Set();
  /** Moments that have come, of which one survey is chosen. */
  let moments: { survey: PageSurvey; trigger: Response["trigger"] }[] = [];
  const view: View = { shown: 0, refused: {}, traits: {} };
  let user: Parameters<Api["identify"]> | [] = [];
  let panel: Panel | undefined;
  /** Asked for by show() while another was open. */
  let next: PageSurvey | undefined;
  let gone = false;

  const emit = (event: EventName, survey: string) => {
    // Apart from our own stack: what a listener throws is the page's, and stops nothing here.
    for (const l of listeners) if (l.event === event) queueMicrotask(() => l.listener(survey));
  };

  const views = watchViews(config, memory, name, alive, () => begin());
  const gates = createGates(config, rules, memory, test, view);
  const passes = (survey: PageSurvey) => passAll(gates(survey, true));
  const shared = { memory, trackers, views, base };
  const page = createContext(shared, alive);

  const host: Host = {
    config,
    base,
    name,
    storage,
    memory,
    emit,
    user: () => user,
    cart: () => page.cart.get(720), // as old as a trigger's max_age_hours may be
    passes,
    refuse(survey, ...why) {
      view.refused[survey] = why;
    },
    gone: () => gone,
    born() {
      view.shown++;
    },
    closed() {
      panel = view.open = undefined;
      if (next) show(next);
    },
    test: test || undefined,
    hidden: {},
  };

  const arming = createArming(triggers, helpers, shared, {
    may: (survey, asked) => passAll(gates(survey, false, asked)),
    prepare: (survey) => void loadFace(base, survey).catch(() => {}), // a failure is tried again when it fires
    fire(survey, trigger, asked) {
      if (asked) {
        if (view.open === survey.id) panel?.close(true);
        else show(survey, trigger);
      } else {
        // Those that come together are weighed against each other.
        if (moments.push({ survey, trigger }) === 1) page.after(0, choose);
      }
    },
  });

  /** The first of the surveys whose moment has come and that may show: they are in the order of their priority. */
  const choose = () => {
    if (!moments.length || document.hidden || !innerWidth) return; // when the page is in view again; in a frame without a place never
    // Once no dialog or film is in front of the page: not every way in which one goes has an event.
    if (modalOpen()) return void page.after(500, choose);
    const come = moments;
    moments = [];
    if (view.open) return; // it may be the same survey, which has not shown yet
    for (const survey of surveys) {
      const moment = come.find((m) => m.survey === survey);
      if (moment && passes(survey)) return void open(survey, moment.trigger);
    }
  };

  /** Shows a survey, once its late part is there. */
  const open = async (survey: PageSurvey, trigger: Response["trigger"], asked?: boolean, going?: Response) => {
    view.open = survey.id;
    try {
      const late = await loadFace(base, survey);
      if (!gone) panel = await late.present(host, late, survey, trigger, asked, going);
    } catch {
      // Another moment, or another page, may do better.
      emit("error", survey.id);
    }
    if (!panel) host.closed();
  };

  const show = (survey: PageSurvey, trigger: Response["trigger"] = { type: "api" }) => {
    if (!view.open) {
      next = undefined;
      void open(survey, trigger, true);
    } else if (view.open !== survey.id) next = survey; // a button clicked twice asks once
  };

  /** A page view begins. */
  const begin = () => {
    view.shown = 0;
    view.refused = {};
    arming.end();
    moments = [];
    page.track(""); // may be the one after a purchase
    arming.arm(surveys);
  };

  page.listen(document, "visibilitychange", choose);
  arming.start(surveys, page);
  alive.add(arming.end);
  begin();

  helpers.more?.(
    page,
    () => load(`${base}a/${config.more}.js`, config.more),
    triggers,
    helpers,
    () => {
      if (gone) return;
      arming.start(surveys, page);
      arming.arm(surveys);
    },
  );

  // What an earlier page left half answered, or could not send.
  const { left, ...going } = memory.read().open ?? ({ left: 0 } as Response & { left: number });
  const survey =
    Date.now() - left < resumeWithin && surveys.find((s) => s.id === going.survey && s.version === going.version);
  if (survey) void open(survey, undefined, true, going);
  else if (storage.keys().some((key) => key.startsWith(`${name}:response:`))) {
    load<{ createQueue: typeof createQueue }>(`${base}a/queue.js`).then(
      ({ createQueue }) => gone || (host.queue ??= createQueue(base + site, name, storage)),
      () => {}, // on the next page
    );
  }

  const api: Engine["api"] = {
    identify(...said) {
      user = said;
      view.traits = said[1] ?? {};
      arming.arm(surveys);
    },
    track: page.track,
    cart(now?: Cart) {
      page.track(""); // what the data layer said came before
      page.cart.set(now);
    },
    show(id, options) {
      host.hidden[id] = options?.hidden;
      const survey = surveys.find((s) => s.id === id);
      if (survey) show(survey);
    },
    on(event, listener) {
      listeners.push({ event, listener });
    },
    destroy() {
      gone = true;
      next = undefined;
      panel?.close();
      for (const undo of alive) undo();
      host.queue?.stop();
      storage.set = () => false; // what was under way and ends later shall not bring back what is wiped
      listeners.length = 0;
    },
  };
  return { api, gates, memory, states: arming.states };
}
