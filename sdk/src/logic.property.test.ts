// What holds for every flow, over definitions that the collector would take and visitors who do as they like.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Answer, Answers } from "./answers.ts";
import { type Condition, type Facts, matches } from "./condition.ts";
import { type Conditional, pathTo, walk } from "./logic.ts";

// The same definitions and visitors every time: a test that fails once a month is believed by nobody.
beforeAll(() => fc.configureGlobal({ seed: 20_260_309, numRuns: 600 }));

type Question = Conditional & { type: string; required: boolean };

/** Some answers to each type, with what is written and ticked beside them. */
const possible: Record<string, { value: Answer; other?: string; consent?: true }[]> = {
  nps: [{ value: 0 }, { value: 6 }, { value: 10 }],
  thumbs: [{ value: true }, { value: false }],
  single_choice: [{ value: "a" }, { value: "b" }, { value: "c", other: "mine" }],
  multi_choice: [{ value: ["a"] }, { value: ["a", "b"] }, { value: ["c"], other: "mine" }],
  ranking: [{ value: ["a", "b"] }, { value: ["b", "a"] }],
  text: [{ value: "Slow" }, { value: "fine" }],
  email: [{ value: "a@shop.example", consent: true }],
  contact: [{ value: { name: "Ann" }, consent: true }],
  matrix: [{ value: { delivery: "good", price: "bad" } }],
  date: [{ value: "2026-03-09" }, { value: "2025-12-31" }],
  statement: [],
};

/** The comparisons that the collector lets a condition make with each type. */
const operators: Record<string, string[]> = {
  nps: ["eq", "ne", "lt", "lte", "gt", "gte", "in", "answered"],
  thumbs: ["eq", "ne", "answered"],
  single_choice: ["eq", "ne", "in", "answered"],
  multi_choice: ["contains", "answered"],
  ranking: ["contains", "answered"],
  text: ["eq", "ne", "contains", "answered"],
  date: ["eq", "lt", "lte", "gt", "gte", "answered"],
};

/** Parts of an answer that a condition may look at, and what may be in them. */
const parts: Record<string, [name: string, value: string][]> = {
  single_choice: [["other", "mine"]],
  contact: [
    ["name", "Ann"],
    ["email", ""],
  ],
  matrix: [
    ["delivery", "good"],
    ["price", "good"],
    ["service", "bad"],
  ],
};

const pick = <T>(from: readonly T[], n: number): T => from[n % from.length] as T;

type Rule = { op: "all" | "any" | "not" | "test" | "fact"; of: Rule[]; n: number; m: number };
const { rule: rules } = fc.letrec<{ rule: Rule; one: Rule; many: Rule }>((tie) => ({
  rule: fc.oneof({ maxDepth: 3 }, { arbitrary: tie("one"), weight: 3 }, tie("many")),
  one: fc.record({
    op: fc.constantFrom("test", "test", "test", "fact"),
    of: fc.constant([]),
    n: fc.nat(1000),
    m: fc.nat(1000),
  }),
  many: fc.record({
    op: fc.constantFrom("all", "any", "not"),
    of: fc.array(tie("rule"), { maxLength: 2 }),
    n: fc.nat(1000),
    m: fc.nat(1000),
  }),
}));

const factTests: Condition[] = [
  { trait: { plan: { eq: "pro" } } },
  { hidden: { value: { gt: 10 } } },
  { trigger: { in: ["click", "url"] } },
  { trigger: { answered: false } },
  { language: { ne: "en" } },
];

/** A rule as a condition over some questions. */
function conditionOf({ op, of, n, m }: Rule, over: readonly Question[]): Condition {
  if (op === "all" || op === "any") return { [op]: of.map((one) => conditionOf(one, over)) };
  if (op === "not") return { not: conditionOf(of[0] ?? { op: "test", of, n, m }, over) };
  const asked = over.filter(({ type }) => type !== "statement");
  if (op === "fact" || asked.length === 0) return pick(factTests, n);
  const { id, type } = pick(asked, n);
  const part = parts[type] && m % 3 > 0 && pick(parts[type], m);
  if (part) return { [`${id}.${part[0]}`]: m % 2 ? { answered: n % 2 === 0 } : { eq: part[1] } };
  const operator = pick(operators[type] ?? ["answered"], m);
  const { value } = pick(possible[type]!, n + m);
  const wanted =
    operator === "answered" ? m % 2 === 0 : operator === "in" ? [value] : Array.isArray(value) ? value[0] : value;
  return { [id]: { [operator]: wanted } };
}

