import { expect, test } from "vitest";
import { choice } from "./harness.ts";
import { asked, everyTypeDoes, nextTitle, open, roles, stored } from "./question.ts";

everyTypeDoes({
  question: { type: "thumbs" },
  more: { named: { type: "thumbs", up: "Yes, it was", down: "Not really" } },
  mouse: (page) => choice(page, "true").click(),
  keys: ["Space"],
  answer: true,
  values: ["true"],
  prefill: { value: false, values: ["false"], trait: "false" },
  refused: { says: "Please answer this question." },
  aria: ['radiogroup "The question"', 'radio "Yes"', 'radio "No"'],
});

test("a thumb down is an answer, and has the name that the survey gives it", async () => {
  const page = await open("named");
  expect((await roles(page)).slice(1)).toEqual(['radio "Yes, it was"', 'radio "Not really"']);
  await choice(page, "false").click();
  await asked(page, nextTitle);
  await stored(page, "named", { q: false });
});
