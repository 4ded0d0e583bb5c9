import type { Api, EventName } from "../../sdk/src/api.ts";
import { createStorage } from "../../sdk/src/storage.ts";
import type { Cart, Config, PageSurvey, Response } from "../../sdk/src/wire.ts";
import { type Arming, createArming, type Triggers } from "./arming.ts";
import { createContext, type Undo } from "./context.ts";
import { createFaces, loadMore, loadQueue, type Panel } from "./faces.ts";
import { createGates, type Gates, type Rules } from "./gates.ts";
import { createMemory } from "./memory.ts";
import type { Host } from "./present.ts";
import { watchViews } from "./views.ts";

export type { Rules, Triggers };

/** How long a half-answered survey waits for the next page. */
const resumeWithin = 1_800_000;

export type Engine = {
  api: Omit<Api, "consent" | "explain">;
  /** For the explanation. */
  gates: Gates;
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
  helpers: object,
  base: string,
  /** Someone tries it out: what is answered is kept apart, and nothing keeps a survey from showing again and again. */
  test: boolean,
): Engine {
  const { site, surveys } = config;
  // A preview remembers apart: what it shows must not rest what the visitor is really asked.
  const name = `askwell:${site}${config.preview ? ":preview" : ""}`;
  const storage = createStorage();
  const memory = createMemory(storage, `${name}:visitor`, config.cookie);
  const faces = createFaces(base);
  const listeners: { event: EventName; listener: (survey: string) => void }[] = [];
  /** What lives as long as the page. */
  const alive: Undo = new Set();
  const trackers: Parameters<typeof createContext>[0]["trackers"] = new Set();
  /** Moments that have come, of which one survey is chosen. */
  let moments: { survey: PageSurvey; trigger: Response["trigger"] }[] = [];
  let user: Parameters<Api["identify"]> | [] = [];
  let panel: Panel | undefined;
  /** The survey that is open, or about to be. */
  let busy: string | undefined;
  /** Asked for by show() while another was open. */
  let next: PageSurvey | undefined;
  /** Surveys that showed on this page view. */
  let shown = 0;
  let gone = false;

  const emit = (event: EventName, survey: string) => {
    // Apart from our own stack: what a listener throws is the page's, and stops nothing here.
    for (const l of listeners) if (l.event === event) queueMicrotask(() => l.listener(survey));
  };

  const views = watchViews(config, memory, name, alive, () => begin());
  const gates = createGates(config, rules, memory, test, {
    traits: () => user[1] ?? {},
    shown: () => shown,
    open: () => busy,
  });
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
    passes: gates.passes,
    refuse: gates.refuse,
    gone: () => gone,
    born() {
      shown++;
    },
    closed() {
      panel = busy = undefined;
      if (next) show(next);
    },
    test: test || undefined,
  };

  const arming = createArming(triggers, shared, {
    may: gates.stands,
    prepare: (survey) => void faces(survey).catch(() => {}), // a failure is tried again when it fires
    fire(survey, trigger, asked) {
      if (asked) {
        if (busy === survey.id) close();
        else show(survey, trigger);
      } else {
        // Those that come together are weighed against each other.
        if (moments.push({ survey, trigger }) === 1) page.after(0, choose);
      }
    },
  });

  /** The first of the surveys whose moment has come and that may show: they are in the order of their priority. */
  const choose = () => {
    if (document.hidden) return; // when the page is in view again
    const come = moments;
    moments = [];
    for (const survey of surveys) {
      const moment = come.find((m) => m.survey === survey);
      if (moment && gates.passes(survey)) return void open(survey, moment.trigger);
    }
  };

  /** Shows a survey, once its late part is there. */
  const open = async (survey: PageSurvey, trigger: Response["trigger"], asked?: boolean, going?: Response) => {
    busy = survey.id;
    try {
      const late = await faces(survey);
      if (!gone) panel = await late.present(host, late, survey, trigger, asked, going);
    } catch {
      // Another moment, or another page, may do better.
      emit("error", survey.id);
    }
    if (!panel) host.closed();
  };

  const show = (survey: PageSurvey, trigger: Response["trigger"] = { type: "api" }) => {
    if (!busy) {
      next = undefined;
      void open(survey, trigger, true);
    } else if (busy !== survey.id) next = survey; // a button clicked twice asks once
  };

  /** Takes the survey away without the visitor having closed it. */
  const close = () => {
    next = undefined;
    panel?.close();
  };

  /** A page view begins. */
  const begin = () => {
    shown = 0;
    gates.forget();
    arming.end();
    moments = [];
    page.track("page_view"); // may be the one after a purchase
    arming.arm(surveys);
  };

  page.listen(document, "visibilitychange", () => moments.length && choose());
  arming.start(surveys, page);
  alive.add(arming.end);
  begin();

  if (config.more) {
    const more = () =>
      loadMore(base, config.more!).then(
        (part) => {
          if (gone) return;
          part.default(triggers, helpers);
          arming.start(surveys, page);
          arming.arm(surveys);
        },
        () => {}, // on the next page
      );
    // Not in the way of the page, and of the triggers that may fire at once.
    if (document.readyState === "complete") void more();
    else page.listen(window, "load", more);
  }

  // What an earlier page left half answered, or could not send.
  const { left, ...going } = memory.read().open ?? ({ left: 0 } as Response & { left: number });
  const survey =
    Date.now() - left < resumeWithin && surveys.find((s) => s.id === going.survey && s.version === going.version);
  if (survey) void open(survey, undefined, true, going);
  else if (storage.keys().some((key) => key.startsWith(`${name}:response:`))) {
    const send = () =>
      loadQueue(base).then(
        ({ createQueue }) => gone || (host.queue ??= createQueue(base + site, name, storage)),
        () => {}, // when the network is back, or on the next page
      );
    page.listen(window, "online", send);
    void send();
  }

  const api: Engine["api"] = {
    identify(...said) {
      user = said;
      arming.arm(surveys);
    },
    track: page.track,
    cart(now?: Cart) {
      page.track("cart"); // what the data layer said came before
      page.cart.set(now);
    },
    show(id) {
      const survey = surveys.find((s) => s.id === id);
      if (survey) show(survey);
    },
    on(event, listener) {
      listeners.push({ event, listener });
    },
    destroy() {
      gone = true;
      close();
      for (const undo of alive) undo();
      host.queue?.stop();
      listeners.length = 0;
    },
  };
  return { api, gates, states: arming.states };
}
