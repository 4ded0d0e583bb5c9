import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Explanation } from "../../sdk/src/explanation.ts";
import type { FormAbandonmentTrigger, Response } from "../../sdk/src/wire.ts";
import {
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  nextBorn,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;

const sites: Record<string, FormAbandonmentTrigger> = {
  exit: { type: "form_abandonment", when: ["exit"] },
  leave: { type: "form_abandonment", when: ["leave_page"] },
  idle: { type: "form_abandonment", when: ["idle"] },
  search: { type: "form_abandonment", selector: "#search" },
  wrong: { type: "form_abandonment", selector: "form[" },
};

/** Shows on the next page where the form did not: later than the form would. */
const control = npsSurvey([{ type: "time_on_page", seconds: 3 }], {
  id: "control",
  targeting: { url: [{ contains: "next" }] },
});

const body = `<form id="contact" action="next"><input name="mail" placeholder="Mail"><input id="town" placeholder="Town"><input type="password" placeholder="Password">
<input type="checkbox" name="terms"><select name="size"><option value="">Size</option><option>S</option></select>
<button>Send</button><button type="reset">Reset</button></form>
<form id="search" action="next"><input type="hidden" name="in" value="all"><input name="q" placeholder="Search"><button>Go</button></form><a href="next">Next</a>
<script>{
  const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
  root.innerHTML = '<form><input name="a" placeholder="Inside"><input name="b"><button type="submit">Send inside</button></form>';
  root.querySelector("form").onsubmit = (event) => event.preventDefault();
}</script>`;

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => {
    const [, site, page] = path.split("/");
    return site! in sites ? plainPage(`${collector.url}/w/${site}.js`, page === "form" ? body : "") : undefined;
  });
  for (const [site, options] of Object.entries(sites))
    await collector.publish(site, [origin], [npsSurvey([options]), control]);
});

async function open(site: string): Promise<Page> {
  const page = await newPage();
  await page.goto(`${origin}/${site}/form`);
  await ready(page);
  return page;
}

async function type(page: Page, placeholder: string, text = "abc"): Promise<void> {
  await page.getByPlaceholder(placeholder).click();
  await page.keyboard.type(text);
}

/** What shows first after this. */
async function first(page: Page, go: () => Promise<unknown>): Promise<Response["trigger"]> {
  const born = nextBorn(page);
  await go();
  return (await born).trigger;
}

/** What leaving through the top shows; show() comes after it. */
const leave = (page: Page) =>
  first(page, async () => {
    await leaveThroughTop(page);
    await page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1)); // what fired is weighed in a timer of its own
      window.askwell!("show", "nps");
    });
  });

const by = (reason: string, field: string) => ({ type: "form_abandonment", reason, field });

test("a form that was started and is being left shows the survey, with the field's name and nothing of its content", async () => {
  const page = await open("exit");
  await type(page, "Mail", "secret@example.com");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  await expect.poll(() => collector.responses("exit", "nps")).toHaveLength(1);
  expect((await collector.responses("exit", "nps"))[0]).toMatchObject({ trigger: by("pointer_top", "mail") });
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(sent.join() + kept).not.toContain("secret");
});

test.each<[string, string, (page: Page) => Promise<unknown>]>([
  [
    "the last field",
    "town",
    async (page) => {
      await type(page, "Mail");
      await type(page, "Town");
    },
  ],
  ["a password's field, which has neither name nor id", "password", (page) => type(page, "Password")],
  ["a checkbox", "terms", (page) => page.locator("[name=terms]").click()],
  [
    "a select",
    "size",
    async (page) => {
      await page.locator("[name=size]").focus();
      await page.keyboard.press("S");
    },
  ],
  ["a field in a shadow root", "a", (page) => type(page, "Inside")],
  [
    "a field of a form that was sent, changed since",
    "town",
    async (page) => {
      await page.evaluate(() =>
        document.querySelector("form")!.addEventListener("submit", (event) => event.preventDefault()),
      );
      await type(page, "Mail");
      await page.keyboard.press("Enter");
      await type(page, "Town");
    },
  ],
])("it stops at %s", async (_, field, start) => {
  const page = await open("exit");
  await start(page);
  expect(await leave(page)).toEqual(by("pointer_top", field));
});

const prevent = (page: Page) =>
  page.evaluate(() => document.addEventListener("submit", (event) => event.preventDefault()));

