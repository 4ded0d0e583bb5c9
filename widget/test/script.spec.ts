import { beforeAll, expect, test } from "vitest";
import {
  asks,
  type Collector,
  choice,
  leaveThroughTop,
  newPage,
  nextBorn,
  panel,
  ready,
  servePages,
  show,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { exitIntent, npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let plain: string;
let strict: string;
beforeAll(async () => {
  collector = await startCollector();
  const stub = `<script>window.askwell=window.askwell||function(){(askwell.q=askwell.q||[]).push(arguments)};
    askwell("identify","u-42",{plan:"pro",seats:3});askwell("on","shown",id=>document.title="shown "+id);askwell("show","nps")</script>`;
  const pages = (path: string) => {
    const script = `${collector.url}/w/shop.js`;
    if (path === "/unknown") return plainPage(`${collector.url}/w/nobody.js`);
    // The script comes last, whatever the network does: the stub was there and heard nothing.
    if (path === "/silent")
      return plainPage("", "<script>window.askwell=function(){}</script>").replace('async src=""', `src="${script}"`);
    if (path === "/early") return plainPage(script, stub);
    if (path === "/twice") return plainPage(script, `<script async src="${script}"></script>`);
    return plainPage(script, "", path.slice(1) || "en");
  };
  plain = await servePages(pages);
  strict = await servePages(pages, undefined, {
    "Content-Security-Policy": `default-src 'none'; script-src ${collector.url}; connect-src ${collector.url}; require-trusted-types-for 'script'; trusted-types 'none'`,
  });
  await collector.publish(
    "shop",
    [plain, strict],
    [
      npsSurvey([exitIntent]),
      npsSurvey([], {
        id: "csat",
        questions: [{ id: "csat", type: "csat", title: "How satisfied are you?" }],
        endings: [],
      }),
    ],
  );
});

test("the script of an unknown site throws nothing on the page", async () => {
  const page = await newPage();
  const thrown: string[] = [];
  page.on("pageerror", (error) => thrown.push(String(error)));
  await page.goto(`${plain}/unknown`, { waitUntil: "load" });
  expect((await fetch(`${collector.url}/w/nobody.js`)).status).toBe(404);
  expect(thrown).toEqual([]);
  expect(await page.evaluate(() => "askwell" in window)).toBe(false);
});

test("calls made before the script has loaded are done when it has", async () => {
  const page = await newPage();
  await page.goto(`${plain}/early`);
  await choice(page, 0).waitFor();
  await page.waitForFunction(() => document.title === "shown nps");
  await expect
    .poll(() => collector.responses("shop", "nps"))
    .toContainEqual(expect.objectContaining({ user: "u-42", traits: { plan: "pro", seats: 3 } }));
});

test("what the page says badly of the user and the cart costs no answer", async () => {
  const page = await newPage();
  await page.goto(`${plain}/en`);
  await ready(page);
  await page.evaluate(() => {
    const askwell = window.askwell as unknown as (...call: unknown[]) => void;
    askwell("identify", "u".repeat(300), {
      plan: "x".repeat(300),
      address: { city: "Łódź" },
      age: NaN,
      ["a".repeat(80)]: 1,
    });
    askwell("cart", { value: "49.90", items: 0.5, currency: "EURO" });
    askwell("track", 7);
    askwell("cartt", {});
  });
  await show(page, "nps");
  await expect
    .poll(async () => (await collector.responses("shop", "nps"))[0])
    .toMatchObject({
      user: "u".repeat(200),
      traits: { plan: "x".repeat(200), age: null },
      cart: { value: 49.9, items: 0.5, currency: "EUR" },
    });
});

test("a button that is clicked twice asks once", async () => {
  const page = await newPage();
  await page.goto(`${plain}/en`);
  await show(page, "nps");
  await page.evaluate(() => window.askwell!("show", "nps"));
  await panel(page).getByRole("button", { name: "Close" }).click();
  await page.evaluate(() => window.askwell!("show", "csat"));
  await asks(page, "How satisfied"); // and not the first again
});

test("what stands under the widget's keys, in q or in the data layer breaks nothing", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    localStorage.setItem("askwell:shop:visitor", "null");
    localStorage.setItem("askwell:shop:response:x", "{not json");
    const getter = Object.defineProperty({}, "event", {
      get() {
        throw new Error("mine");
      },
    });
    Object.assign(window, {
      askwell: Object.assign(() => {}, { q: [null] }),
      dataLayer: [null, "text", () => {}, getter],
    });
  });
  await page.goto(`${plain}/en`);
  await show(page, "nps");
  await choice(page, 8).click();
  await expect.poll(async () => (await collector.responses("shop", "nps"))[0]?.answers).toEqual({ nps: 8 });
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(":response:"))))
    .toEqual([]);
});

