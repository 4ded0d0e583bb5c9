import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Explanation, Gate } from "../../sdk/src/explanation.ts";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  painted,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey, plainPage } from "./surveys.ts";

const day = 86_400_000;

useBrowser();
let collector: Collector;
let origin: string;
let strict: string;
beforeAll(async () => {
  collector = await startCollector();
  const pages = (path: string) =>
    plainPage(`${collector.url}/w/${path.split("/")[1]}.js`).replace("<script ", '<script nonce="abc" ');
  origin = await servePages(pages);
  strict = await servePages(pages, undefined, {
    "Content-Security-Policy": `default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src ${collector.url}; style-src-attr 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types 'none'`,
  });
  await collector.publish(
    "gates",
    [origin],
    [
      npsSurvey([exitIntent], {
        targeting: { url: [{ glob: "*/gates/here*" }], traits: { plan: { eq: "pro" } }, sample: 1 },
        frequency: { min_gap_days: 20, after_dismissal_days: 40 },
      }),
      npsSurvey([exitIntent], { id: "nobody", targeting: { sample: 1e-12 } }),
    ],
  );
  await collector.publish(
    "shop",
    [origin, strict],
    [
      npsSurvey([exitIntent], { frequency: { min_gap_days: 30 } }),
      npsSurvey([{ type: "click", selector: "a[" }], { id: "broken" }),
    ],
  );
  const site = { site: "one", name: "One", origins: [origin] };
  await collector.api("PUT", "/v1/sites/one", site);
  for (const id of ["a", "b"]) {
    const at = `/v1/sites/one/surveys/${id}`;
    await collector.api("PUT", at, npsSurvey([exitIntent], { id, quota: { completed: 1 } }));
    await collector.api("POST", `${at}/publish`);
  }
});

const explain = (page: Page) => page.evaluate(() => window.askwell!("explain") as unknown as Explanation[]);

/** The gates of a survey, by name. */
async function gates(page: Page, survey = "nps"): Promise<Record<string, Gate>> {
  const one = (await explain(page)).find((one) => one.survey === survey)!;
  return Object.fromEntries(one.gates.map((gate) => [gate.gate, gate]));
}

async function open(path: string, options: Parameters<typeof newPage>[0] = {}) {
  const page = await newPage(options);
  await page.goto(origin + path);
  await ready(page);
  return page;
}

const tools = (page: Page) => page.locator("askwell-tools");
const row = (page: Page, gate: string) => tools(page).locator(`details[open] [data-gate="${gate}"]`);

test("each gate tells its rule and what is so, in the order in which they are asked", async () => {
  const page = await open("/gates/there");
  const [nobody, nps] = await explain(page);
  expect(nps!.gates.map(({ gate }) => gate)).toEqual([
    "privacy_signals",
    "url",
    "traits",
    "sample",
    "answered",
    "max_shows",
    "after_dismissal_days",
    "min_gap_days",
    "days_apart",
    "per_session",
    "page_view",
    "open",
    "modal",
  ]);
  expect(nps!.passes).toBe(false);
  expect(nps!.triggers).toMatchObject([{ trigger: exitIntent, state: "off" }]);
  expect(await gates(page)).toMatchObject({
    privacy_signals: { rule: "honour", value: false, pass: true },
    url: { rule: [{ glob: "*/gates/here*" }], value: `${origin}/gates/there`, pass: false },
    traits: { rule: { plan: { eq: "pro" } }, value: {}, pass: false },
    answered: { rule: "until_answered", value: 0, pass: true },
    max_shows: { rule: 3, value: 0, pass: true },
    after_dismissal_days: { rule: 40, value: 0, pass: true },
    min_gap_days: { rule: 20, value: 0, pass: true },
    per_session: { rule: 100, value: 0, pass: true },
    page_view: { rule: 1, value: 0, pass: true },
    open: { pass: true },
    modal: { value: false, pass: true },
  });
  // Who is not in the sample will not be tomorrow.
  expect(nobody!.gates.find(({ gate }) => gate === "sample")).toMatchObject({
    rule: 1e-12,
    value: expect.any(Number),
    pass: false,
    next: Infinity,
  });
});

