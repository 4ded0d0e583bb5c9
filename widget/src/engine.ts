import type { Api, EventName, Traits } from "../../sdk/src/api.ts";
import { resting } from "../../sdk/src/frequency.ts";
import { createQueue } from "../../sdk/src/queue.ts";
import { createStorage } from "../../sdk/src/storage.ts";
import { matchesGlob, matchesTargeting } from "../../sdk/src/targeting.ts";
import { uuidv7 } from "../../sdk/src/uuid.ts";
import type { Cart, Config, PageSurvey, Response, Trigger as TriggerOptions } from "../../sdk/src/wire.ts";
import { watchExit } from "./exit.ts";
import { type Answers, createFaces, type Face, type Late } from "./faces.ts";
import { createMemory } from "./memory.ts";
import type { Context, Trigger } from "./triggers/trigger.ts";

/** The triggers that the collector joined to this script, by wire name. */
export type Triggers = Record<string, Trigger<TriggerOptions>>;

/** What ends things that were started. */
type Undo = Set<() => void>;

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
  const queue = createQueue(base + site, `askwell:${site}`, storage);
  const face = createFaces(base);
  const listeners: { event: EventName; listener: (survey: string) => void }[] = [];
  const trackers = new Set<Parameters<Context["onTrack"]>[0]>();
  /** What ends all that waits for a moment, and all that lives as long as the page. */
  const armed: Undo = new Set();
  const alive: Undo = new Set([() => queue.stop(), () => end(armed)]);
  let user: string | undefined;
  let user_sig: string | undefined;
  let traits: Traits | undefined;
  let response: Response | undefined;
  let panel: Face | undefined;
  /** The survey that is open, or about to be. */
  let busy: string | undefined;
  /** destroy() was called. */
  let gone = false;
  /** Asked for by show() while another was open. */
  let next: PageSurvey | undefined;
  /** At most one survey a page view comes by itself. */
  let spent = false;

  /** A site's owner tries it out: "?askwell_test" keeps what is answered on this page view out of every score. */
  const test = /[?&]askwell_test\b/.test(location.search) || undefined;

  const emit = (event: EventName, survey: string) => {
    // Apart from our own stack: what a listener throws is the page's, and stops nothing here.
    for (const l of listeners) if (l.event === event) queueMicrotask(() => l.listener(survey));
  };
  const end = (undo: Undo) => {
    for (const one of undo) one();
    undo.clear();
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

  const context = (undo: Undo): Context => {
    const listen = (target: EventTarget, type: string, handler: (event: never) => void) => {
      const options = { passive: true, capture: true };
      target.addEventListener(type, handler as EventListener, options);
      undo.add(() => target.removeEventListener(type, handler as EventListener, options));
    };
    return {
      listen,
      after(ms, run) {
        const cancel = () => {
          clearTimeout(timer);
          undo.delete(cancel);
        };
        const timer = setTimeout(() => {
          undo.delete(cancel);
          run();
        }, ms);
        undo.add(cancel);
        return cancel;
      },
      onExit: (...options) => watchExit(listen, ...options),
      atPage: (globs) => globs.some((glob) => matchesGlob(glob, location.pathname + location.search)),
      onTrack(heard) {
        trackers.add(heard);
        undo.add(() => trackers.delete(heard));
      },
      cart,
    };
  };

  const may = (survey: PageSurvey) =>
    !spent &&
    !busy &&
    !modalOpen() &&
    matchesTargeting(survey.targeting, location.href) &&
    (test || !resting(survey.id, survey.frequency, memory.read(), Date.now()));

  const arm = () => {
    for (const survey of surveys)
      if (may(survey))
        for (const options of survey.triggers ?? [])
          attempt(() =>
            triggers[options.type]?.arm(options, {
              ...context(armed),
              fire: (reason) => may(survey) && open(survey, { type: options.type, reason }),
              prepare: once(() => void face(survey).catch(() => {})), // a failure is tried again when it fires
            }),
          );
  };

  /** Shows a survey, once its texts are there. */
  const open = async (survey: PageSurvey, trigger: Response["trigger"], going?: Response) => {
    spent = true;
    busy = survey.id;
    response = going; // left again before its face was there, it is still not lost
    let late: Late;
    try {
      late = await face(survey);
    } catch {
      // Another moment, or another page, may do better.
      spent = false;
      busy = response = undefined;
      if (going) {
        leave(going);
        arm();
      }
      emit("error", survey.id);
      if (next) show(next);
      return;
    }
    if (!gone) present(survey, late, trigger, going);
  };

  /** A response is born, or goes on where the last page left it, and grows as it is answered. */
  const present = (survey: PageSurvey, late: Late, trigger: Response["trigger"], going?: Response) => {
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
      language: late.language,
      visitor: visitor(),
      user,
      user_sig,
      traits,
      cart: cart.get(),
      test,
    });
    const save = (change: Partial<Response>) => {
      Object.assign(current, change).seq++;
      queue.put(current);
    };
    panel = late.mount(late.survey, late.strings, late.language, {
      answers: (current.answers ?? {}) as Answers,
      answered(answers, done, trap) {
        const at = Date.now();
        save({
          answers,
          trap: trap ?? current.trap,
          ...(done ? { state: "completed", completed_at: at } : { state: "partial" }),
        });
        memory.update((m) => ((m.answered ??= {})[survey.id] ??= at));
        emit("answered", survey.id);
        if (done) emit("completed", survey.id);
      },
      closed() {
        const dismissed = response && current.state !== "completed";
        panel = response = undefined;
        busy = undefined;
        if (dismissed) {
          save({ dismissed_at: Date.now() });
          emit("dismissed", survey.id);
        }
        if (next) show(next);
      },
    });
    end(armed);
    if (going) return;
    save({});
    memory.update((m) => (m.last = now));
    emit("shown", survey.id);
  };

  const show = (survey: PageSurvey) => {
    if (!busy) {
      next = undefined;
      void open(survey, { type: "api" });
    } else if (busy !== survey.id) next = survey; // a button clicked twice asks once
  };

  const visitor = () => {
    let id = memory.read().visitor;
    if (!id) memory.update((m) => (m.visitor = id = uuidv7(Date.now())));
    return id;
  };

  /** A survey that was half answered when the page went away is left for the next page. */
  const leave = (going = response) => {
    if (going?.state === "partial") memory.update((m) => (m.open = { ...going, left: Date.now() }));
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
  page.listen(window, "pagehide", () => leave());
  page.listen(window, "pageshow", (({ persisted }: PageTransitionEvent) => {
    // Back from the browser's cache: unless the survey is still left for us, another page took it on.
    if (!persisted || response?.state !== "partial") return;
    const { open: left } = memory.read();
    if (left?.id === response.id && left.seq === response.seq) memory.update((m) => delete m.open);
    else close();
  }) as (event: never) => void);

  for (const type of Object.keys(triggers)) {
    const all = surveys.flatMap((survey) => (survey.triggers ?? []).filter((options) => options.type === type));
    attempt(() => triggers[type]!.start?.(all, page));
  }
  resume();
  arm();

  return {
    identify(id, about, signature) {
      // A page whose visitor is logged out may say undefined or null.
      user = word(id, 200);
      user_sig = word(signature, 64);
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
      listeners.length = 0;
    },
  };
}

/** Beside a modal dialog of the page, a survey could be seen and not answered. */
function modalOpen(): boolean {
  try {
    return !!document.querySelector(":modal");
  } catch {
    return false; // a browser that does not know :modal
  }
}

/** What one trigger cannot do must not keep the others from working. */
function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    console.warn("Askwell:", error);
  }
}

/** A function that runs the first time only. */
function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}

/** What the page says as a text that the collector takes. */
function word(said: unknown, longest: number): string | undefined {
  return typeof said === "string" || typeof said === "number" ? `${said}`.slice(0, longest) : undefined;
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
