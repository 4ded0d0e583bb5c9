import type { Gate } from "../../sdk/src/explanation.ts";
import { rests } from "../../sdk/src/frequency.ts";
import type { Memory } from "../../sdk/src/memory.ts";
import { isPrivate } from "../../sdk/src/visitor.ts";
import type { Config, PageSurvey } from "../../sdk/src/wire.ts";
import { here } from "./address.ts";
import type { Facts, Rule } from "./rules/rule.ts";
import { user } from "./user.ts";

/** The rules of targeting that the collector joined to this script, by wire name. */
export type Rules = Record<string, Rule<unknown, unknown>>;

/** What is so on this page view. */
export type View = {
  /** Surveys that showed. */
  shown: number;
  /** The survey that is open, or about to be. */
  open?: string | undefined;
  /** Gates that only the moment of showing asks, and that did not pass, or were no hindrance: by survey, name and value. */
  refused: Record<string, [gate: string, value: unknown, passed?: boolean]>;
};

/**
 * Every gate of a survey, in order: once, for the decision and for its explanation. Before the moment
 * of showing, those are left out that change within a page view.
 */
export type Gates = (survey: PageSurvey, moment?: boolean, asked?: boolean) => Gate[];

export const passAll = (gates: Gate[]): boolean => gates.every(({ pass }) => pass);

/** test: nothing keeps a survey from showing again and again. */
export function createGates(config: Config, rules: Rules, memory: Memory, test: boolean, view: View): Gates {
  return (survey, moment, asked) => {
    const { id, targeting = {}, frequency } = survey;
    const { fatigue, privacy_signals = "honour", timezone } = config;
    const remembered = memory.read();
    const { session, sessions } = remembered;
    /** Whoever asks for it is not asked too often. */
    const free = test || asked;
    const gates: Gate[] = [];
    const gate = (gate: string, rule: unknown, value: unknown, pass: unknown, next?: number) =>
      gates.push({ gate, rule, value, pass: !!pass, next });
    const facts: Facts = {
      session,
      sessions,
      traits: user.said[1] ?? {},
      here,
      timezone,
      memory,
      survey: id,
      // What is not known holds for nobody: asking too little is better than asking the wrong person.
      matches: (rule) =>
        Object.entries(rule).every(([name, wanted]) => rules[name]?.holds(wanted, rules[name].is(facts), facts)),
    };

    const secret = isPrivate(config);
    gate("privacy_signals", privacy_signals, secret, !secret);
    if (secret) return gates; // nothing is drawn or stored for who said so
    for (const [name, wanted] of Object.entries(targeting)) {
      const sample = name === "sample";
      gate(
        name,
        wanted,
        rules[name]?.is(facts),
        (test && sample) || facts.matches({ [name]: wanted }),
        sample ? Infinity : undefined,
      );
    }
    for (const [rule, says, value, until] of rests(id, frequency, fatigue, remembered))
      gate(rule, says, value, free || until <= Date.now(), until);
    const { per_session = 1 } = fatigue ?? {};
    const { shown = 0 } = session ?? {};
    gate("per_session", per_session, shown, free || shown < per_session);
    if (!moment) return gates;

    const no = view.refused[id];
    if (no) gate(no[0], true, no[1], no[2]);
    gate("page_view", 1, view.shown, free || !view.shown);
    gate("open", "none", view.open, !view.open || view.open === id);
    gate("modal", "none", modalOpen(), !modalOpen());
    return gates;
  };
}

/**
 * Beside a modal dialog of the page a survey could be seen and not answered, and a film in full screen is no moment.
 * A browser that does not know :modal finds none.
 */
export const modalOpen = () => !!document.querySelector(":is(:modal)");