test("a stub that heard nothing does not keep the script from starting", async () => {
  const page = await newPage();
  await page.goto(`${plain}/silent`);
  await ready(page);
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
});

test("show() while another survey is open waits until that one is closed", async () => {
  const page = await newPage();
  await page.goto(`${plain}/en`);
  await show(page, "nps");
  await page.evaluate(() => window.askwell!("show", "csat"));
  expect(await panel(page).count()).toBe(1);
  await panel(page).getByRole("button", { name: "Close" }).click();
  await asks(page, "How satisfied");
  expect(await panel(page).count()).toBe(1);
});

test("two requests show a survey, and none is needed to decide", async () => {
  const page = await newPage();
  const requests: string[] = [];
  page.on(
    "request",
    (request) =>
      request.url().startsWith(collector.url) &&
      requests.push(`${request.method()} ${new URL(request.url()).pathname}`),
  );
  await page.goto(`${plain}/en`);
  await ready(page);
  expect(requests).toEqual(["GET /w/shop.js"]);
  await leaveThroughTop(page);
  await choice(page, 0).waitFor();
  await expect
    .poll(() => requests.slice(1))
    .toEqual([expect.stringMatching(/^GET \/w\/a\/[\w-]{43}\.js$/), "POST /w/shop"]);
});

test("a survey works under a strict content security policy and Trusted Types, with a clean console", async () => {
  const page = await newPage();
  await page.goto(`${strict}/en`);
  await ready(page);
  page.complaints.length = 0; // the page's own style attribute, which its policy forbids
  await leaveThroughTop(page);
  await choice(page, 9).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  expect(page.complaints).toEqual([]);
});

test.each([
  ["pl", "pl-PL", "Jak bardzo prawdopodobne"],
  ["pl-PL", "en-US", "Jak bardzo prawdopodobne"],
  ["de", "pl-PL", "How likely"], // the page's language is not there: the survey's own, not the browser's
])("a page in %s is asked in its language (browser: %s)", async (lang, locale, words) => {
  const page = await newPage({ locale });
  await page.goto(`${plain}/${lang}`);
  await ready(page);
  await page.evaluate(() => window.askwell!("show", "nps"));
  await asks(page, words);
});

test("the script twice on a page counts once", async () => {
  const page = await newPage();
  await page.goto(`${plain}/twice`);
  await page.waitForLoadState("load");
  await page.evaluate(() => window.askwell!("show", "nps"));
  await choice(page, 0).waitFor();
  expect(await panel(page).count()).toBe(1);
});

test("destroy() leaves nothing behind, and is no dismissal", async () => {
  const page = await newPage();
  await page.goto(`${plain}/en`);
  await ready(page);
  const before = (await collector.responses("shop", "nps")).length;
  const born = nextBorn(page);
  await page.evaluate(() => window.askwell!("show", "nps"));
  await born;
  await page.evaluate(() => window.askwell!("destroy"));
  expect(await panel(page).count()).toBe(0);
  expect(await page.evaluate(() => "askwell" in window)).toBe(false);
  expect(await page.evaluate(() => document.querySelectorAll("link[rel=modulepreload]").length)).toBe(0);
  await leaveThroughTop(page);
  await expect.poll(async () => (await collector.responses("shop", "nps")).length).toBe(before + 1);
  expect((await collector.responses("shop", "nps"))[0]!.dismissed_at).toBeUndefined();
});
