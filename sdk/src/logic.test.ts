import { describe, expect, it, test } from "vitest";
import type { Answers } from "./answers.ts";
import { type Condition, type Facts, matches } from "./condition.ts";
import { type Conditional, endingFor, pathTo, walk } from "./logic.ts";

// That every flow ends, whatever the definition: logic.property.test.ts.

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
  blank: {},
  order: ["speed", "price"],
  parts: { delivery: "good" },
  "plan.other": "Bespoke",
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
    ["dates: the day before", { day: { lt: "2026-03-10" } }, true],
    ["dates: the same day", { day: { gte: "2026-03-09", lte: "2026-03-09" } }, true],
    ["dates: not before itself", { day: { lt: "2026-03-09" } }, false],
    ["dates: not after itself", { day: { gt: "2026-03-09" } }, false],
    ["dates: a year apart", { day: { lt: "2025-12-31" } }, false],
    ["dates: one day", { day: { eq: "2026-03-09" } }, true],
    ["a list never compares", { likes: { gt: "a" } }, false],
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
    ["contains: a choice of a ranking", { order: { contains: "price" } }, true],
    ["contains: a list in another case", { likes: { contains: "Price" } }, false],
    ["contains: a map contains nothing", { parts: { contains: "good" } }, false],
    ["contains: a number contains nothing", { nps: { contains: "6" } }, false],

    ["answered: yes", { nps: { answered: true } }, true],
    ["answered: no", { other: { answered: false } }, true],
    ["answered: wrongly yes", { other: { answered: true } }, false],
    ["answered: wrongly no", { nps: { answered: false } }, false],
    ["an empty text is no answer", { empty: { answered: true } }, false],
    ["an empty list is no answer", { none: { answered: true } }, false],
    ["an empty map is no answer", { blank: { answered: true } }, false],
    ["a map is one", { parts: { answered: true } }, true],
    ["false is an answer", { again: { answered: true } }, true],
    ["an inherited member is no answer", { constructor: { answered: true } } as unknown as Condition, false],

    ["unanswered: an empty text equals nothing", { empty: { eq: "" } }, false],
    ["unanswered: an empty text never compares", { empty: { lt: "a" } }, false],
    ["unanswered: eq fails", { other: { eq: 0 } }, false],
    ["unanswered: ne holds", { other: { ne: 0 } }, true],
    ["unanswered: lt fails", { other: { lt: 9 } }, false],
    ["unanswered: lte fails", { other: { lte: 9 } }, false],
    ["unanswered: gt fails", { other: { gt: -1 } }, false],
    ["unanswered: gte fails", { other: { gte: 0 } }, false],
    ["unanswered: in fails", { other: { in: ["a"] } }, false],
    ["unanswered: contains fails", { other: { contains: "" } }, false],

    ["what was written beside a choice", { "plan.other": { contains: "bespoke" } }, true],

    ["all operators of a test are needed", { nps: { gte: 5, lte: 7 } }, true],
    ["one operator of a test fails", { nps: { gte: 5, lt: 6 } }, false],
    ["an unknown operator holds for nothing", { nps: { near: 6 } } as unknown as Condition, false],
    ["an inherited operator is unknown", { nps: { constructor: 1, valueOf: 1 } } as unknown as Condition, false],
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