const drafts = fc.array(
  fc.record({
    type: fc.constantFrom(...Object.keys(possible)),
    required: fc.boolean(),
    show: fc.option(rules),
    jumps: fc.array(fc.record({ if: fc.option(rules), to: fc.nat(1000) }), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 9 },
);

/** Conditions over earlier questions, jumps over those up to their own, and only forwards. */
const definitions: fc.Arbitrary<Question[]> = drafts.map((all) => {
  const questions: Question[] = [];
  all.forEach(({ type, required, show, jumps }, i) => {
    const question = { id: `q${i}`, type, required: required && type !== "statement" };
    const later = [...all.keys()].slice(i + 1).map((n) => `q${n}`);
    const over = [...questions, question];
    questions.push({
      ...question,
      ...(show && i > 0 && { show_if: conditionOf(show, questions) }),
      jumps: jumps.map(({ if: rule, to }) => ({
        ...(rule && { if: conditionOf(rule, over) }),
        to: pick([...later, "end"], to),
      })),
    });
  });
  return questions;
});

/** Definitions that no collector takes: conditions look at any question, and jumps go anywhere. */
const broken: fc.Arbitrary<Question[]> = fc
  .tuple(definitions, fc.array(rules), fc.array(fc.nat(1000)))
  .map(([questions, conditions, to]) =>
    questions.map((question, i) => ({
      ...question,
      ...(conditions[i] && { show_if: conditionOf(conditions[i], questions) }),
      jumps: to.slice(i).map((n) => ({ to: pick([...questions.map(({ id }) => id), "end", "gone"], n) })),
    })),
  );

const facts: fc.Arbitrary<Facts> = fc.record(
  {
    trait: fc.record({ plan: fc.constantFrom("pro", "free") }),
    hidden: fc.record({ value: fc.constantFrom(5, 50) }),
    trigger: fc.constantFrom("click", "exit_intent"),
    language: fc.constantFrom("en", "pl"),
  },
  { requiredKeys: [] },
);

type Move = { does: "answers" | "skips" | "goes back" | "reloads"; n: number };
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    does: fc.constantFrom("answers", "answers", "answers", "skips", "goes back", "goes back", "reloads"),
    n: fc.nat(1000),
  }),
  { maxLength: 25 },
);

/** One walk, and what it was given. */
type Walk = ReturnType<typeof walk<Question>> & { answers: Answers; after: string | undefined };

/** A visitor as the face lets them be: one question at a time, back along the path, and a page that may load again. */
function visit(questions: Question[], known: Facts, list: Move[], seen: (step: Walk) => void): { asked: string[] } {
  const go = (answers: Answers, after?: string): Walk => {
    const step = { ...walk(questions, answers, after, known), answers, after };
    seen(step);
    return step;
  };
  const forward = ({ kept }: Walk, { id, type, required }: Question, { does, n }: Move): Walk => {
    const some = possible[type]!;
    const answer = does === "skips" && !required ? undefined : some[n % (some.length || 1)];
    const given = { [id]: answer?.value, [`${id}.other`]: answer?.other, [`${id}.consent`]: answer?.consent };
    const step = go({ ...kept, ...given }, id);
    expect(id in step.kept, `${id} was asked, and its answer is kept`).toBe(!!answer);
    return step;
  };
  let step = go({});
  let at = step.next;
  for (const move of list) {
    if (!at) break;
    if (move.does === "reloads") {
      step = go(step.kept);
      at = step.next;
    } else if (move.does === "goes back") {
      const path = pathTo(questions, step.kept, at.id, known);
      expect(path).toContain(at.id);
      const before = path[path.indexOf(at.id) - 1];
      at = questions.find(({ id }) => id === before) ?? at;
    } else {
      step = forward(step, at, move);
      at = step.next;
    }
  }
  // And now straight on to the end.
  const asked: string[] = [];
  while (at) {
    asked.push(at.id);
    if (asked.length > questions.length) break;
    step = forward(step, at, list[asked.length] ?? { does: "answers", n: asked.length });
    at = step.next;
  }
  return { asked };
}

test("every visit ends, and on the way straight on nothing is asked twice", () => {
  const ends = (questions: Question[], known: Facts, list: Move[]) => {
    const { asked } = visit(questions, known, list, () => {});
    expect(asked.length).toBeLessThanOrEqual(questions.length);
    expect(new Set(asked).size).toBe(asked.length);
  };
  fc.assert(fc.property(definitions, facts, moves, ends));
  fc.assert(fc.property(definitions, facts, fc.constant<Move[]>([]), ends));
  fc.assert(fc.property(broken, facts, moves, ends));
});

test("every visit ends with an answer to each required question that was visible", () => {
  fc.assert(
    fc.property(definitions, facts, moves, (questions, known, list) => {
      let last: Walk | undefined;
      visit(questions, known, list, (step) => (last = step));
      const { kept, path, next } = last!;
      expect(next).toBeUndefined();
      for (const { id, required } of questions) if (required && path.includes(id)) expect(id in kept).toBe(true);
    }),
  );
});

