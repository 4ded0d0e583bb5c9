import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { explain } from "./fired.ts";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  nextBorn,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey, plainPage } from "./surveys.ts";

// What happens between a moment and its survey.
useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const [, site, frame] = path.split("/");
    const hidden = `<iframe src="/${site}" style="display:none"></iframe>`;
    return plainPage(`${collector.url}/w/${site}.js`, frame === "framed" ? hidden : "");
  });
  await collector.publish("twice", [origin], [npsSurvey([exitIntent, { type: "event", name: "now" }])]);
  const now = npsSurvey([{ type: "event", name: "now" }]);
  await collector.publish("framed", [origin], [now]);
  await collector.publish("fails", [origin], [now]);
  await collector.publish(
    "places",
    [origin],
    [
      npsSurvey([{ type: "event", name: "now" }], { priority: 1, theme: { position: "inline", selector: "#there" } }),
      npsSurvey([{ type: "event", name: "now" }], { id: "other" }),
      npsSurvey([{ type: "event", name: "bad" }], {
        id: "bad",
        priority: 1,
        theme: { position: "inline", selector: "a[" },
      }),
      npsSurvey([{ type: "event", name: "bad" }], { id: "good" }),
    ],
  );
  await collector.api("PUT", "/v1/sites/zone", {
    site: "zone",
    name: "Zone",
    origins: [origin],
    timezone: "Europe/Kyiv",
  });
  for (const survey of [
    npsSurvey([{ type: "event", name: "now" }], {
      id: "days",
      priority: 1,
      targeting: { schedule: { start: "00:00" } },
    }),
    now,
  ]) {
    await collector.api("PUT", `/v1/sites/zone/surveys/${survey.id}`, survey);
    await collector.api("POST", `/v1/sites/zone/surveys/${survey.id}/publish`);
  }
  await collector.publish(
    "button",
    [origin],
    [
      npsSurvey([{ type: "feedback_button" }]),
      npsSurvey([{ type: "event", name: "never", delay_seconds: 60 }], { id: "other" }),
      npsSurvey([{ type: "feedback_button" }], { id: "third" }),
    ],
  );
});

const open = async (site: string): Promise<Page> => {
  const page = await newPage();
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
};

test("a second moment of a survey that is still on its way changes nothing", async () => {
  const page = await open("twice");
  let come = () => {};
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route("**/w/a/*.js", async (route) => {
    await held;
    await route.continue();
  });
  await leaveThroughTop(page);
  await page.evaluate(() => {
    window.askwell!("identify", "u-1");
    window.askwell!("track", "now");
  });
  await leaveThroughTop(page);
  come();
  await choice(page, 9).click();
  await page.evaluate(() => window.askwell!("track", "now"));
  expect(await panel(page).count()).toBe(1);
  await page.evaluate(() => window.askwell!("destroy"));
  expect(await panel(page).count()).toBe(0); // the engine still knows it
  await expect.poll(() => collector.responses("twice", "nps")).toHaveLength(1);
});

test("a button opens and closes its survey, again and again, also where another survey waits for a delay", async () => {
  const page = await open("button");
  const button = page.locator("askwell-feedback").first().getByRole("button");
  const born = nextBorn(page);
  await button.click();
  expect((await born).survey).toBe("nps");
  await choice(page, 9).waitFor();
  await button.click();
  await expect.poll(() => panel(page).count()).toBe(0);
  await button.click(); // nothing rests for who asks; and of two that share it, the second does not come after the first
  await choice(page, 9).click();
  await panel(page).getByRole("button", { name: "Close" }).click();
  await expect.poll(() => panel(page).count()).toBe(0);
  await page.goto(`${origin}/button/next`);
  await ready(page);
  await button.click();
  await choice(page, 9).waitFor();
  expect(await collector.responses("button", "third")).toEqual([]);
});

test("a frame without a place on the page shows nothing, and no frame is a page view", async () => {
  const page = await newPage();
  await page.goto(`${origin}/framed/framed`);
  const frame = page.frames()[1]!;
  for (const one of [page, frame]) await one.waitForFunction(() => window.askwell?.loaded);
  await frame.evaluate(() => window.askwell!("track", "now"));
  await frame.evaluate(() => new Promise((resolve) => setTimeout(resolve))); // after the engine's own
  const remembered = () => page.evaluate(() => JSON.parse(localStorage.getItem("askwell:framed:visitor")!));
  expect(await remembered()).toMatchObject({ session: { views: 1, shown: 0 } });
  const born = nextBorn(page);
  await page.evaluate(() => window.askwell!("track", "now"));
  expect((await born).page!.url).toBe(`${origin}/framed/framed`);
  expect(await frame.locator("askwell-survey").count()).toBe(0);
});