describe("matches, by what is known beside the answers", () => {
  const facts: Facts = {
    trait: { plan: "pro", seats: 3, vip: false, all: "yes", since: "2026-01-31" },
    hidden: { order: "A-7", value: 49.9 },
    trigger: "exit_intent",
    language: "pl",
    cart: { value: 1, items: 1 },
  };
  // Questions may be called as traits are, and "cart" is a fair name for one.
  const answers: Answers = {
    plan: "free",
    order: "none",
    cart: "full",
    grid: { price: "bad", delivery: "good" },
    who: { email: "ann@shop.example", phone: "" },
    why: "other",
    "why.other": "Slow",
  };
  const cases: [says: string, condition: unknown, holds: boolean][] = [
    ["a trait", { trait: { plan: { eq: "pro" } } }, true],
    ["a trait is not the answer of its name", { trait: { plan: { eq: "free" } } }, false],
    ["an answer is not the trait of its name", { plan: { eq: "free" } }, true],
    ["a trait's number", { trait: { seats: { gte: 3, lt: 4 } } }, true],
    ["a trait's boolean", { trait: { vip: { eq: false } } }, true],
    ["a trait's date", { trait: { since: { gt: "2026-01-01" } } }, true],
    ["a trait's text", { trait: { plan: { contains: "PR" } } }, true],
    ["a trait, listed", { trait: { plan: { in: ["pro", "team"] } } }, true],
    ["a trait named as a combinator", { trait: { all: { eq: "yes" } } }, true],
    ["all traits are needed", { trait: { plan: { eq: "pro" }, seats: { eq: 4 } } }, false],
    ["no such trait", { trait: { nick: { answered: false } } }, true],
    ["no such trait, compared", { trait: { nick: { eq: "a" } } }, false],
    ["no such trait is another value", { trait: { nick: { ne: "a" } } }, true],
    ["an inherited member is no trait", { trait: { constructor: { answered: true } } }, false],
    ["no trait asked for", { trait: {} }, true],

    ["a hidden field", { hidden: { order: { eq: "A-7" } } }, true],
    ["a hidden field is not the answer of its name", { hidden: { order: { eq: "none" } } }, false],
    ["a hidden number", { hidden: { value: { gt: 50 } } }, false],
    ["a trait is no hidden field", { hidden: { plan: { answered: true } } }, false],

    ["the trigger", { trigger: { eq: "exit_intent" } }, true],
    ["another trigger", { trigger: { in: ["click", "url"] } }, false],
    ["the language", { language: { eq: "pl" } }, true],
    ["another language", { language: { ne: "pl" } }, false],
    ["a fact that conditions do not know is a question", { cart: { eq: "full" } }, true],

    ["a row of a matrix", { "grid.price": { in: ["bad", "awful"] } }, true],
    ["another row of it", { "grid.delivery": { eq: "bad" } }, false],
    ["a row that was not answered", { "grid.service": { answered: false } }, true],
    ["a field of a contact", { "who.email": { contains: "@SHOP" } }, true],
    ["a field that was left empty", { "who.phone": { answered: true } }, false],
    ["what was written beside a choice", { "why.other": { contains: "slow" } }, true],
    ["a part of an answer that is not there", { "gone.price": { answered: true } }, false],
    ["a part of a word", { "plan.length": { contains: "4" } }, false],
    ["an inherited member of an answer", { "grid.constructor": { answered: true } }, false],

    [
      "within all, any and not",
      { all: [{ any: [{ not: { trait: { plan: { eq: "x" } } } }] }, { trigger: { answered: true } }] },
      true,
    ],
    ["within not", { not: { hidden: { order: { answered: true } } } }, false],
    ["beside an answer", { plan: { eq: "free" }, language: { eq: "en" } }, false],
  ];
  it.each(cases)("%s", (_, condition, holds) => expect(matches(condition as Condition, answers, facts)).toBe(holds));

  const unknown: [says: string, condition: Condition, holds: boolean][] = [
    ["show() has no trigger", { trigger: { answered: false } }, true],
    ["and is another than any", { trigger: { ne: "click" } }, true],
    ["and none that is listed", { trigger: { in: ["click"] } }, false],
    ["no traits", { trait: { plan: { eq: "pro" } } }, false],
    ["no traits, none wanted", { trait: { plan: { answered: false } } }, true],
    ["no hidden fields", { hidden: { order: { answered: true } } }, false],
    ["no language", { language: { eq: "en" } }, false],
  ];
  it.each(unknown)("nothing known: %s", (_, condition, holds) => {
    expect(matches(condition, answers)).toBe(holds);
    expect(matches(condition, answers, {})).toBe(holds);
    // An answer of that name would say nothing about it.
    expect(matches(condition, { ...answers, trigger: "click", language: "en" })).toBe(holds);
  });
});

