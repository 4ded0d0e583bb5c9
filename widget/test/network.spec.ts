import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Config, Definition, ResponseView } from "../../sdk/src/wire.ts";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { type Network, startNetwork } from "./network.ts";
import { plainPage } from "./surveys.ts";

// The network fails at every step of a survey and comes back: the collector must hold each response once.

const survey: Definition = {
  id: "three",
  name: "Three questions",
  languages: ["en"],
  questions: [
    { id: "nps", type: "nps", title: "How likely?" },
    { id: "csat", type: "csat", title: "How satisfied?" },
    { id: "why", type: "text", title: "Why?" },
  ],
  endings: [{ title: "Thank you!" }],
  frequency: { min_gap_days: 0 },
};
const answers = { nps: 7, csat: 4, why: "Zażółć gęślą jaźń" };
const questions = ["How likely?", "How satisfied?", "Why?"];
const send = (page: Page) => panel(page).getByRole("button", { name: "Send" }).click();
/** What a visitor does, and what is there afterwards. */
const steps: { name: string; act(page: Page): Promise<void>; seen(page: Page): Promise<void> }[] = [
  {
    name: "shown",
    act: (page) => page.evaluate(() => window.askwell!("show", "three")),
    seen: (page) => choice(page, 10).waitFor(),
  },
  { name: "first answer", act: (page) => choice(page, 7).click(), seen: (page) => asked(page, 1) },
  { name: "second answer", act: (page) => choice(page, 4).click(), seen: (page) => asked(page, 2) },
  {
    name: "completed",
    act: async (page) => {
      await panel(page).getByRole("textbox").fill(answers.why);
      await send(page);
    },
    seen: (page) => panel(page).getByText("Thank you!").waitFor(),
  },
];
const asked = (page: Page, n: number) => panel(page).getByText(questions[n]!, { exact: true }).waitFor();

useBrowser();
let collector: Collector;
/** Each visitor has a network, and a site, of their own: they are tried side by side. */
let visitors = 0;
beforeAll(async () => {
  collector = await startCollector();
});

type Visitor = {
  page: Page;
  network: Network;
  url: string;
  responses(): Promise<ResponseView[]>;
  /** The network is back, and the wait of the queue over. */
  back(page: Page): Promise<void>;
};

async function visit(prefetch = true): Promise<Visitor> {
  const site = `site-${++visitors}`;
  const network = await startNetwork(collector);
  const origin = await servePages(() => plainPage(`${network.url}/w/${site}.js`));
  await collector.publish(site, [origin], [survey]);
  const page = await newPage();
  await page.clock.install();

  await page.goto(origin);
  await ready(page);
  if (prefetch) {
    // As a trigger does before it fires: the face is there when the network fails.
    const { surveys } = (await (await fetch(`${network.url}/w/${site}.json`)).json()) as Config;
    await page.evaluate(`import("${network.url}/w/a/${surveys[0]!.faces.en}.js").then(() => {})`);
  }
  return {
    page,
    network,
    url: origin,
    responses: () => collector.responses(site, "three"),
    async back(on) {
      network.state = "up";
      await ready(on);
      await on.clock.fastForward(300_000);
    },
  };
}

const failures: Record<string, (visitor: Visitor) => Promise<unknown>> = {
  "requests are lost": async ({ network }) => (network.state = "cut"),
  "replies are lost": async ({ network }) => (network.state = "lost"),
  "the collector says 503": async ({ network }) => (network.state = { status: 503 }),
  "the visitor is offline": ({ page }) => page.context().setOffline(true),
};

const whole = [{ state: "completed", answers, trigger: { type: "api" }, class: "live" }];
const stored = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(":response:")).length);
const arrivedWhole = async ({ responses }: Visitor, page: Page, at: string) => {
  await expect.poll(responses, { message: at }).toMatchObject(whole);
  await expect.poll(() => stored(page), { message: at }).toBe(0);
};

