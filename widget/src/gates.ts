import type { Gate } from "../../sdk/src/explanation.ts";
import { rests } from "../../sdk/src/frequency.ts";
import { matchesText } from "../../sdk/src/targeting.ts";
import type { Config, PageSurvey } from "../../sdk/src/wire.ts";
import type { Memory, Remembered } from "./memory.ts";
import type { Facts, Rule } from "./rules/rule.ts";
import { isPrivate } from "./visitor.ts";

/** The rules of targeting that the collector joined to this script, by wire name. */
export type Rules = Record<string, Rule<unknown, unknown>>;

/** Whether a survey may show: each gate once, for the decision and for its explanation. */
export type Gates = {
  /** Every gate of a survey, in order. */
  all(survey: PageSurvey): Gate[];
  /** Whether all pass. */
  passes(survey: PageSurvey): boolean;
  /** Whether those pass that do not change within a page view: else its triggers need not wait. asked: where the visitor asks for it, nothing rests. */
  stands(survey: PageSurvey, asked?: boolean): boolean;
  /** A gate that only the moment of showing asks, and that did not pass. It holds for this page view. */
  refuse(survey: string, gate: string, value: unknown): void;
  /** A page view begins. */
  forget(): void;
};

export function createGates(
  config: Config,
  rules: Rules,
  memory: Memory,
  test: boolean,
  now: { traits(): Facts["traits"]; shown(): number; open(): string | undefined },
): Gates {
  let refused: Record<string, [gate: string, value: unknown]> = {};

  const factsOf = (survey: string, { session, sessions }: Remembered): Facts => {
    const facts: Facts = {
      session,
      sessions,
      traits: now.traits(),
      timezone: config.timezone,
      memory,
      survey,
      matchesText,
      // What is not known holds for nobody: asking too little is better than asking the wrong person.
      matches: (rule) =>
        Object.entries(rule).every(([name, wanted]) => rules[name]?.holds(wanted, rules[name].is(facts), facts)),
    };
    return facts;
  };

  /** free: nothing keeps it from showing again and again. */
  const standing = (survey: PageSurvey, free = test): Gate[] => {
    const remembered = memory.read();
    const { session } = remembered;
    const facts = factsOf(survey.id, remembered);
    const gates: Gate[] = [];
    const gate = (gate: string, rule: unknown, value: unknown, pass: boolean, next?: number) =>
      void gates.push({ gate, rule, value, pass, next: pass ? undefined : next });

    gate("privacy_signals", config.privacy_signals ?? "honour", isPrivate(config), !isPrivate(config));
    if (isPrivate(config)) return gates; // nothing is drawn or stored for who said so
    for (const [name, wanted] of Object.entries(survey.targeting ?? {})) {
      const is = rules[name]?.is(facts);
      const sample = name === "sample";
      gate(name, wanted, is, (test && sample) || facts.matches({ [name]: wanted }), sample ? Infinity : undefined);
    }
    for (const [rule, says, value, until] of rests(survey.id, survey.frequency, config.fatigue, remembered))
      gate(rule, says, value, free || until <= Date.now(), until);
    const most = config.fatigue?.per_session ?? 1;
    gate("per_session", most, session?.shown ?? 0, free || (session?.shown ?? 0) < most);
    if (config.cookie) gate("visitor_cookie", true, remembered.cookie ?? "kept", true);
    const no = refused[survey.id];
    if (no) gate(no[0], true, no[1], false);
    return gates;
  };
  const momentary = (survey: PageSurvey): Gate[] => {
    const open = now.open();
    return [
      { gate: "page_view", rule: 1, value: now.shown(), pass: test || !now.shown() },
      { gate: "open", rule: "none", value: open, pass: !open || open === survey.id },
      { gate: "modal", rule: "none", value: modalOpen(), pass: !modalOpen() },
    ];
  };
  const all = (survey: PageSurvey) => [...standing(survey), ...momentary(survey)];
  const pass = ({ pass }: Gate) => pass;
  return {
    all,
    passes: (survey) => all(survey).every(pass),
    stands: (survey, asked) => standing(survey, test || asked).every(pass),
    refuse(survey, gate, value) {
      refused[survey] = [gate, value];
    },
    forget() {
      refused = {};
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
