import type { Page } from "playwright-core";
import type { Explanation } from "../../sdk/src/explanation.ts";

/** Why each live survey shows on the page, or not, by its id. */
export const explain = async (page: Page): Promise<Record<string, Explanation>> => {
  const all = await page.evaluate(() => window.askwell!("explain") as unknown as Explanation[]);
  return Object.fromEntries(all.map((one) => [one.survey, one]));
};

/** What a survey's first trigger said when it last fired on this page view: "" where it gives no reason, undefined where it has not fired. */
export async function fired(page: Page, survey = "nps"): Promise<string | undefined> {
  const { fired } = (await explain(page))[survey]!.triggers[0]!;
  return fired && (fired.reason ?? "");
}

/** Waits until the page has drawn what came before: scroll events are sent with a frame. */
export const frames = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
