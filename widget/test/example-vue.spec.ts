import { beforeAll, expect, test } from "vitest";
import { accessible } from "./accessible.ts";
import { type Example, startExample, typeErrors } from "./example.ts";
import { choice, newPage, panel, useBrowser } from "./harness.ts";

useBrowser();
let example: Example;
beforeAll(async () => {
  example = await startExample("vue");
}, 300_000); // npm ci

test("the component shows a survey in its place, tells of it, and goes without a trace", async () => {
  const page = await newPage();
  await page.goto(example.page);
  await page.getByRole("button", { name: "Publish" }).click();
  await page.locator(".editor > .easy > askwell-survey").waitFor();
  await choice(page, 6).click();
  await page.getByText("You said 6 of 7.").waitFor();
  await expect
    .poll(() => example.responses("editor"))
    .toMatchObject([
      { state: "completed", answers: { effort: 6 }, hidden: { pattern: "Herringbone" }, user: "weaver-3" },
    ]);

  await page.getByRole("button", { name: "Another pattern" }).click();
  expect(await panel(page).count()).toBe(0);
  await page.getByRole("button", { name: "Publish" }).click();
  await choice(page, 6).waitFor();
  await expect.poll(() => example.responses("editor")).toHaveLength(2);
  await page.getByRole("button", { name: "Cancel my plan" }).click();
  await page.getByRole("heading", { name: "Before you go" }).waitFor();
  expect(await panel(page).count()).toBe(0);
  const [left] = await example.responses("editor");
  expect(left).toMatchObject({ state: "shown", hidden: { pattern: "Basket" } });
  expect(left!.dismissed_at).toBeUndefined();
  expect(page.complaints).toEqual([]);
});

test("a survey under its own template follows the language, the logic and the checks", async () => {
  const page = await newPage();
  await page.goto(example.page);
  await page.getByRole("button", { name: "Cancel my plan" }).click();
  await page.getByRole("heading", { name: "Before you go: why do you cancel Studio?" }).waitFor();
  await accessible(page);
  await page.getByLabel("Language").selectOption("pt");
  await page.getByRole("heading", { name: "Antes de sair: porque cancela o Studio?" }).waitFor();
  await page.getByRole("radio", { name: "Falta alguma coisa" }).check();
  await page.getByRole("button", { name: "Avançar" }).click();
  const what = page.getByRole("textbox", { name: "O que falta?" });
  await what.fill("ab");
  await page.getByRole("button", { name: "Avançar" }).click();
  await page.getByRole("alert").getByText("3").waitFor();
  await what.fill("A loom");
  await page.getByRole("button", { name: "Avançar" }).click();

  // An address is taken with the tick alone.
  await page.getByRole("textbox").fill("w@loom.example");
  await page.getByRole("button", { name: "Enviar" }).click();
  await page.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
  await page.getByRole("checkbox", { name: "Sim" }).check();
  await accessible(page);
  await page.getByRole("button", { name: "Enviar" }).click();
  await page.getByRole("status").getByText("Os seus padrões ficam 90 dias.").waitFor();
  await expect
    .poll(async () => (await example.responses("cancel"))[0])
    .toMatchObject({
      state: "completed",
      language: "pt",
      answers: { reason: "missing", what: "A loom", mail: "w@loom.example", "mail.consent": true },
      hidden: { plan: "Studio", months: 14 },
    });
  expect(page.complaints).toEqual([]);
});

test("built for production, it asks all the same", async () => {
  const built = await startExample("vue", { SCRIPT: "preview" });
  const page = await newPage();
  await page.goto(built.page);
  expect(await page.locator("script[type=module]").getAttribute("src")).toMatch(/^\/assets\//);
  await page.getByRole("button", { name: "Publish" }).click();
  await page.locator(".editor > .easy > askwell-survey").waitFor();
  await choice(page, 5).click();
  await page.getByText("You said 5 of 7.").waitFor();
  await page.getByRole("button", { name: "Cancel my plan" }).click();
  await page.getByRole("radio", { name: "I use it too little" }).check();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("status").getByText("Your patterns stay for 90 days.").waitFor();
  await expect.poll(() => built.responses("editor")).toMatchObject([{ state: "completed", answers: { effort: 5 } }]);
  await expect.poll(() => built.responses("cancel")).toMatchObject([{ state: "completed", class: "live" }]);
  expect(page.complaints).toEqual([]);
}, 120_000); // npm run build

test("its names are checked: it compiles as it stands, and what is misspelt does not", async () => {
  const misspelt = `<script setup lang="ts">
import type { SurveyId } from "@askwell/sdk";
import { Askwell, useSurvey } from "@askwell/sdk/vue";
import { h } from "vue";
import { where } from "./where.ts";
defineProps<{ any: SurveyId }>();
h(Askwell, { survey: "editor", hidden: { pattern: "Twill" } });
h(Askwell, { survey: "editr" });
h(Askwell, { survey: "editor", hidden: { patern: "Twill" } });
h(Askwell, { survey: "editor", hidden: { plan: "Studio" } });
useSurvey({ ...where, survey: "cancle" });
</script>
<template>
  <Askwell :survey="any" />
  <Askwell survey="editr" />
  <Askwell survey="editor" :hidden="{ patern: 'Twill' }" />
  <Askwell survey="editor" :hidden="{ plan: 'Studio' }" />
</template>
`;
  expect(await typeErrors("vue", { "Misspelt.vue": misspelt })).toEqual([
    expect.stringMatching(/^src\/Misspelt.vue\(8,.*No overload/),
    expect.stringMatching(/^src\/Misspelt.vue\(9,.*No overload/),
    expect.stringMatching(/^src\/Misspelt.vue\(10,.*No overload/),
    expect.stringMatching(/^src\/Misspelt.vue\(11,.*"cancle"/),
    expect.stringMatching(/^src\/Misspelt.vue\(15,.*"editr"/),
    expect.stringMatching(/^src\/Misspelt.vue\(16,.*'patern'/),
    expect.stringMatching(/^src\/Misspelt.vue\(17,.*'plan'/),
  ]);
}, 120_000);
