import { describe, expect, it } from "vitest";
import type { Answers, Condition, Conditional } from "./logic.ts";
import { endingFor, matches, walk } from "./logic.ts";

const visibleAnswers = (questions: readonly Conditional[], answers: Answers) => walk(questions, answers).kept;
const nextQuestion = (questions: readonly Conditional[], answers: Answers, after?: string) =>
  walk(questions, answers, after).next;

const asked: Answers = {
  nps: 6,
  why: "The Delivery was slow",
  day: "2026-03-09",
  likes: ["price", "speed"],
  again: false,
  plan: "pro",
  empty: "",
  none: [],
};

describe("matches", () => {
  const cases: [says: string, condition: Condition | undefined, holds: boolean][] = [
    ["no condition always holds", undefined, true],
    ["an empty condition always holds", {}, true],

    ["eq: same number", { nps: { eq: 6 } }, true],
    ["eq: other number", { nps: { eq: 7 } }, false],
    ["eq: a number is not its text", { nps: { eq: "6" } }, false],
    ["eq: text", { plan: { eq: "pro" } }, true],
    ["eq: false is an answer", { again: { eq: false } }, true],
    ["ne: other", { nps: { ne: 7 } }, true],
    ["ne: same", { nps: { ne: 6 } }, false],

    ["lt: below", { nps: { lt: 7 } }, true],
    ["lt: at the limit", { nps: { lt: 6 } }, false],
    ["lte: at the limit", { nps: { lte: 6 } }, true],
    ["lte: above", { nps: { lte: 5 } }, false],
    ["gt: above", { nps: { gt: 5 } }, true],
    ["gt: at the limit", { nps: { gt: 6 } }, false],
    ["gte: at the limit", { nps: { gte: 6 } }, true],
    ["gte: below", { nps: { gte: 7 } }, false],
    ["dates compare as text", { day: { gt: "2026-03-01", lt: "2026-04-01" } }, true],
    ["a number never compares with a text", { nps: { lt: "9" } }, false],
    ["a text never compares with a number", { day: { gt: 0 } }, false],

    ["in: listed", { plan: { in: ["free", "pro"] } }, true],
    ["in: not listed", { plan: { in: ["free"] } }, false],
    ["in: numbers", { nps: { in: [5, 6] } }, true],
    ["in: nothing is in an empty list", { nps: { in: [] } }, false],

    ["contains: a choice of a list", { likes: { contains: "price" } }, true],
    ["contains: a part of a choice's id is not the choice", { likes: { contains: "pri" } }, false],
    ["contains: part of a text, whatever its case", { why: { contains: "delivery" } }, true],
    ["contains: not in the text", { why: { contains: "price" } }, false],
    ["contains: a number contains nothing", { nps: { contains: "6" } }, false],

    ["answered: yes", { nps: { answered: true } }, true],
    ["answered: no", { other: { answered: false } }, true],
    ["answered: wrongly yes", { other: { answered: true } }, false],
    ["answered: wrongly no", { nps: { answered: false } }, false],
    ["an empty text is no answer", { empty: { answered: true } }, false],
    ["an empty list is no answer", { none: { answered: true } }, false],
    ["an inherited member is no answer", { constructor: { answered: true } } as unknown as Condition, false],

    ["unanswered: eq fails", { other: { eq: 0 } }, false],
    ["unanswered: ne holds", { other: { ne: 0 } }, true],
    ["unanswered: lt fails", { other: { lt: 9 } }, false],
    ["unanswered: lte fails", { other: { lte: 9 } }, false],
    ["unanswered: gt fails", { other: { gt: -1 } }, false],
    ["unanswered: gte fails", { other: { gte: 0 } }, false],
    ["unanswered: in fails", { other: { in: ["a"] } }, false],
    ["unanswered: contains fails", { other: { contains: "" } }, false],

    ["all operators of a test are needed", { nps: { gte: 5, lte: 7 } }, true],
    ["one operator of a test fails", { nps: { gte: 5, lt: 6 } }, false],
    ["an unknown operator holds for nothing", { nps: { near: 6 } } as unknown as Condition, false],
    ["all keys are needed", { nps: { eq: 6 }, plan: { eq: "pro" } }, true],
    ["one key fails", { nps: { eq: 6 }, plan: { eq: "free" } }, false],

    ["all: each holds", { all: [{ nps: { gt: 1 } }, { plan: { eq: "pro" } }] }, true],
    ["all: one fails", { all: [{ nps: { gt: 1 } }, { plan: { eq: "free" } }] }, false],
    ["all: of nothing holds", { all: [] }, true],
    ["any: one holds", { any: [{ nps: { gt: 9 } }, { plan: { eq: "pro" } }] }, true],
    ["any: none holds", { any: [{ nps: { gt: 9 } }, { plan: { eq: "free" } }] }, false],
    ["any: of nothing fails", { any: [] }, false],
    ["not: turns it round", { not: { nps: { gt: 8 } } }, true],
    ["not: of what holds", { not: { nps: { eq: 6 } } }, false],
    ["beside a question, `any` is needed too", { nps: { eq: 6 }, any: [{ plan: { eq: "free" } }] }, false],
    [
      "nested three deep",
      {
        all: [
          { any: [{ not: { nps: { gte: 9 } } }, { plan: { eq: "x" } }] },
          { not: { all: [{ again: { eq: true } }] } },
        ],
      },
      true,
    ],
  ];
  it.each(cases)("%s", (_, condition, holds) => expect(matches(condition, asked)).toBe(holds));
});

