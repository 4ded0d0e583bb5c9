import type { TriggerState } from "../../sdk/src/explanation.ts";
import { serialize } from "../../sdk/src/serialize.ts";
import type { PageSurvey, Response, Trigger as TriggerOptions } from "../../sdk/src/wire.ts";
import { attempt, createContext, type Shared, type Undo } from "./context.ts";
import type { Armed, Context, Trigger } from "./triggers/trigger.ts";

/** The triggers that the collector joined to this script, by wire name. */
export type Triggers = Record<string, Trigger<TriggerOptions>>;

type Fired = NonNullable<Response["trigger"]>;
type Hearer = { fired(fired: Fired, asked?: boolean): void; prepare(): void };

/** Milliseconds after which the rest of the arming waits until the page has time. */
const slice = 8;

export type Arming = {
  /** Watches what is to be known whether or not a survey may show. */
  start(surveys: PageSurvey[], page: Context): void;
  /** Arms the triggers of all surveys that may show and are not armed yet. */
  arm(surveys: PageSurvey[]): void;
  /** Disarms all. */
  end(): void;
  states(survey: PageSurvey): TriggerState[];
};

export function createArming(
  triggers: Triggers,
  shared: Shared,
  on: {
    may(survey: PageSurvey): boolean;
    prepare(survey: PageSurvey): void;
    fire(survey: PageSurvey, trigger: Fired, asked?: boolean): void;
  },
): Arming {
  const armed: Undo = new Set();
  /** One detector for all surveys that wait for the same. */
  let detectors: Record<string, { hearers: Hearer[]; fired?: Fired; failed?: unknown }> = {};
  let states: Record<string, TriggerState[]> = {};

  /** Tells a hearer whenever the trigger's moment comes, after its delay and until it is called off. */
  const watch = (options: TriggerOptions, hearer: Hearer): unknown => {
    const { delay_seconds, cancel_on, ...own } = options;
    const context = createContext(shared, armed);
    let off = false;
    let waiting = false;
    for (const other of cancel_on ?? []) watch(other, { fired: () => (off = true), prepare() {} });
    const fired: Hearer["fired"] = (fired, asked) => {
      if (off || waiting) return;
      if (!delay_seconds) return hearer.fired(fired, asked);
      waiting = true;
      context.after(delay_seconds * 1_000, () => {
        waiting = false;
        if (!off) hearer.fired(fired, asked);
      });
    };

    const key = serialize(own)!;
    const detector = (detectors[key] ??= { hearers: [] });
    if (detector.hearers.push({ ...hearer, fired }) > 1) {
      if (detector.fired) fired(detector.fired);
      return detector.failed;
    }
    const { type } = options;
    let prepared = false;
    const armedContext: Armed = {
      ...context,
      fire(reason, { field, by = { type, reason, field }, asked } = {}) {
        detector.fired = by;
        for (const { fired } of detector.hearers) fired(detector.fired, asked);
      },
      prepare() {
        if (!prepared) for (const { prepare } of detector.hearers) prepare();
        prepared = true;
      },
      watch(member, fired) {
        const failed = watch(member, { fired, prepare: armedContext.prepare });
        if (failed) throw failed;
      },
    };
    return (detector.failed = attempt(() => triggers[type]!.arm(own as TriggerOptions, armedContext)));
  };

  const armSurvey = (survey: PageSurvey) => {
    if (states[survey.id] || !survey.triggers || !on.may(survey)) return;
    const own: TriggerState[] = (states[survey.id] = []);
    for (const trigger of survey.triggers) {
      const state: TriggerState = { trigger, state: "armed" };
      own.push(state);
      const failed = watch(trigger, {
        fired(fired, asked) {
          state.fired = { at: Date.now(), reason: fired.reason };
          on.fire(survey, fired, asked);
        },
        prepare: () => on.may(survey) && on.prepare(survey),
      });
      if (failed) state.state = `${failed}`;
    }
  };

  return {
    start(surveys, page) {
      for (const type of Object.keys(triggers)) {
        const all = surveys.flatMap(({ triggers = [] }) => triggers.flatMap(flat)).filter((one) => one.type === type);
        attempt(() => triggers[type]!.start?.(all, page));
      }
    },
    arm(surveys) {
      const view = states;
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
    states: ({ id, triggers = [] }) => states[id] ?? triggers.map((trigger) => ({ trigger, state: "off" })),
  };
}

/** A trigger and those that stand in it. */
const flat = (trigger: TriggerOptions): TriggerOptions[] => [
  trigger,
  ...[...(trigger.cancel_on ?? []), ...("of" in trigger ? trigger.of : [])].flatMap(flat),
];