test("gates pass when the page, the user and the address do, and the triggers are armed", async () => {
  const page = await open("/gates/there");
  await page.evaluate(() => {
    window.askwell!("identify", "u", { plan: "pro" });
    history.pushState(null, "", "/gates/here");
  });
  const [, nps] = await explain(page);
  expect(nps).toMatchObject({ passes: true, triggers: [{ state: "armed" }] });

  await page.evaluate(() => {
    const dialog = document.createElement("dialog");
    document.body.append(dialog);
    dialog.showModal();
  });
  expect(await gates(page)).toMatchObject({ modal: { value: true, pass: false } });
});

test("who asks not to be tracked sees no other gate", async () => {
  const page = await newPage();
  await page.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true }));
  await page.goto(`${origin}/gates/here`);
  await ready(page);
  const [, nps] = await explain(page);
  expect(nps!.gates[0]).toEqual({ gate: "privacy_signals", rule: "honour", value: true, pass: false, next: undefined });
  expect(nps!.gates.some(({ gate }) => gate === "url")).toBe(false);
});

test("what was shown, closed and answered says until when it rests", async () => {
  const page = await open("/gates/here");
  const since = Date.now();
  await page.evaluate(() => {
    window.askwell!("identify", "u", { plan: "pro" });
    window.askwell!("show", "nobody");
  });
  await choice(page, 5).waitFor();
  await painted(page);
  expect(await gates(page)).toMatchObject({
    page_view: { value: 1, pass: false },
    open: { value: "nobody", pass: false },
    min_gap_days: { pass: false, value: expect.any(Number), next: expect.any(Number) },
  });
  const { min_gap_days } = await gates(page);
  expect(min_gap_days!.next! - (min_gap_days!.value as number)).toBe(20 * day);
  expect(min_gap_days!.value as number).toBeGreaterThanOrEqual(since - 1_000);
  await panel(page).getByRole("button", { name: "Close" }).click();

  await page.evaluate(() => window.askwell!("show", "nps"));
  await choice(page, 5).waitFor();
  await panel(page).getByRole("button", { name: "Close" }).click();
  const { after_dismissal_days, max_shows, open: none } = await gates(page);
  expect(max_shows).toMatchObject({ value: 1, pass: true });
  expect(none).toMatchObject({ pass: true });
  expect(after_dismissal_days).toMatchObject({ pass: false });
  expect(after_dismissal_days!.next! - (after_dismissal_days!.value as number)).toBe(40 * day);

  await page.evaluate(() => window.askwell!("show", "nps"));
  await choice(page, 5).click();
  expect(await gates(page)).toMatchObject({ answered: { pass: false, value: expect.any(Number), next: Infinity } });
});

test("one survey a session, and a full one is none of those that may show", async () => {
  const page = await open("/one?askwell=explain");
  await tools(page).locator("header").waitFor();
  await leaveThroughTop(page);
  await choice(page, 5).waitFor();
  await painted(page);
  expect(await gates(page, "b")).toMatchObject({ per_session: { rule: 1, value: 1, pass: false, next: undefined } });

  // Its last question answered, the quota is used up.
  await choice(page, 5).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await panel(page).getByText("We are sorry").waitFor();
  await expect
    .poll(async () => {
      const reply = await fetch(`${collector.url}/w/one.json`);
      return ((await reply.json()) as { full?: string[] }).full;
    })
    .toEqual(["a"]);
  const other = await open("/one?askwell=explain");
  const full = tools(other).locator("details", { hasText: "Kept away by quota" });
  await full.waitFor();
  expect(await full.locator("h2").textContent()).toContain("a");
});

