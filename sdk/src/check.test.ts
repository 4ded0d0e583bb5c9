import { expect, test } from "vitest";
import type { Answer } from "./answers.ts";
import { check } from "./check.ts";
import type { Question, Strings } from "./definition.ts";

// That these are the answers which the collector takes is tested against it: widget/test/headless.spec.ts.

const strings = {
  required: "Required",
  invalid: "Check",
  invalid_email: "Address",
  consent: "Tick",
  all_rows: "Rows",
  at_least: { one: "{n} at least", other: "{n} at least" },
  at_most: { one: "{n} at most", other: "{n} at most" },
  too_short: { one: "{n} character", other: "{n} characters" },
} as unknown as Strings;
const ask = (question: object, answer?: unknown, beside: { other?: string; consent?: boolean } = {}) => {
  const asked = { id: "q", title: "Q", ...question } as Question;
  const { answers, problems } = check(asked, { answer: answer as Answer, ...beside }, { strings, language: "en" });
  const given = Object.entries(answers).filter(([, value]) => value !== undefined);
  return problems.length ? problems.map(({ at, message }) => `${at}: ${message}`) : Object.fromEntries(given);
};

const choices = [{ id: "a" }, { id: "b" }, { id: "c", other: true }, { id: "none", none: true }];
const some = { type: "multi_choice", choices, min: 2, max: 2 };
const rows = { type: "matrix", rows: [{ id: "x" }, { id: "y" }], columns: [{ id: "1" }, { id: "2" }] };
const contact = { type: "contact", fields: ["name", "email"], consent: "Yes" };

test.each<[what: string, is: unknown, expected: unknown]>([
  ["a text without the blanks around it", ask({ type: "text" }, " a b "), { q: "a b" }],
  ["blanks alone are no answer", ask({ type: "text", min_length: 3 }, "  "), {}],
  ["nor an answer to a question that is required", ask({ type: "text", required: true }, "  "), ["q: Required"]],
  ["a text that is too short", ask({ type: "text", min_length: 3 }, "ab"), ["q: 3 characters"]],
  ["an emoji counts as two, as in a browser", ask({ type: "text", min_length: 2 }, "🚲"), { q: "🚲" }],
  [
    "a text that is too long",
    ask({ type: "text", max_length: 2 }, "abc"),
    ["q: has 3 characters, at most 2 are allowed"],
  ],
  ["a number that is written", ask({ type: "nps" }, "9"), ["q: expected a whole number from 0 to 10"]],
  ["false is an answer", ask({ type: "thumbs", required: true }, false), { q: false }],
  ["zero too", ask({ type: "nps", required: true }, 0), { q: 0 }],
  ["too few choices", ask(some, ["a"]), ["q: 2 at least"]],
  ["too many", ask(some, ["a", "b", "c"]), ["q: 2 at most"]],
  ["none of these stands alone", ask(some, ["none"]), { q: ["none"] }],
  ["and with no other", ask(some, ["a", "none"]), ['q: "none" stands alone']],
  ["no choices are no answer", ask(some, []), {}],
  ["but where there has to be one", ask({ ...some, required: true }, []), ["q: 2 at least"]],
  ["what is written beside its choice", ask(some, ["a", "c"], { other: " d " }), { q: ["a", "c"], "q.other": "d" }],
  ["and left out beside another", ask(some, ["a", "b"], { other: "d" }), { q: ["a", "b"] }],
  ["some rows", ask(rows, { x: "1", y: "" }), { q: { x: "1" } }],
  ["all rows, where they are required", ask({ ...rows, required: true }, { x: "1" }), ["q: Rows"]],
  ["a contact without its tick", ask(contact, { name: "A" }), ["q.consent: Tick"]],
  ["with it", ask(contact, { name: " A ", email: "" }, { consent: true }), { q: { name: "A" }, "q.consent": true }],
  [
    "each field that is wrong",
    ask({ ...contact, required: true }, { email: "a" }),
    ["q.name: Required", "q.email: Address", "q.consent: Tick"],
  ],
  ["a tick alone is nothing", ask(contact, {}, { consent: true }), {}],
  ["a day that is none", ask({ type: "date" }, "2026-02-30"), ["q: expected a day of the calendar, YYYY-MM-DD"]],
  ["a day out of range", ask({ type: "date", min: "2026-01-01" }, "2025-12-31"), ["q: Check Jan 1, 2026 –"]],
  [
    "tomorrow, where today is the last",
    ask({ type: "date", max: "today" }, "2999-01-01"),
    [expect.stringMatching(/^q: Check +– \w/)],
  ],
  ["a statement has no answer", ask({ type: "statement" }, "yes"), ["q: is a statement, which has no answer"]],
])("%s", (_, is, expected) => expect(is).toEqual(expected));