test.each<[string, (page: Page) => Promise<unknown>]>([
  ["not started", (page) => page.getByPlaceholder("Mail").click()],
  [
    "filled in by a script",
    (page) =>
      page.evaluate(() => {
        const field = document.querySelector<HTMLInputElement>("[name=mail]")!;
        field.value = "a";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }),
  ],
  ["of one field", (page) => type(page, "Search")],
  [
    "sent, in whatever way the page does it",
    async (page) => {
      await prevent(page);
      await type(page, "Mail");
      await page.keyboard.press("Enter");
    },
  ],
  [
    "sent by a script that collects what it sends",
    async (page) => {
      await type(page, "Mail");
      await page.evaluate(() => new FormData(document.querySelector("form")!));
    },
  ],
  [
    "sent inside a shadow root",
    async (page) => {
      await type(page, "Inside");
      await page.getByText("Send inside").click();
    },
  ],
  [
    "reset",
    async (page) => {
      await type(page, "Mail");
      await page.getByText("Reset").click();
    },
  ],
  [
    "emptied",
    async (page) => {
      await type(page, "Mail", "a");
      await page.keyboard.press("Backspace");
    },
  ],
  [
    "emptied by the page",
    async (page) => {
      await type(page, "Mail");
      await page.evaluate(() => {
        document.querySelector<HTMLInputElement>("[name=mail]")!.value = "";
      });
    },
  ],
  [
    "gone from the page",
    async (page) => {
      await type(page, "Mail");
      await page.evaluate(() => document.querySelector("form")!.remove());
    },
  ],
])("a form that was %s shows nothing", async (_, before) => {
  const page = await open("exit");
  await before(page);
  expect(await leave(page)).toEqual({ type: "api" });
});

test("a form of one field counts where it is named", async () => {
  const page = await open("search");
  await type(page, "Search");
  expect(await leave(page)).toEqual(by("pointer_top", "q"));
});

test("opening another page shows it there, with the field", async () => {
  const page = await open("leave");
  await type(page, "Town");
  expect(await first(page, () => page.getByText("Next").click())).toEqual(by("left_page", "town"));
});

test("a route of a single-page app on which the form is gone shows it", async () => {
  const page = await open("leave");
  await type(page, "Town");
  const go = () =>
    page.evaluate(() => {
      history.pushState({}, "", "next");
      setTimeout(() => document.querySelector("form")!.remove(), 100);
    });
  expect(await first(page, go)).toEqual(by("left_page", "town"));
});

test("a form that stays on the page through a route change goes on", async () => {
  const page = await open("leave");
  await type(page, "Town");
  expect(await first(page, () => page.evaluate(() => history.pushState({}, "", "next")))).toMatchObject({
    type: "time_on_page",
  });
  const other = await open("exit");
  await type(other, "Town");
  await other.evaluate(() => history.pushState({}, "", "form?step=2"));
  expect(await leave(other)).toEqual(by("pointer_top", "town"));
});

test.each<[string, (page: Page) => Promise<unknown>]>([
  ["sent", (page) => page.keyboard.press("Enter")],
  [
    "sent by form.submit(), which tells nobody",
    (page) => page.evaluate(() => document.querySelector("form")!.submit()),
  ],
  [
    "emptied by the page",
    (page) =>
      page.evaluate(() => {
        document.querySelector<HTMLInputElement>("#town")!.value = "";
        document.querySelector("a")!.click();
      }),
  ],
  [
    "left two pages ago",
    async (page) => {
      for (const path of ["other", "next"]) {
        await page.evaluate((path) => location.assign(path), path);
        await page.waitForURL(`**/${path}`);
      }
    },
  ],
  [
    "left, where the next page is loaded again",
    async (page) => {
      await page.route("**/w/leave.js", (route) => route.abort());
      await page.getByText("Next").click();
      await page.waitForURL("**/next");
      await page.unroute("**/w/leave.js");
      await page.reload();
    },
  ],
])("on the next page, a form that was %s shows nothing", async (_, go) => {
  const page = await open("leave");
  await type(page, "Town");
  expect(await first(page, () => go(page))).toMatchObject({ type: "time_on_page" });
});

test("loading the form's page again shows nothing", async () => {
  const page = await open("leave");
  await type(page, "Town");
  await page.evaluate(() => history.replaceState({}, "", "form?next"));
  expect(await first(page, () => page.reload())).toMatchObject({ type: "time_on_page" });
});

test("doing nothing in a form shows it", async () => {
  const page = await newPage();
  await page.clock.install();
  await page.goto(`${origin}/idle/form`);
  await ready(page);
  await page.clock.fastForward(61_000); // not before it is started
  await type(page, "Mail");
  const start = await page.evaluate(() => Date.now());
  const born = nextBorn(page);
  await page.clock.fastForward(59_000);
  await page.clock.fastForward(2_000);
  await page.clock.fastForward(60_000);
  const { trigger, shown_at } = await born;
  expect(trigger).toEqual(by("idle", "mail"));
  expect(shown_at - start).toBeGreaterThanOrEqual(59_900);
});

test("a selector that is none disables the trigger, and says so", async () => {
  const page = await open("wrong");
  const surveys = await page.evaluate(() => window.askwell!("explain") as unknown as Explanation[]);
  expect(surveys.find(({ survey }) => survey === "nps")!.triggers[0]!.state).toContain("form[");
});