const chain: Conditional[] = [
  { id: "nps" },
  { id: "why", show_if: { nps: { lte: 6 } } },
  { id: "contact", show_if: { why: { answered: true } } },
  { id: "last" },
];

describe("the answers that count", () => {
  it("keeps the answers of visible questions", () => {
    expect(visibleAnswers(chain, { nps: 3, why: "slow", contact: "yes" })).toEqual({
      nps: 3,
      why: "slow",
      contact: "yes",
    });
  });
  it("drops a hidden answer, and what depended on it", () => {
    expect(visibleAnswers(chain, { nps: 9, why: "slow", contact: "yes", last: "a" })).toEqual({ nps: 9, last: "a" });
  });
  it("drops what is empty and what no question asked", () => {
    expect(visibleAnswers(chain, { nps: 2, why: "", contact: "yes", stranger: 1 })).toEqual({ nps: 2 });
  });
  it("lets a question hidden by an answer come back when the answer changes", () => {
    const answers = { nps: 9, why: "slow" };
    expect(visibleAnswers(chain, { ...visibleAnswers(chain, answers), nps: 2 })).toEqual({ nps: 2 });
    expect(visibleAnswers(chain, { ...answers, nps: 2 })).toEqual({ nps: 2, why: "slow" });
  });
  it("gives nothing that was not answered, not even what objects inherit", () => {
    const kept = visibleAnswers([{ id: "constructor" }], {});
    expect("constructor" in kept).toBe(false);
    expect(Object.keys(kept)).toEqual([]);
  });
  it("ignores answers to later questions in a condition", () => {
    const backwards: Conditional[] = [{ id: "a", show_if: { b: { answered: true } } }, { id: "b" }];
    expect(visibleAnswers(backwards, { a: 1, b: 2 })).toEqual({ b: 2 });
  });
});