// What is not a condition at all: no validator lets it by, and a page must not break on it.
test.each([
  '{"all": 5}',
  '{"all": null}',
  '{"all": [null, 5, "x", [[]]]}',
  '{"any": {"nps": {"eq": 6}}}',
  '{"not": null}',
  '{"not": []}',
  '{"nps": null}',
  '{"nps": {"in": 6}}',
  '{"nps": {"in": null}}',
  '{"why": {"contains": 5}}',
  '{"why": {"contains": null}}',
  '{"parts": {"contains": {}}}',
  '{"trait": null}',
  '{"trait": {"plan": null}}',
  '{"trigger": null}',
  '{"constructor": null}',
  '{"__proto__": null}',
  "[[]]",
  '"text"',
  "7",
  "null",
])("%s does not throw", (json) => {
  const answers: Answers = { ...asked, parts: { includes: "x" } };
  expect(typeof matches(JSON.parse(json) as Condition, answers, { trait: {} })).toBe("boolean");
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
  it("ends, even where two questions have one id, which no validator lets by", () => {
    const twice: Conditional[] = [{ id: "a" }, { id: "b" }, { id: "a" }];
    expect(nextQuestion(twice, {}, "a")).toBeUndefined();
  });
  it("ends", () => {
    expect(id({ nps: 9, last: "a" })).toBeUndefined();
    expect(id({ nps: 9 }, "last")).toBeUndefined();
    expect(nextQuestion([], {})).toBeUndefined();
  });
});

const flow = (questions: readonly Conditional[], answers: Answers, after?: string, facts?: Facts) => {
  const { kept, next, path } = walk(questions, answers, after, facts);
  return { kept: { ...kept }, next: next?.id, path: path.join(" ") };
};

describe("jumps", () => {
  // a → d for 1, → the end for 2; b and c lie between, d is always there.
  const questions: Conditional[] = [
    {
      id: "a",
      jumps: [
        { if: { a: { eq: 1 } }, to: "d" },
        { if: { a: { eq: 2 } }, to: "end" },
      ],
    },
    { id: "b", jumps: [{ to: "d" }] },
    { id: "c" },
    { id: "d" },
  ];
  it("pass over what lies between", () =>
    expect(flow(questions, { a: 1 }, "a")).toEqual({ kept: { a: 1 }, next: "d", path: "a d" }));
  it("lead to the end", () =>
    expect(flow(questions, { a: 2 }, "a")).toEqual({ kept: { a: 2 }, next: undefined, path: "a" }));
  it("go nowhere where no condition holds", () =>
    expect(flow(questions, { a: 3 }, "a")).toEqual({ kept: { a: 3 }, next: "b", path: "a b c d" }));
  it("without a condition always go", () =>
    expect(flow(questions, { a: 3, b: 1 }, "b")).toEqual({ kept: { a: 3, b: 1 }, next: "d", path: "a b d" }));
  it("count once a question was passed over", () => {
    expect(flow(questions, { a: 3 }, "b")).toEqual({ kept: { a: 3 }, next: "d", path: "a b d" });
    expect(flow(questions, { a: 3 }, "c").path).toBe("a b d");
  });
  it("do not count before", () => expect(flow(questions, {}).path).toBe("a b c d"));
  it("do not count for what was skipped and is asked again after a reload", () =>
    expect(flow(questions, { a: 3, d: 1 })).toEqual({ kept: { a: 3, d: 1 }, next: "b", path: "a b c d" }));
  it("drop the answers that they pass over, and come back without", () => {
    const all = { a: 3, b: 1, c: 1, d: 1 };
    expect(flow(questions, all).kept).toEqual({ a: 3, b: 1, d: 1 });
    expect(flow(questions, { ...all, a: 1 }, "a")).toEqual({ kept: { a: 1, d: 1 }, next: undefined, path: "a d" });
    expect(flow(questions, { ...all, a: 2 }, "a").kept).toEqual({ a: 2 });
  });
  it("of a question that is hidden or passed over do not count", () => {
    const hidden: Conditional[] = [
      { id: "a", jumps: [{ if: { a: { eq: 1 } }, to: "c" }] },
      { id: "b", show_if: { a: { eq: 3 } }, jumps: [{ to: "end" }] },
      { id: "c" },
    ];
    expect(flow(hidden, { a: 1, b: 1 }, "b").next).toBe("c");
    expect(flow(hidden, { a: 2, b: 1 }, "b").next).toBe("c");
    expect(flow(hidden, { a: 3, b: 1 }, "b").next).toBeUndefined();
  });
  it("are taken in order: the first whose condition holds", () => {
    const several: Conditional[] = [
      { id: "a", jumps: [{ if: { a: { eq: 9 } }, to: "end" }, { to: "c" }, { to: "d" }] },
      { id: "b" },
      { id: "c" },
      { id: "d" },
    ];
    expect(flow(several, { a: 1 }, "a").next).toBe("c");
  });
  it("see the answers up to their question, and what is known", () => {
    const known: Conditional[] = [
      {
        id: "a",
        jumps: [
          { if: { c: { eq: 1 } }, to: "end" },
          { if: { trait: { vip: { eq: true } } }, to: "c" },
        ],
      },
      { id: "b" },
      { id: "c" },
    ];
    expect(flow(known, { a: 1, c: 1 }).path).toBe("a b c");
    expect(flow(known, { a: 1 }, "a", { trait: { vip: true } }).next).toBe("c");
  });
  it("lead to where nothing is asked, if that is hidden", () => {
    const hidden: Conditional[] = [
      { id: "a", jumps: [{ to: "c" }] },
      { id: "b" },
      { id: "c", show_if: { a: { eq: 9 } } },
      { id: "d" },
    ];
    expect(flow(hidden, { a: 1 }, "a")).toEqual({ kept: { a: 1 }, next: "d", path: "a d" });
  });
  it.each(["a", "b", "nowhere", "constructor", ""])("to %j are none, and the next one counts", (to) => {
    const broken: Conditional[] = [{ id: "a" }, { id: "b", jumps: [{ to }, { to: "d" }] }, { id: "c" }, { id: "d" }];
    expect(flow(broken, { a: 1 }, "b")).toEqual({ kept: { a: 1 }, next: "d", path: "a b d" });
    expect(flow([{ id: "a" }, { id: "b", jumps: [{ to }] }, { id: "c" }], { a: 1 }, "b").next).toBe("c");
  });
});