test("a trigger that cannot work says why, and one that fired says when", async () => {
  const page = await open("/shop?askwell=explain");
  await tools(page).locator("header").waitFor();
  await page.evaluate(() => {
    window.askwell!("on", "shown", () => {});
  });
  await leaveThroughTop(page);
  await choice(page, 5).waitFor();
  const [broken, nps] = await explain(page);
  expect(broken).toMatchObject({ survey: "broken", triggers: [{ state: expect.stringContaining("SyntaxError") }] });
  expect(nps).toMatchObject({
    survey: "nps",
    triggers: [{ state: "armed", fired: { at: expect.any(Number), reason: "pointer_top" } }],
  });
  await tools(page).getByText("not a valid selector").waitFor();
  await tools(page).locator("summary", { hasText: "nps" }).click();
  await tools(page)
    .getByText(/^Fired .*: pointer_top$/)
    .waitFor();
});

test.each(["a plain page", "one with a strict policy"])(
  "the panel draws on %s, changes with what is so, and goes",
  async (on) => {
    const page = await newPage();
    await page.goto(`${on === "a plain page" ? origin : strict}/shop?askwell=explain`);
    await ready(page);
    await tools(page).getByText("1 of 2 can show").waitFor();
    await row(page, "modal").getByText("No modal dialog").waitFor();

    // What has the focus keeps it, what was closed stays closed.
    const summary = tools(page).locator("summary").first();
    await summary.press("Enter");
    await tools(page).locator("summary", { hasText: "nps" }).press("Enter");
    const show = tools(page).getByRole("button", { name: "Show nps now" });
    await show.focus();
    await show.press("Enter");
    await choice(page, 5).waitFor();
    await row(page, "open").getByText("It is open now").waitFor();
    await tools(page).getByText("0 of 2 can show").waitFor();
    await row(page, "min_gap_days")
      .getByText(/rests for 30 days, until \d/)
      .waitFor();
    await row(page, "min_gap_days")
      .getByText(/^Could pass in 30 days, \d/)
      .waitFor();
    expect(await tools(page).locator("details[open]").count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("askwell-tools");
    // Both can be reached: they lie in different corners.
    await choice(page, 5).click({ trial: true });
    await show.click({ trial: true });
    // Of the trigger that cannot work the console hears too.
    expect(page.complaints.filter((text) => !text.includes("is not a valid selector"))).toEqual([]);

    await page.evaluate(() => window.askwell!("destroy"));
    await tools(page).waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.documentElement.children.length)).toBe(2);
  },
);

test("a forgotten visitor is a new one, of whom the page knows what it said", async () => {
  const page = await open("/gates/here?askwell=explain");
  await page.evaluate(() => {
    window.askwell!("identify", "u", { plan: "pro" });
    window.askwell!("show", "nps");
  });
  await choice(page, 5).click();
  const visitor = () => page.evaluate(() => JSON.parse(localStorage.getItem("askwell:gates:visitor")!).visitor);
  const before = await visitor();
  expect((await gates(page)).answered!.pass).toBe(false);
  await tools(page).getByRole("button", { name: "Forget this visitor" }).click();
  await tools(page).getByText("Forgotten: a first visit").waitFor();
  expect((await explain(page))[1]!.passes).toBe(true);
  expect(await panel(page).count()).toBe(0);
  expect(await visitor()).not.toBe(before);
});

test("the explanation is copied as JSON", async () => {
  const page = await open("/gates/there?askwell=explain", { permissions: ["clipboard-read", "clipboard-write"] });
  await tools(page).getByRole("button", { name: "Copy as JSON" }).click();
  await tools(page).getByText("Copied").waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied).toMatchObject({ site: "gates", url: page.url(), surveys: [{ survey: "nobody" }, { survey: "nps" }] });
  expect(copied.surveys[0].gates).toContainEqual(expect.objectContaining({ gate: "sample", next: "Infinity" }));
});

test("on a phone it is a chip, which keys and fingers open and close", async () => {
  const page = await open("/shop?askwell=explain", { viewport: { width: 390, height: 844 }, hasTouch: true });
  const chip = tools(page).locator(".chip");
  await chip.waitFor();
  expect(await tools(page).locator("details").count()).toBe(0);
  await chip.tap();
  await tools(page).locator("details").first().waitFor();
  await page.keyboard.press("Escape");
  await tools(page).locator("details").first().waitFor({ state: "detached" });
  expect(await chip.getAttribute("aria-expanded")).toBe("false");
});