test("a page on which a survey cannot be drawn keeps no other tab from it", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    CSSStyleSheet.prototype.replaceSync = () => {
      throw new Error("no");
    };
  });
  await page.goto(`${origin}/fails`);
  await ready(page);
  await page.evaluate(() => {
    window.askwell!("on", "error", () => (document.title = "error"));
    window.askwell!("track", "now");
  });
  await page.waitForFunction(() => document.title === "error");
  const other = await page.context().newPage();
  await other.goto(`${origin}/fails`);
  await ready(other);
  await other.evaluate(() => window.askwell!("track", "now"));
  await choice(other, 0).waitFor();
});

test("a browser that does not know the site's time zone shows what has no schedule", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    Date.prototype.toLocaleString = () => {
      throw new RangeError("Invalid time zone");
    };
  });
  await page.goto(`${origin}/zone`);
  await ready(page);
  const born = nextBorn(page);
  await page.evaluate(() => window.askwell!("track", "now"));
  expect((await born).survey).toBe("nps");
});

test.each<[string, () => void]>([
  ["closed", () => document.querySelector("dialog")!.close()],
  ["taken away", () => document.querySelector("dialog")!.remove()],
])("a moment behind a modal dialog waits until that is %s", async (_, end) => {
  const page = await newPage();
  await page.goto(`${origin}/fails`);
  await ready(page);
  await page.evaluate(() => {
    const dialog = document.createElement("dialog");
    document.body.append(dialog);
    dialog.showModal();
    window.askwell!("track", "now");
  });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve))); // after the engine's own
  expect(await explain(page)).toMatchObject({ nps: { passes: false, triggers: [{ fired: {} }] } });
  expect(await panel(page).count()).toBe(0);
  await page.evaluate(end);
  await choice(page, 0).waitFor();
});

test("a film in full screen is no moment: it waits until that is over", async () => {
  const page = await newPage();
  await page.goto(`${origin}/fails`);
  await ready(page);
  await page.evaluate(() =>
    document.querySelector("h1")!.addEventListener("click", (e) => (e.target as Element).requestFullscreen()),
  );
  await page.locator("h1").click();
  await page.waitForFunction(() => document.fullscreenElement);
  await page.evaluate(() => window.askwell!("track", "now"));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  expect(await panel(page).count()).toBe(0);
  await page.evaluate(() => document.exitFullscreen());
  await choice(page, 0).waitFor();
});

test("however much happens behind a dialog, the page is looked at twice a second, and not where nothing waits", async () => {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/fails`);
  await ready(page);
  const looks = () =>
    page.evaluate(() => {
      const { looks } = window as unknown as { looks: number };
      Object.assign(window, { looks: 0 });
      return looks;
    });
  await page.evaluate(() => {
    const before = window.setTimeout;
    Object.assign(window, { looks: 0 });
    window.setTimeout = ((run: () => void, ms: number) => {
      if (ms === 500) (window as unknown as { looks: number }).looks++;
      return before(run, ms);
    }) as typeof setTimeout;
    const dialog = document.createElement("dialog");
    document.body.append(dialog);
    dialog.showModal();
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.clock.runFor(2_000);
  expect(await looks()).toBe(0);
  await page.evaluate(() => {
    for (let i = 0; i < 50; i++) window.askwell!("track", "now");
  });
  await page.clock.runFor(2_000);
  expect(await looks()).toBeLessThanOrEqual(5);
  await page.evaluate(() => document.querySelector("dialog")!.close());
  await page.clock.runFor(1_000);
  await choice(page, 0).waitFor();
});

async function tracked(event: string) {
  const page = await newPage();
  await page.goto(`${origin}/places`);
  await ready(page);
  const errors = await page.evaluateHandle((event) => {
    const errors: string[] = [];
    window.askwell!("on", "error", (survey) => errors.push(survey!));
    window.askwell!("track", event);
    return errors;
  }, event);
  await choice(page, 9).waitFor();
  return { page, errors, open: (await explain(page)).good?.gates.find(({ gate }) => gate === "open")?.value };
}

test("one that finds no place on the page does not keep the next from its moment, and may try again", async () => {
  const { page, errors, open } = await tracked("now");
  expect(open).toBe("other");
  expect(await errors.jsonValue()).toEqual(["nps"]);
  const why = (await explain(page)).nps?.gates.find(({ gate }) => gate === "place");
  expect(why).toMatchObject({ value: "#there", pass: true });
  await panel(page).getByRole("button", { name: "Close" }).click();
  expect(page.complaints).toEqual([]);
});

test("a place whose selector is none breaks nothing, and is explained", async () => {
  const { page, errors, open } = await tracked("bad");
  expect(open).toBe("good");
  expect(await errors.jsonValue()).toEqual(["bad"]);
  const why = (await explain(page)).bad?.gates.find(({ gate }) => gate === "place");
  expect(why).toMatchObject({ pass: false, value: expect.stringContaining("'a[' is not a valid selector") });
  expect(page.complaints).toEqual([]);
});