describe("what was written and ticked beside an answer", () => {
  const questions: Conditional[] = [{ id: "a" }, { id: "b", show_if: { a: { eq: "x" } } }];
  const answers: Answers = { a: "x", "a.other": "mine", b: "a@b.example", "b.consent": true, "b.more": 1 };
  it("stays with it", () =>
    expect(flow(questions, answers).kept).toEqual({ a: "x", "a.other": "mine", b: "a@b.example", "b.consent": true }));
  it("goes with it", () => {
    expect(flow(questions, { ...answers, a: "y" }).kept).toEqual({ a: "y", "a.other": "mine" });
    expect(flow(questions, { ...answers, a: undefined }).kept).toEqual({});
    expect(flow(questions, { ...answers, b: "" }).kept).toEqual({ a: "x", "a.other": "mine" });
  });
  it("is none where nothing was written", () =>
    expect(flow(questions, { a: "x", "a.other": "" }).kept).toEqual({ a: "x" }));
});

describe("a statement", () => {
  const questions: Conditional[] = [
    { id: "a" },
    { id: "say", type: "statement" },
    { id: "b" },
    { id: "told", type: "statement", show_if: { a: { eq: 2 } } },
    { id: "c" },
    { id: "bye", type: "statement" },
  ];
  it("comes in its turn, once", () => {
    expect(flow(questions, { a: 1 }, "a").next).toBe("say");
    expect(flow(questions, { a: 1 }, "say").next).toBe("b");
    expect(flow(questions, { a: 1, b: 1, c: 1 }, "c").next).toBe("bye");
    expect(flow(questions, { a: 1, b: 1, c: 1 }, "bye").next).toBeUndefined();
  });
  it("is on the path", () => expect(flow(questions, {}).path).toBe("a say b c bye"));
  it("comes again after a reload only where no answer lies behind it", () => {
    expect(flow(questions, { a: 1 }).next).toBe("say");
    expect(flow(questions, { a: 1, b: 1 }).next).toBe("c");
    expect(flow(questions, { a: 2, b: 1 }).next).toBe("told");
    expect(flow(questions, { a: 2, b: 1, c: 1 }).next).toBe("bye");
  });
  it("waits for what was skipped before it", () => expect(flow(questions, { b: 1 }).next).toBe("a"));
  it("that a changed answer brings up comes, though answers lie behind it", () =>
    expect(flow(questions, { a: 2, b: 1, c: 1 }, "b").next).toBe("told"));
  it("of an unknown place begins anew", () => expect(flow(questions, { a: 1 }, "gone").next).toBe("say"));

  const branches: Conditional[] = [
    { id: "a" },
    { id: "sorry", type: "statement", show_if: { a: { eq: 1 } }, jumps: [{ to: "last" }] },
    { id: "b" },
    { id: "last" },
    { id: "more" },
  ];
  it("jumps once it was read", () => {
    expect(flow(branches, { a: 1 }, "a").next).toBe("sorry");
    expect(flow(branches, { a: 1 }, "sorry")).toEqual({ kept: { a: 1 }, next: "last", path: "a sorry last more" });
  });
  it("jumps after a reload too, if it was read before", () =>
    expect(flow(branches, { a: 1, last: 1 })).toEqual({
      kept: { a: 1, last: 1 },
      next: "more",
      path: "a sorry last more",
    }));
  it("does not jump yet where a question before it is open", () =>
    expect(flow([{ id: "first" }, ...branches], { a: 1, b: 1, last: 1 })).toEqual({
      kept: { a: 1, b: 1, last: 1 },
      next: "first",
      path: "first a sorry b last more",
    }));
});

