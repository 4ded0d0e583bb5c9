import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Api, createAskwell } from "../../sdk/src/index.ts";
import {
  asks,
  type Collector,
  choice,
  newPage,
  panel,
  ready,
  root,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { publish, shows, stored, waitsForEvent } from "./moment.ts";
import { npsSurvey } from "./surveys.ts";

// The SDK as it is built, on pages that know nothing else of Askwell.
type SDK = { sdk: Api; createAskwell: typeof createAskwell; url: string; heard: unknown[]; caught: unknown[] };

useBrowser();
let collector: Collector;
let origin: string;
let strict: string;
beforeAll(async () => {
  collector = await startCollector();
  const page = (script: string) =>
    `<!doctype html><html lang="en"><title>A page</title><script>heard=[];caught=[];
    onerror=(message)=>void caught.push(message);addEventListener("unhandledrejection",({reason})=>caught.push(String(reason)))</script>
    <script type="module">import { createAskwell } from "/index.js";Object.assign(window,{createAskwell,url:"${collector.url}"});${script}</script>`;
  const make = `createAskwell({ host: "${collector.url}", site: "shop" })`;
  const pages: Record<string, string> = {
    "/": page(`const askwell = window.sdk = ${make};
      askwell.identify("u-42", { plan: "pro" });
      askwell.cart({ value: 49.9, currency: "EUR", items: 2 });
      for (const event of ["shown", "started", "answered", "completed", "dismissed"])
        askwell.on(event, (survey, { response, answers }) => heard.push([event, survey, response, answers]));
      askwell.show("nps");`),
    // React's StrictMode makes, destroys and makes again, before the script can have come.
    "/again": page(`const first = ${make};
      first.identify("first");
      first.on("shown", () => heard.push("first"));
      first.destroy();
      const second = ${make.replace(" }", ', language: "pl" }')};
      second.identify("second");
      first.identify("first");
      first.destroy();
      second.show("nps");`),
    "/none": page(""),
  };
  const serve = (path: string) => (path.endsWith(".js") ? undefined : (pages[path] ?? pages["/none"]));
  origin = await servePages(serve, `${root}sdk/dist`);
  strict = await servePages(serve, `${root}sdk/dist`, {
    "Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types 'none'",
  });
  await collector.publish("shop", [origin, strict], [npsSurvey([])]);
  const often = { frequency: { per_visitor: "always" as const, min_gap_days: 0 } };
  await publish(collector, { site: "events", origins: [origin] }, [waitsForEvent("nps", often)]);
  await publish(collector, { site: "asks", consent: "required", visitor_cookie: true, origins: [origin] }, [
    waitsForEvent("nps"),
  ]);
});

const heard = (page: Page) => page.evaluate(() => (window as unknown as SDK).heard);
/** What the page's own handlers of errors heard of. */
const caught = (page: Page) => page.evaluate(() => (window as unknown as SDK).caught);

async function open(path: string, at = origin) {
  const page = await newPage();
  await page.goto(at + path);
  await page.waitForFunction(() => "createAskwell" in window);
  return page;
}

/** Makes it on a page of its own, with these options beside the site's, and hears of errors. */
async function make(site: string, options: Partial<Parameters<typeof createAskwell>[0]> = {}, at = origin) {
  const page = await open("/none", at);
  await page.evaluate(
    ([site, options]) => {
      const { createAskwell, url, heard } = window as unknown as SDK;
      const sdk = createAskwell({ host: url, site, ...options });
      sdk.on("error", (survey, error) => heard.push([survey, error instanceof Error && error.message]));
      Object.assign(window, { sdk });
    },
    [site, options] as const,
  );
  return page;
}

test("a page that knows only the SDK identifies, shows, hears and destroys", async () => {
  const page = await open("/");
  await choice(page, 9).click();
  await panel(page).getByRole("button", { name: "Skip" }).click();
  await expect
    .poll(() => collector.responses("shop", "nps"))
    .toMatchObject([
      {
        state: "completed",
        user: "u-42",
        traits: { plan: "pro" },
        cart: { value: 49.9, currency: "EUR", items: 2 },
        answers: { nps: 9 },
      },
    ]);
  const { id } = (await collector.responses("shop", "nps"))[0]!;
  const answers = { nps: 9 };
  await expect
    .poll(() => heard(page))
    .toEqual([
      ["shown", "nps", id, {}],
      ["started", "nps", id, answers],
      ["answered", "nps", id, answers],
      ["answered", "nps", id, answers],
      ["completed", "nps", id, answers],
    ]);
  await page.evaluate(() => (window as unknown as SDK).sdk.destroy());
  expect(
    await page.evaluate(() => ["askwell" in window, document.querySelectorAll(`script[src*="/w/"]`).length]),
  ).toEqual([false, 0]);
  // What is called afterwards does nothing, and a question has an answer.
  expect(
    await page.evaluate(() => {
      const { sdk } = window as unknown as SDK;
      sdk.on("shown", () => {})();
      for (const method of ["identify", "track", "show", "dismiss", "page"] as const) sdk[method]("nps");
      for (const method of ["reset", "cart", "destroy"] as const) sdk[method]();
      sdk.consent(true);
      return sdk.explain();
    }),
  ).toEqual([]);
  expect(page.complaints).toEqual([]);
});

test("made, destroyed and made again before the script has come, the second one works, and the first is nothing", async () => {
  const page = await open("/again");
  await asks(page, "Jak bardzo"); // in its language, not in the first one's
  expect(await panel(page).count()).toBe(1);
  await expect
    .poll(async () => (await collector.responses("shop", "nps"))[0])
    .toMatchObject({ user: "second", language: "pl" });
  expect(await heard(page)).toEqual([]);
});

test("destroyed before the script has come, nothing of it ever begins", async () => {
  const page = await open("/none");
  const script = page.waitForResponse((reply) => reply.url().endsWith("/w/shop.js"));
  await page.evaluate(() => {
    const { createAskwell, url } = window as unknown as SDK;
    const sdk = createAskwell({ host: url, site: "shop" });
    sdk.show("nps");
    Object.assign(window, { asked: sdk.explain() });
    sdk.destroy();
  });
  await (await script).finished();
  expect(await page.evaluate("asked")).toEqual([]);
  // Another script after it, so that it would have run.
  await page.evaluate(`import("${collector.url}/w/a/queue.js").then(() => {})`);
  expect(await page.evaluate(() => "askwell" in window)).toBe(false);
  expect(await stored(page)).toEqual([]);
});

test("a stub of the page's own survives one that is destroyed before the script has come, with its calls", async () => {
  const page = await open("/none");
  await page.evaluate(() => {
    const { createAskwell, url } = window as unknown as SDK;
    const stub = Object.assign((...call: unknown[]) => void (stub.q ??= []).push(call), {} as { q?: unknown[][] });
    Object.assign(window, { askwell: stub });
    stub("show", "nps");
    createAskwell({ host: url, site: "shop" }).destroy();
    createAskwell({ host: url, site: "shop" });
  });
  await choice(page, 9).waitFor();
});

test("explain() waits for the script, and a listener hears until it is taken away", async () => {
  const page = await open("/none");
  const all = await page.evaluate(async () => {
    const { createAskwell, url, heard } = window as unknown as SDK;
    const sdk = createAskwell({ host: url, site: "events" });
    const never = sdk.on("shown", () => heard.push("never"));
    never();
    const once = sdk.on("shown", () => {
      heard.push("once");
      once();
    });
    sdk.on("shown", (survey) => heard.push(survey));
    return await sdk.explain();
  });
  expect(all).toMatchObject([{ survey: "nps", passes: true, triggers: [{ state: "armed" }] }]);
  expect(await shows(page, "nps")).toBe("nps");
  await expect.poll(() => heard(page)).toEqual(["once", "nps"]);
  await panel(page).getByRole("button", { name: "Close" }).click();
  await page.evaluate(() => window.askwell!("show", "nps"));
  await expect.poll(() => heard(page)).toEqual(["once", "nps", "nps"]);
});

describe("where the script does not come", () => {
  test.each<[string, string, (page: Page) => Promise<unknown>, RegExp]>([
    ["blocked", "shop", (page) => page.route("**/w/*.js", (route) => route.abort("blockedbyclient")), /does not load/],
    ["no such site", "nobody", async () => {}, /does not load.*nobody/],
    [
      "somebody else's",
      "shop",
      (page) => page.route("**/w/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "0" })),
      /is not Askwell's script/,
    ],
  ])('%s: on("error") hears it, and the page\'s own handlers do not', async (_, site, prepare, says) => {
    const page = await open("/none");
    await prepare(page);
    const explained = await page.evaluate((site) => {
      const { createAskwell, url, heard } = window as unknown as SDK;
      const sdk = createAskwell({ host: url, site });
      sdk.on("error", (survey, error) => heard.push([survey, error.message]));
      sdk.show("nps");
      Object.assign(window, { sdk });
      return sdk.explain();
    }, site);
    expect(explained).toEqual([]);
    await expect.poll(() => heard(page)).toEqual([[undefined, expect.stringMatching(says)]]);
    await page.evaluate(() => (window as unknown as SDK).sdk.show("nps"));
    expect(await page.evaluate(() => "askwell" in window)).toBe(false);
    expect(await caught(page)).toEqual([]);
  });

  test("trusted types forbid it: the page goes on, and hears why", async () => {
    const page = await make("shop", {}, strict);
    await expect.poll(() => heard(page)).toEqual([[undefined, expect.stringMatching(/TrustedScriptURL/)]]);
    expect(await caught(page)).toEqual([]);
  });
});

describe("consent", () => {
  test("true, where the site requires it: it begins at once", async () => {
    const page = await make("asks", { consent: true });
    await ready(page);
    expect(await shows(page, "nps")).toBe("nps");
  });

  test("false, where it does not: nothing stays of the visitor, until they agree", async () => {
    const page = await open("/none");
    await page.evaluate(() => localStorage.setItem("askwell:events:visitor", "{}"));
    await page.evaluate(() => {
      const { createAskwell, url } = window as unknown as SDK;
      Object.assign(window, { sdk: createAskwell({ host: url, site: "events", consent: false }) });
    });
    const [first] = await page.evaluate(() => (window as unknown as SDK).sdk.explain());
    expect(first!.gates).toMatchObject([{ gate: "consent", pass: false }]);
    expect(await stored(page)).toEqual([]);
    await page.evaluate(() => (window as unknown as SDK).sdk.consent(true));
    expect(await shows(page, "nps")).toBe("nps");
  });
});

describe("storage", () => {
  const areas = (page: Page) =>
    page.evaluate(() => [Object.keys(localStorage).sort(), Object.keys(sessionStorage).sort()]);
  const memory = "askwell:asks:visitor";

  test.each([
    ["local", [memory], ["askwell:asks:tab"], ["askwell_asks"]],
    ["session", [], [memory, "askwell:asks:tab"], []],
    ["none", [], [], []],
  ] as const)("%s: what is remembered is there, and nowhere else", async (storage, local, session, cookies) => {
    const host = collector.url.replace("localhost", "127.0.0.1"); // as the page's: a cookie is for one host
    const page = await make("asks", { host, storage, consent: true });
    const before = (await collector.responses("asks", "nps")).length;
    await ready(page);
    expect(await shows(page, "nps")).toBe("nps");
    await expect.poll(async () => (await collector.responses("asks", "nps")).length).toBe(before + 1);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide"))); // what the tab keeps
    // Once the page has read what the collector answered.
    await expect.poll(() => areas(page)).toEqual([local, [...session].sort()]);
    // The collector's cookie remembers for longer than any of the others should.
    await expect.poll(async () => (await page.context().cookies()).map(({ name }) => name)).toEqual(cookies);
    await page.evaluate(() => (window as unknown as SDK).sdk.consent(false));
    expect(await areas(page)).toEqual([[], []]);
  });

  test("one of the page's own: it has all that is remembered, and taking consent back wipes it there too", async () => {
    const page = await open("/none");
    const keys = () => page.evaluate("[...kept.keys()].sort()");
    await page.evaluate(() => {
      const { createAskwell, url } = window as unknown as SDK;
      class Own {
        kept = new Map([["theirs", "1"]]);
        get(key: string) {
          return this.kept.get(key);
        }
        set(key: string, value: string) {
          this.kept.set(key, value);
        }
        remove(key: string) {
          this.kept.delete(key);
        }
        keys() {
          return [...this.kept.keys()];
        }
      }
      const storage = new Own();
      Object.assign(window, {
        kept: storage.kept,
        sdk: createAskwell({ host: url, site: "asks", storage, consent: true }),
      });
    });
    await ready(page);
    expect(await shows(page, "nps")).toBe("nps");
    await expect.poll(keys).toEqual([memory, "theirs"]);
    expect(await areas(page)).toEqual([[], []]);
    await page.evaluate(() => (window as unknown as SDK).sdk.consent(false));
    expect(await keys()).toEqual(["theirs"]);
    await page.evaluate(() => (window as unknown as SDK).sdk.consent(true));
    expect(await shows(page, "nps")).toBe("nps");
    await expect.poll(keys).toEqual([memory, "theirs"]);
  });

  test("one that throws: a survey shows and is answered all the same", async () => {
    const page = await open("/none");
    await page.evaluate(() => {
      const { createAskwell, url } = window as unknown as SDK;
      const no = () => {
        throw new Error("mine");
      };
      createAskwell({ host: url, site: "events", storage: { get: no, set: no, remove: no, keys: no } }).show("nps");
    });
    await choice(page, 7).click();
    await expect
      .poll(() => collector.responses("events", "nps"))
      .toContainEqual(expect.objectContaining({ answers: { nps: 7 } }));
    expect(await caught(page)).toEqual([]);
    expect(await stored(page)).toEqual([]);
  });
});

test("debug: the console says in words what happens, and why nothing does", async () => {
  const page = await open("/none");
  const said: string[] = [];
  page.on("console", (message) => /info|warning/.test(message.type()) && said.push(message.text()));
  const all = () => said.join("\n");
  await page.evaluate(() => {
    const { createAskwell, url } = window as unknown as SDK;
    const sdk = createAskwell({ host: url, site: "asks", consent: true, debug: true });
    sdk.show("npss");
    sdk.consent(false);
  });
  await expect.poll(all).toMatch(/error of npss: it is not live/); // although the log came after it
  await expect.poll(all).toMatch(/asks has nps live\n(.*\n)*.*nps: it does not show. Waits until the page says/);
  await page.evaluate(() => window.askwell!("consent", true));
  await expect.poll(all).toMatch(/nps: event is armed$/);
  expect(await shows(page, "nps")).toBe("nps");
  await expect.poll(all).toMatch(/nps: event fired \(nps\); it shows\n(.*\n)*.*nps was shown/);
  await expect.poll(all).toMatch(/sent; the collector answered 200/);
  await panel(page).getByRole("button", { name: "Close" }).click();
  await expect.poll(all).toMatch(/nps was dismissed/);
  said.length = 0;
  await page.evaluate(() => {
    history.pushState(null, "", "/none/next");
    window.askwell!("track", "nps");
  });
  await expect.poll(all).toMatch(/it does not show\. .*Closed without an answer .*rests for 30 days/);
  await page.evaluate(() => window.askwell!("show", "nsp"));
  await expect.poll(all).toMatch(/error of nsp: it is not live/);
  await page.evaluate(() => window.askwell!("show", "nps", { hidden: { order_id: 5 } }));
  await expect.poll(all).toMatch(/nps leaves out hidden\.order_id: it declares none of that name, or of another type/);
  // Without it the console is silent, and its part is not loaded.
  const quiet = await make("events");
  const late: string[] = [];
  quiet.on("request", (request) => late.push(request.url()));
  await ready(quiet);
  expect(await shows(quiet, "nps")).toBe("nps"); // asks explain(), which is in the same file
  expect(quiet.complaints).toEqual([]);
});
