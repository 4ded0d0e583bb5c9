import type { Api, ShowOptions } from "../../sdk/src/api.ts";
import { createMemory, type Memory } from "../../sdk/src/memory.ts";
import { createStorage } from "../../sdk/src/storage.ts";
import { isPrivate } from "../../sdk/src/visitor.ts";
import type { Cart, Config, PageSurvey, Response } from "../../sdk/src/wire.ts";
import { here } from "./address.ts";
import { type Arming, createArming, type Triggers } from "./arming.ts";
import { createContext, type Undo } from "./context.ts";
import { load, loadFace, type Panel } from "./faces.ts";
import { createGates, type Gates, modalOpen, passAll, type Rules, type View } from "./gates.ts";
import type { cookie } from "./helpers/cookie.ts";
import type { more } from "./helpers/more.ts";
import type { when } from "./helpers/when.ts";
import type { Host } from "./present.ts";
import { attempt, emit } from "./report.ts";
import { base, tag } from "./tag.ts";
import { user } from "./user.ts";
import { watchViews } from "./views.ts";

export type { Rules, Triggers };

/** How long a half-answered survey waits for the next page. */
const resumeWithin = 1_800_000;

/** What only some sites need of the engine itself: the collector joins it where it is used. */
export type Helpers = { cookie?: typeof cookie; when?: typeof when; more?: typeof more };

/** What show() shows. */
type Asked = [survey: PageSurvey, trigger: Response["trigger"], options: ShowOptions];

export type Engine = {
  api: Omit<Api, "consent" | "explain" | "on">;
  /** For the explanation. */
  gates: Gates;
  memory: Memory;
  states: Arming["states"];
};

/**
 * Runs a site's surveys on this page: arms their triggers on each page view, decides whether a survey
 * may show, and has its late part show it.
 */
export function createEngine(
  config: Config,
  triggers: Triggers,
  rules: Rules,
  helpers: Helpers,
  /** Someone tries it out: what is answered is kept apart, and nothing keeps a survey from showing again and again. */
  test: boolean,
): Engine {
  const { site, surveys } = config;
  // A preview remembers apart: what it shows must not rest what the visitor is really asked.
  const name = `askwell:${site}${config.preview ? ":preview" : ""}`;
  const where = tag.storage;
  const storage = tag.adapter ? { ...tag.adapter } : createStorage(where);
  if (where) delete config.cookie; // the page wants less remembered, not more
  const memory = isPrivate(config)
    ? createMemory(createStorage("none"), "") // nothing is kept of who said so, but for this page
    : createMemory(storage, `${name}:visitor`, helpers.cookie?.read(config.cookie!));
  /** What lives as long as the page. */
  const alive: Undo = new Set();
  const trackers: Parameters<typeof createContext>[0]["trackers"] = new Set();
  /** Moments that have come, of which one survey is chosen. */
  let moments: { survey: PageSurvey; trigger: Response["trigger"] }[] = [];
  const view: View = { shown: 0, refused: {} };
  let panel: Panel | undefined;
  /** The element that show() named for the survey that is open, or about to be. */
  let inside: Element | undefined;
  /** Dismissed before it was there. */
  let dropped = false;
  /** Asked for by show() while another was open: each comes when the one before is closed. */
  let waiting: Asked[] = [];
  let gone = false;

  const tab = createStorage(where ?? "session");
  const views = watchViews(config, memory, tab, `${name}:tab`, alive, () => begin());
  const gates = createGates(config, rules, memory, test, view);
  const passes = (survey: PageSurvey) => passAll(gates(survey, true));
  const shared = { memory, trackers, views, base };
  const page = createContext(shared, alive);

  const host: Host = {
    ...shared,
    config,
    name,
    storage,
    here,
    emit,
    attempt,
    user,
    cart: () => page.cart.get(720), // as old as a trigger's max_age_hours may be
    passes,
    refuse(survey, ...why) {
      view.refused[survey] = why;
    },
    gone: () => gone || dropped,
    born() {
      view.shown++;
    },
    closed() {
      panel = view.open = undefined;
      const next = waiting.shift();
      if (next) show(...next);
    },
    test: test || undefined,
  };

  const arming = createArming(triggers, helpers, shared, {
    may: (survey, asked) => passAll(gates(survey, false, asked)),
    prepare: (survey) => void loadFace(survey).catch(() => {}), // a failure is tried again when it fires
    fire(survey, trigger, asked) {
      if (asked) {
        if (view.open === survey.id) panel?.close(true);
        else show(survey, trigger, {});
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
      if (!moment || !passes(survey)) continue;
      moments = come.filter((m) => m.survey !== survey); // it may be refused, or find no place: then these may show
      return void open(survey, moment.trigger);
    }
  };

  /** Shows a survey, once its late part is there. */
  const open = async (survey: PageSurvey, trigger: Response["trigger"], asked?: ShowOptions, going?: Response) => {
    view.open = survey.id;
    inside = asked?.into;
    dropped = false;
    try {
      const late = await loadFace(survey);
      if (!gone) panel = await late.present(host, late, survey, trigger, asked, going);
    } catch (error) {
      emit("error", survey.id, error); // another moment, or another page, may do better
    }
    attempt(() => {
      if (gone)
        panel?.close(); // destroyed by who saw it come
      else if (panel) moments = [];
      else {
        host.closed();
        choose();
      }
    });
  };

  const show = (...asked: Asked) => {
    const [{ id }, , { into }] = asked;
    if (!view.open) return void open(...asked);
    // A button clicked twice asks once.
    waiting = waiting.filter(([other, , options]) => other.id !== id || options.into !== into);
    if (view.open !== id || dropped || into !== inside) waiting.push(asked);
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
  if (survey) void open(survey, undefined, {}, going);
  else if (storage.keys().some((key) => key.startsWith(`${name}:response:`))) {
    load<typeof import("./queue.ts")>(`${base}a/queue.js`).then(
      ({ resume }) => gone || resume(host),
      () => {}, // on the next page
    );
  }

  const identify = (...said: (typeof user)["said"]) => {
    user.said = said;
    arming.arm(surveys);
  };
  const api: Engine["api"] = {
    identify,
    reset() {
      // What one has begun to answer is not for the next.
      dropped = true;
      waiting = [];
      panel?.close();
      memory.update((m) => {
        m.visitor = "";
        m.open = m.cart = undefined;
      });
      helpers.cookie?.forget(config.cookie, base + site);
      identify();
    },
    track: page.track,
    cart(now?: Cart) {
      page.track(""); // what the data layer said came before
      page.cart.set(now);
    },
    page: views.page,
    show(id, options = {}) {
      const survey = surveys.find((s) => s.id === id);
      if (survey) show(survey, { type: "api" }, options);
      else emit("error", id, new Error("it is not live"));
    },
    dismiss(id = view.open) {
      waiting = waiting.filter(([survey]) => survey.id !== id);
      if (view.open !== id) return;
      dropped = !panel;
      panel?.close(true);
    },
    destroy() {
      gone = true;
      waiting = [];
      panel?.close();
      for (const undo of alive) undo();
      host.queue?.stop();
      storage.set = tab.set = () => false; // what was under way and ends later shall not bring back what is wiped
    },
  };
  return { api, gates, memory, states: arming.states };
}