describe("the next question", () => {
  const id = (answers: Answers, after?: string) => nextQuestion(chain, answers, after)?.id;
  it("starts at the first question", () => expect(id({})).toBe("nps"));
  it("goes on at the first visible question without an answer", () => {
    expect(id({ nps: 3 })).toBe("why");
    expect(id({ nps: 9 })).toBe("last");
  });
  it("follows a question, skipping the hidden ones", () => {
    expect(id({ nps: 9 }, "nps")).toBe("last");
    expect(id({ nps: 3 }, "nps")).toBe("why");
    expect(id({ nps: 3 }, "why")).toBe("last");
    expect(id({ nps: 3, why: "slow" }, "why")).toBe("contact");
  });
  it("follows a question that has become hidden itself", () => expect(id({ nps: 9 }, "contact")).toBe("last"));
  it("asks nothing twice: answers may lie ahead of a question that was skipped", () => {
    expect(id({ nps: 3, why: "slow", last: "a" }, "why")).toBe("contact");
    expect(id({ nps: 9, last: "a" }, "nps")).toBeUndefined();
  });
  it("ends", () => {
    expect(id({ nps: 9, last: "a" })).toBeUndefined();
    expect(id({ nps: 9 }, "last")).toBeUndefined();
    expect(nextQuestion([], {})).toBeUndefined();
  });
});

describe("endingFor", () => {
  const endings = [
    { if: { nps: { lte: 6 } }, title: "Sorry" },
    { if: { nps: { gte: 9 } }, title: "Great" },
    { title: "Thanks" },
  ];
  it("takes the first that holds", () => {
    expect(endingFor(endings, { nps: 3 })?.title).toBe("Sorry");
    expect(endingFor(endings, { nps: 10 })?.title).toBe("Great");
    expect(endingFor(endings, { nps: 7 })?.title).toBe("Thanks");
  });
  it("finds none among none, or when none holds", () => {
    expect(endingFor(undefined, {})).toBeUndefined();
    expect(endingFor([], {})).toBeUndefined();
    expect(endingFor(endings.slice(0, 2), {})).toBeUndefined();
  });
});

describe("any flow ends, whatever the definition and the answers", () => {
  // A small generator with a fixed seed: the same 2,000 surveys every time.
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const condition = (ids: string[], depth = 0): Condition => {
    const key = ids[random(ids.length)] ?? "q0";
    switch (random(depth < 2 ? 8 : 5)) {
      case 0:
        return { [key]: { answered: random(2) > 0 } };
      case 1:
        return { [key]: { eq: random(3) } };
      case 2:
        return { [key]: { ne: random(3) } };
      case 3:
        return { [key]: { gt: random(3) } };
      case 4:
        return { [key]: { in: [random(3), random(3)] } };
      case 5:
        return { not: condition(ids, depth + 1) };
      case 6:
        return { any: [condition(ids, depth + 1), condition(ids, depth + 1)] };
      default:
        return { all: [condition(ids, depth + 1)], ...condition(ids, depth + 1) };
    }
  };
  const surveys = Array.from({ length: 2000 }, () => {
    const ids = Array.from({ length: 1 + random(7) }, (_, i) => `q${i}`);
    // Conditions look at any question, later ones and the question itself included: broken definitions end too.
    return ids.map((id): Conditional => (random(3) ? { id, show_if: condition(ids) } : { id }));
  });

  it("answering or skipping one question after the other", () => {
    for (const questions of surveys) {
      let answers: Answers = {};
      let steps = 0;
      for (let next = nextQuestion(questions, answers); next; next = nextQuestion(questions, answers, next.id)) {
        if (random(4)) answers = visibleAnswers(questions, { ...answers, [next.id]: random(3) });
        expect(++steps).toBeLessThanOrEqual(questions.length);
      }
    }
  });
  it("always going on at the first unanswered question", () => {
    for (const questions of surveys) {
      let answers: Answers = {};
      let steps = 0;
      for (let next = nextQuestion(questions, answers); next; next = nextQuestion(questions, answers)) {
        answers = visibleAnswers(questions, { ...answers, [next.id]: random(3) });
        expect(++steps).toBeLessThanOrEqual(questions.length);
      }
      expect(visibleAnswers(questions, answers)).toEqual(answers);
    }
  });
});