test("kept are the answers of visible questions, all of them, and what goes with them", () => {
  fc.assert(
    fc.property(definitions, facts, moves, (questions, known, list) => {
      visit(questions, known, list, ({ kept, path, answers }) => {
        const visible = path
          .filter((id) => answers[id] !== undefined)
          .flatMap((id) => [id, `${id}.other`, `${id}.consent`]);
        const expected = visible.filter((name) => answers[name] !== undefined).map((name) => [name, answers[name]]);
        expect(Object.entries(kept)).toEqual(expected);
      });
    }),
  );
});

test("what is kept stays kept, and what was dropped says nothing any more", () => {
  fc.assert(
    fc.property(definitions, facts, moves, (questions, known, list) => {
      visit(questions, known, list, ({ kept, next, path, answers, after }) => {
        expect(walk(questions, kept, undefined, known).kept).toEqual(kept); // as after a reload
        const dropped = questions.flatMap(({ id, type }) =>
          id in kept || id === after ? [] : path.includes(id) ? [] : [[id, possible[type]?.[0]?.value]],
        );
        for (const others of [kept, answers, { ...kept, ...Object.fromEntries(dropped) }]) {
          const again = walk(questions, others, after, known);
          expect(again.kept).toEqual(kept);
          if (after) expect(again.next).toBe(next);
        }
      });
    }),
  );
});

test("a question is visible exactly if its condition holds over what was kept before it, and no jump passes over it", () => {
  fc.assert(
    fc.property(definitions, facts, moves, (questions, known, list) => {
      visit(questions, known, list, ({ kept, next, path, after }) => {
        const index = (id: string | undefined) => questions.findIndex((question) => question.id === id);
        /** The answers to the first so many questions. */
        const first = (n: number): Answers => {
          const ids = questions.slice(0, n).map(({ id }) => id);
          return Object.fromEntries(Object.entries(kept).filter(([name]) => ids.includes(name.split(".")[0]!)));
        };
        const landings = questions.map(({ id, jumps = [] }, i) => {
          const jump = path.includes(id) && jumps.find((one) => matches(one.if, first(i + 1), known));
          return !jump ? -1 : jump.to === "end" ? questions.length : index(jump.to);
        });
        questions.forEach(({ id, show_if }, i) => {
          const holds = matches(show_if, first(i), known);
          const over = (sure: boolean) =>
            landings.some((to, from) => {
              const counts = questions[from]!.id in kept || from <= index(after);
              return from < i && to > i && (!sure || counts);
            });
          if (path.includes(id)) expect(holds && !over(true)).toBe(true);
          else expect(!holds || over(false)).toBe(true);
        });
        expect(path).toEqual(questions.map(({ id }) => id).filter((id) => path.includes(id)));
        if (next) {
          expect(path).toContain(next.id);
          expect(next.id in kept).toBe(false);
          expect(index(next.id)).toBeGreaterThan(index(after));
        }
      });
    }),
  );
});

test("a jump that leads back or nowhere changes nothing", () => {
  fc.assert(
    fc.property(broken, facts, moves, (questions, known, list) => {
      const ids = [...questions.map(({ id }) => id), "end"];
      const forwards = questions.map(({ jumps = [], ...question }, i) => ({
        ...question,
        jumps: jumps.filter(({ to }) => ids.indexOf(to) > i),
      }));
      const paths = (over: Question[]) => {
        const all: string[] = [];
        visit(over, known, list, ({ path }) => all.push(path.join(" ")));
        return all;
      };
      expect(paths(questions)).toEqual(paths(forwards));
    }),
  );
});

test("nothing throws, whatever stands in a condition, an answer or what is known", () => {
  const keys = [
    "all",
    "any",
    "not",
    "trait",
    "hidden",
    "trigger",
    "language",
    "q0",
    "q1",
    "eq",
    "in",
    "contains",
    "lt",
    "answered",
    "__proto__",
    "constructor",
    "includes",
  ];
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: "medium" },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie("json"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      json,
      json,
      json,
      json,
      fc.option(fc.constantFrom("q0", "q1", "gone")),
      (a, b, answer, known, after) => {
        // As it would come: over the wire.
        const [show, leave, value, fact] = JSON.parse(JSON.stringify([a, b, answer, known]));
        const questions: Conditional[] = [
          { id: "q0", show_if: show, jumps: [{ if: leave, to: "end" }] },
          { id: "q1", show_if: leave, type: "statement" },
          { id: "q2", show_if: { any: [show, leave] } },
        ];
        const { kept, path } = walk(questions, { q0: value, q1: value }, after ?? undefined, {
          trait: fact,
          hidden: fact,
        });
        expect(Object.keys(kept).every((id) => path.includes(id))).toBe(true);
        expect(typeof matches(show, { q0: value }, { trait: fact })).toBe("boolean");
      },
    ),
  );
});
