import type { TriggerState } from "../../sdk/src/explanation.ts";
import { serialize } from "../../sdk/src/serialize.ts";
import type { PageSurvey, Response, Trigger as TriggerOptions } from "../../sdk/src/wire.ts";
import { createContext, type Shared, type Undo } from "./context.ts";
import type { Helpers } from "./engine.ts";
import { attempt } from "./report.ts";
import type { Armed, Context, Trigger } from "./triggers/trigger.ts";

/** The triggers that the collector joined to this script, by wire name. */
export type Triggers = Record<string, Trigger<TriggerOptions>>;

type Fired = NonNullable<Response["trigger"]>;
type Hearer = { fired(fired: Fired, asked?: boolean): void; prepare(): void };

/** Milliseconds after which the rest of the arming waits until the page has time. */
const slice = 8;

export type Arming = {
  /** Watches what is to be known whether or not a survey may show; again, once more triggers are there. */
  start(surveys: PageSurvey[], page: Context): void;
  /** Arms those triggers that are there and not armed yet, of all surveys that may show. */
  arm(surveys: PageSurvey[]): void;
  /** Disarms all. */
  end(): void;
  states(survey: PageSurvey): TriggerState[];
};

export function createArming(
  triggers: Triggers,
  helpers: Helpers,
  shared: Shared,
  on: {
    may(survey: PageSurvey, asked?: boolean): boolean;
    prepare(survey: PageSurvey): void;
    fire(survey: PageSurvey, trigger: Fired, asked?: boolean): void;
  },
): Arming {
  const armed: Undo = new Set();
  /** One detector for all surveys that wait for the same. */
  let detectors: Record<string, { hearers: Hearer[]; fired?: Fired; failed?: unknown }> = {};
  let states: Record<string, TriggerState[]> = {};
  /** How many of the triggers were started. */
  let started = 0;

  /** Tells a hearer whenever the trigger's moment comes. It throws where the trigger cannot work. */
  const watch = (options: TriggerOptions, hearer: Hearer): void => {
    const { type, delay_seconds, cancel_on, ...own } = options;
    const context = createContext(shared, armed);
    let { fired } = hearer;
    // What cannot be called off shall not ask: a trigger in cancel_on that cannot work throws here.
    if (helpers.when)
      fired = helpers.when(options, fired, context, (other, fired) => watch(other, { fired, prepare() {} }));

    const key = type + serialize(own);
    const detector = (detectors[key] ??= { hearers: [] });
    if (detector.hearers.push({ ...hearer, fired }) > 1) {
      if (detector.fired) fired(detector.fired);
      if (detector.failed) throw detector.failed;
      return;
    }
    let prepared = false;
    const armedContext: Armed = {
      ...context,
      fire(reason, { field, by = { type, reason, field }, asked } = {}) {
        detector.fired = by;
        // One button for several surveys is the first one's: one click asks once.
        for (const { fired } of asked ? detector.hearers.slice(0, 1) : detector.hearers) fired(by, asked);
      },
      prepare() {
        if (!prepared) for (const { prepare } of detector.hearers) prepare();
        prepared = true;
      },
      watch: (member, fired) => watch(member, { fired, prepare: armedContext.prepare }),
    };
    try {
      triggers[type]!.arm(options, armedContext);
    } catch (error) {
      throw (detector.failed = error);
    }
  };

  const armSurvey = (survey: PageSurvey) => {
    if (!survey.triggers) return;
    const may = on.may(survey);
    const own = (states[survey.id] ??= survey.triggers.map((trigger) => ({ trigger, state: "off" })));
    for (const state of own) {
      const { trigger } = state;
      // A button is there for who wants to say something, also again.
      const wanted = may || (trigger.type === "feedback_button" && on.may(survey, true));
      if (!wanted || state.state !== "off" || !flat(trigger).every(({ type }) => triggers[type])) continue;
      state.state = "armed";
      attempt(() => {
        try {
          watch(trigger, {
            fired(fired, asked) {
              state.fired = { at: Date.now(), reason: fired.reason };
              on.fire(survey, fired, asked);
            },
            prepare: () => on.may(survey) && on.prepare(survey),
          });
        } catch (error) {
          state.state = `${error}`;
          throw error;
        }
      });
    }
  };

  return {
    start(surveys, page) {
      // Backwards, for cart_abandonment is the first: when it reads the data layer, conversion has to listen.
      const each = surveys.flatMap(({ triggers = [] }) => triggers.flatMap(flat));
      const types = Object.keys(triggers);
      for (const type of types.slice(started).reverse()) {
        const all = each.filter((one) => one.type === type);
        attempt(() => triggers[type]!.start?.(all, page));
      }
      started = types.length;
    },
    arm(surveys) {
      const view = states;
      // What is armed later waits for itself: a moment that came for the others is over.
      detectors = {};
      const go = (from: number): void => {
        const until = performance.now() + slice;
        for (let i = from; i < surveys.length && view === states; i++) {
          armSurvey(surveys[i]!);
          // A page has better things to do: the rest comes when it has time.
          if (performance.now() > until) return void (window.requestIdleCallback ?? setTimeout)(() => go(i + 1));
        }
      };
      go(0);
    },
    end() {
      for (const undo of armed) undo();
      armed.clear();
      detectors = {};
      states = {};
    },
    states: ({ id }) => states[id] ?? [],
  };
}

/** A trigger and those that stand in it. */
const flat = (trigger: TriggerOptions): TriggerOptions[] => [
  trigger,
  ...[...(trigger.cancel_on ?? []), ...("of" in trigger ? trigger.of : [])].flatMap(flat),
];
