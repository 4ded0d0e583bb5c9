import type { Api, EventName, Traits } from "../../sdk/src/api.ts";
import { resting } from "../../sdk/src/frequency.ts";
import { createQueue } from "../../sdk/src/queue.ts";
import { createStorage } from "../../sdk/src/storage.ts";
import { matchesGlob, matchesTargeting } from "../../sdk/src/targeting.ts";
import { uuidv7 } from "../../sdk/src/uuid.ts";
import type { Cart, Config, PageSurvey, Response, Trigger as TriggerOptions } from "../../sdk/src/wire.ts";
import { watchExit } from "./exit.ts";
import { createFaces, type Face } from "./faces.ts";
import { createMemory } from "./memory.ts";
import type { Context, Trigger } from "./triggers/trigger.ts";

/** The triggers that the collector joined to this script, by wire name. */
export type Triggers = Record<string, Trigger<TriggerOptions>>;

/** How long a half-answered survey waits for the next page. */
const resumeWithin = 1_800_000;
/** How long a cart is remembered. */
const cartLives = 86_400_000;

/**
 * Runs a site's surveys on this page: arms their triggers, decides whether a survey may show, shows
 * it, and hands what the visitor answers to the queue. base is the URL of the collector's "/w/".
 */
export function createEngine(config: Config, triggers: Triggers, base: string): Api {
  const { site, surveys } = config;
  const storage = createStorage();
  const memory = createMemory(storage, `askwell:${site}`);
  const queue = createQueue(base + site, `askwell:${site}:response:`, storage);
  const face = createFaces(base);
  const listeners: { event: EventName; listener: (survey: string) => void }[] = [];
  const trackers: Parameters<Context["onTrack"]>[0][] = [];
  /** What ends all that waits for a moment, and all that lives as long as the page. */
  const armed: (() => void)[] = [];
  const alive: (() => void)[] = [() => queue.stop(), () => end(armed)];
  let user: string | undefined;
  let traits: Traits | undefined;
  let response: Response | undefined;
  let panel: Face | undefined;
  /** One survey is open, or about to be. */
  let busy = false;
  /** destroy() was called. */
  let gone = false;
  /** Asked for by show() while another was open. */
  let next: PageSurvey | undefined;
  /** At most one survey a page view comes by itself. */
  let spent = false;

  const emit = (event: EventName, survey: string) => {
    // Apart from our own stack: what a listener throws is the page's, and stops nothing here.
    for (const l of listeners) if (l.event === event) queueMicrotask(() => l.listener(survey));
  };
  const end = (undo: (() => void)[]) => {
    for (const one of undo.splice(0)) one();
  };

  const cart: Context["cart"] = {
    get() {
      const stored = memory.read().cart;
      if (!stored || Date.now() - stored.at > cartLives) return undefined;
      const { at: _, ...now } = stored;
      return now;
    },
    set(now) {
      // The page's words, brought into the shape that the collector takes: a response is worth more than its cart.
      const { value, items, currency } = now ?? {};
      const number = (n: unknown) => Number(n) || 0;
      memory.update((m) => {
        m.cart = now && {
          value: number(value),
          items: number(items),
          currency: currency && `${currency}`.slice(0, 3),
          at: Date.now(),
        };
      });
    },
  };

  const context = (undo: (() => void)[]): Context => {
    const listen = (target: EventTarget, type: string, handler: (event: never) => void) => {
      const options = { passive: true, capture: true };
      target.addEventListener(type, handler as EventListener, options);
      undo.push(() => target.removeEventListener(type, handler as EventListener, options));
    };
    return {
      listen,
      after(ms, run) {
        const timer = setTimeout(run, ms);
        const cancel = () => clearTimeout(timer);
        undo.push(cancel);
        return cancel;
      },
      onExit: (...options) => watchExit(listen, ...options),
      atPage: (globs) => globs.some((glob) => matchesGlob(glob, location.pathname + location.search)),
      onTrack: (heard) => trackers.push(heard),
      cart,
    };
  };

  const may = (survey: PageSurvey) =>
    !spent &&
    !busy &&
    matchesTargeting(survey.targeting, location.href) &&
    !resting(survey.id, survey.frequency, memory.read(), Date.now());

  const arm = () => {
    for (const survey of surveys)
      if (may(survey))
        for (const options of survey.triggers ?? [])
          triggers[options.type]?.arm(options, {
            ...context(armed),
            fire: (reason) => may(survey) && open(survey, { type: options.type, reason }),
            prepare: () => void face(survey).catch(() => {}),
          });
  };

  /** Shows a survey; a response is born, or goes on where the last page left it. */
  const open = async (survey: PageSurvey, trigger: Response["trigger"], going?: Response) => {
    spent = busy = true;
    try {
      const { mount, survey: texts, strings, language } = await face(survey);
      if (gone) return;
      const now = Date.now();
      const current: Response = (response = going ?? {
        id: uuidv7(now),
        survey: survey.id,
        version: survey.version,
        seq: 0,
        state: "shown",
        shown_at: now,
        trigger,
        page: { url: location.href.slice(0, 2_000), referrer: document.referrer.slice(0, 2_000) },
        language,
        visitor: visitor(),
        user,
        traits,
        cart: cart.get(),
      });
      const save = (change: Partial<Response>) => {
        Object.assign(current, change).seq++;
        queue.put(current);
      };
      panel = mount(texts, strings, language, {
        answers: (current.answers ?? {}) as Parameters<typeof mount>[3]["answers"],
        answered(answers, done) {
          const at = Date.now();
          save({ answers, ...(done ? { state: "completed", completed_at: at } : { state: "partial" }) });
          memory.update((m) => ((m.answered ??= {})[survey.id] ??= at));
          emit("answered", survey.id);
          if (done) emit("completed", survey.id);
        },
        closed() {
          const dismissed = response && current.state !== "completed";
          panel = response = undefined;
          busy = false;
          if (dismissed) {
            save({ dismissed_at: Date.now() });
            emit("dismissed", survey.id);
          }
          if (next) show(next);
        },
      });
      end(armed);
      if (!going) {
        save({});
        memory.update((m) => (m.last = now));
      }
      emit("shown", survey.id);
    } catch {
      spent = busy = false; // its texts did not come: another moment, or another page, may do better
      emit("error", survey.id);
    }
  };

  const show = (survey: PageSurvey) => {
    next = busy ? survey : undefined;
    if (!busy) void open(survey, { type: "api" });
  };

  const visitor = () => {
    let id = memory.read().visitor;
    if (!id) memory.update((m) => (m.visitor = id = uuidv7(Date.now())));
    return id;
  };

  /** A survey that was half answered when the page went away is left for the next page. */
  const leave = () => {
    if (response?.state === "partial") memory.update((m) => (m.open = { ...response!, left: Date.now() }));
  };
  const resume = () => {
    const { open: left } = memory.read();
    if (!left) return;
    memory.update((m) => delete m.open);
    const { left: at, ...going } = left;
    const survey = surveys.find((s) => s.id === going.survey && s.version === going.version);
    if (survey && Date.now() - at < resumeWithin) void open(survey, undefined, going);
  };

  /** Takes the survey away without the visitor having closed it. */
  const close = () => {
    response = next = undefined;
    panel?.close();
  };

  const page = context(alive);
  page.listen(window, "pagehide", leave);
  page.listen(window, "pageshow", (({ persisted }: PageTransitionEvent) => {
    // Back from the browser's cache: unless the survey is still left for us, another page took it on.
    if (!persisted || response?.state !== "partial") return;
    const { open: left } = memory.read();
    if (left?.id === response.id) memory.update((m) => delete m.open);
    else close();
  }) as (event: never) => void);

  for (const type of Object.keys(triggers)) {
    const all = surveys.flatMap((survey) => (survey.triggers ?? []).filter((options) => options.type === type));
    triggers[type]!.start?.(all, page);
  }
  resume();
  arm();

  return {
    identify(id, about) {
      user = `${id}`.slice(0, 200);
      traits = about && plain(about);
    },
    track(event, properties = {}) {
      for (const heard of trackers) heard(event, properties);
    },
    cart(now?: Cart) {
      cart.set(now);
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
      end(alive);
      listeners.length = trackers.length = 0;
    },
  };
}

/** Traits in the shape that the collector takes; what does not fit is left out. */
function plain(traits: Traits): Traits {
  const kept = Object.entries(traits).filter(([, value]) => /^(string|number|boolean)$/.test(typeof value));
  return Object.fromEntries(
    kept
      .slice(0, 50)
      .map(([name, value]) => [name.slice(0, 60), typeof value === "string" ? value.slice(0, 200) : value]),
  );
}