test.each(Object.keys(failures))("%s, from any step on; the visitor goes on to the end", async (failure) => {
  await Promise.all(
    steps.map(async ({ name }, failing) => {
      const visitor = await visit();
      const { page } = visitor;
      for (const [i, step] of steps.entries()) {
        if (i === failing) await failures[failure]!(visitor);
        await step.act(page);
        await step.seen(page);
      }
      await page.context().setOffline(false);
      await visitor.back(page);
      await arrivedWhole(visitor, page, name);
    }),
  );
});

/** How a page is left, and the page on which the visitor is then. */
const ways: Record<string, (visitor: Visitor) => Promise<Page>> = {
  "reloads the page": async ({ page }) => {
    await page.reload();
    return page;
  },
  "goes to another page": async ({ page, url }) => {
    await page.goto(`${url}/another`);
    return page;
  },
  "closes the tab": async ({ page, url }) => {
    const next = await page.context().newPage();
    await page.close({ runBeforeUnload: false });
    await next.goto(url);
    return next;
  },
};

test.each(Object.keys(ways))(
  "without a network from any step on, the visitor %s, and goes on when it is back",
  async (way) => {
    await Promise.all(
      steps.map(async ({ name }, failing) => {
        const visitor = await visit();
        let { page } = visitor;
        for (const [i, step] of steps.entries()) {
          if (i === failing) visitor.network.state = "cut";
          await step.act(page);
          await step.seen(page);
          if (i !== failing) continue;
          page = await ways[way]!(visitor);
          visitor.network.state = "up";
          await page.reload(); // the script is there again
          await visitor.back(page);
          // Nothing was answered yet: the survey does not come again by itself, and what was shown is counted.
          if (i === 0) {
            await expect.poll(visitor.responses, { message: name }).toMatchObject([{ state: "shown", answers: {} }]);
            return;
          }
          if (i < 3) await asked(page, i);
        }
        await arrivedWhole(visitor, page, name);
      }),
    );
  },
);

test.each(["cut", "up", "slow"] as const)(
  "with the network %s, the page is left at once after any step",
  async (state) => {
    await Promise.all(
      steps.slice(1).map(async ({ name }, n) => {
        const visitor = await visit();
        const { page, network } = visitor;
        for (const step of steps.slice(0, n + 1)) {
          await step.act(page);
          await step.seen(page);
        }
        network.state = state;
        await steps[n + 1]!.act(page);
        const next = await page.context().newPage();
        await page.close();
        const given = Object.fromEntries(Object.entries(answers).slice(0, n + 1));
        const arrived = [{ state: n === 2 ? "completed" : "partial", answers: given }];
        if (state === "cut") {
          await next.goto(visitor.url);
          network.state = "up";
          await next.reload();
          await visitor.back(next);
        }
        // Where the network is up, nobody comes back: what was sent as the page was left has to do.
        await expect.poll(visitor.responses, { message: name }).toMatchObject(arrived);
      }),
    );
  },
);

test("without a network as the survey is about to show, it does not, and shows the next time", async () => {
  const visitor = await visit(false);
  const { page, network } = visitor;
  network.state = "cut";
  await page.evaluate(() => {
    window.askwell!("on", "error", () => (document.title = "error"));
    window.askwell!("show", "three");
  });
  await page.waitForFunction(() => document.title === "error");
  expect(await panel(page).count()).toBe(0);
  network.state = "up";
  for (const step of steps) {
    await step.act(page);
    await step.seen(page);
  }
  await arrivedWhole(visitor, page, "after the face");
});

test("two tabs that go on with the same response keep it one", async () => {
  const visitor = await visit();
  const { page, url } = visitor;
  for (const step of steps.slice(0, 2)) {
    await step.act(page);
    await step.seen(page);
  }
  // As a tab that was duplicated: both find the survey that was left.
  await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
  const other = await page.context().newPage();
  await other.goto(url);
  await asked(other, 1);
  for (const step of steps.slice(2)) {
    await step.act(other);
    await step.seen(other);
  }
  await choice(page, 1).click(); // the first goes on too, behind what the other has said
  await asked(page, 2);
  await arrivedWhole(visitor, other, "two tabs");
});