describe("the path", () => {
  it("is what is visible by the answers so far", () => {
    expect(flow(chain, {}).path).toBe("nps last");
    expect(flow(chain, { nps: 3 }, "nps").path).toBe("nps why last");
    expect(flow(chain, { nps: 3, why: "slow" }, "why").path).toBe("nps why contact last");
  });
  it("leads back from a question to the visible one before it", () => {
    const { path, next } = walk(chain, { nps: 9 }, "nps");
    expect(path[path.indexOf(next?.id ?? "") - 1]).toBe("nps");
  });
  it("does not lead back to what was jumped over", () => {
    const skips: Conditional[] = [
      { id: "a", jumps: [{ if: { a: { answered: false } }, to: "c" }] },
      { id: "b" },
      { id: "c" },
    ];
    expect(pathTo(skips, {}, "a")).toEqual(["a", "b", "c"]);
    expect(pathTo(skips, {}, "c")).toEqual(["a", "c"]);
    const told: Conditional[] = [{ id: "a", type: "statement", jumps: [{ to: "c" }] }, { id: "b" }, { id: "c" }];
    expect(pathTo(told, {}, "c")).toEqual(["a", "c"]);
    expect(pathTo(told, {}, undefined)).toEqual(["a", "b", "c"]);
  });
  it("depends on what is known", () => {
    const known: Conditional[] = [{ id: "a", show_if: { language: { eq: "pl" } } }, { id: "b" }];
    expect(flow(known, { a: 1 }, undefined, { language: "pl" })).toEqual({ kept: { a: 1 }, next: "b", path: "a b" });
    expect(flow(known, { a: 1 }, undefined, { language: "en" })).toEqual({ kept: {}, next: "b", path: "b" });
    expect(flow(known, { a: 1 })).toEqual({ kept: {}, next: "b", path: "b" });
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
  it("asks what is known, too", () => {
    const known = [
      { if: { trait: { plan: { eq: "pro" } }, hidden: { vip: { eq: true } } }, title: "Dear" },
      { title: "Thanks" },
    ];
    expect(endingFor(known, {}, { trait: { plan: "pro" }, hidden: { vip: true } })?.title).toBe("Dear");
    expect(endingFor(known, {}, { trait: { plan: "pro" } })?.title).toBe("Thanks");
    expect(endingFor(known, {})?.title).toBe("Thanks");
  });
  it("finds none among none, or when none holds", () => {
    expect(endingFor(undefined, {})).toBeUndefined();
    expect(endingFor([], {})).toBeUndefined();
    expect(endingFor(endings.slice(0, 2), {})).toBeUndefined();
  });
});
