// Sites whose surveys wait for an event of their own name, and what became of such a moment.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Explanation } from "../../sdk/src/explanation.ts";
import type { Definition, Site } from "../../sdk/src/wire.ts";
import { type Collector, choice, panel, ready } from "./harness.ts";
import { npsSurvey } from "./surveys.ts";

/** A survey that shows when the page tracks an event of its name; nothing but the options given keeps it away. */
export const waitsForEvent = (id: string, more: Partial<Definition> = {}): Definition =>
  npsSurvey([{ type: "event", name: id }], { id, ...more });

/** Makes a site with these options and surveys live; one that asks as often as it likes, unless told otherwise. */
export async function publish(
  collector: Collector,
  site: Partial<Site> & Pick<Site, "site" | "origins">,
  surveys: Definition[],
): Promise<void> {
  const all = { name: site.site, fatigue: { per_session: 100 }, ...site };
  await collector.api("PUT", `/v1/sites/${site.site}`, all);
  for (const survey of surveys) {
    await collector.api("PUT", `/v1/sites/${site.site}/surveys/${survey.id}`, survey);
    await collector.api("POST", `/v1/sites/${site.site}/surveys/${survey.id}/publish`);
  }
}

/** Goes to a page, and waits until the script runs. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await ready(page);
}

/** What explain says of all surveys. */
export const explain = (page: Page): Promise<Explanation[]> =>
  page.evaluate(() => new Promise((resolve) => window.askwell!("explain", resolve)));

/** What explain says of one gate of a survey. */
export const gate = async (page: Page, survey: string, name: string) =>
  (await explain(page)).find((one) => one.survey === survey)?.gates.find((one) => one.gate === name);

/**
 * Which survey an event is about to show, and undefined where nothing will: the choice is made before the
 * next timer, so there is no waiting for nothing.
 */
export const chosen = (page: Page, event: string): Promise<string | undefined> =>
  page.evaluate(async (event) => {
    const explain = () => new Promise<Explanation[]>((resolve) => window.askwell!("explain", resolve));
    // Triggers are armed in slices, in idle time. What is about this moment alone keeps none from being armed.
    const moment = ["page_view", "open", "modal"];
    const waits = ({ gates, triggers }: Explanation) =>
      triggers.some(({ trigger, state }) => state === "off" && "name" in trigger && trigger.name === event) &&
      gates.every(({ gate, pass }) => pass || moment.includes(gate));
    for (let i = 0; i < 50 && (await explain()).some(waits); i++)
      await new Promise((resolve) => requestIdleCallback(resolve));
    window.askwell!("track", event);
    await new Promise((resolve) => setTimeout(resolve));
    return (await explain())[0]?.gates.find((gate) => gate.gate === "open")?.value as string | undefined;
  }, event);

/** Which survey an event shows, once it can be answered. */
export async function shows(page: Page, event: string): Promise<string | undefined> {
  const survey = await chosen(page, event);
  if (survey) await choice(page, 9).waitFor();
  return survey;
}

/** Waits until a survey that was chosen is on the page after all, or refused; and returns which gate refused it. */
export async function outcome(page: Page, survey: string, gates: string[]): Promise<string> {
  let found: string | undefined;
  await expect
    .poll(async () => {
      const all = (await explain(page)).find((one) => one.survey === survey)!.gates;
      const refused = all.find(({ gate, pass }) => gates.includes(gate) && !pass)?.gate;
      found = (await choice(page, 9).count()) ? "shown" : refused;
      return found;
    })
    .toBeTruthy();
  return found!;
}

/** Takes a survey away as the visitor does. */
export async function dismiss(page: Page): Promise<void> {
  await panel(page).getByRole("button", { name: "Close" }).click();
  await panel(page).waitFor({ state: "detached" });
}

/** Answers the score, and takes the survey away. */
export async function answer(page: Page, score = 9): Promise<void> {
  await choice(page, score).click();
  await panel(page).getByRole("textbox").waitFor();
  await dismiss(page);
}

/** Everything that this site may have stored in the browser, by key. */
export const stored = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].sort());

/** What is remembered of the visitor. */
export const remembered = (page: Page, site: string): Promise<Record<string, unknown>> =>
  page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? "{}"), `askwell:${site}:visitor`);
