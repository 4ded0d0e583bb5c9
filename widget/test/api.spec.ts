import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { ShowOptions } from "../../sdk/src/api.ts";
import type { Definition } from "../../sdk/src/wire.ts";
import { fired } from "./fired.ts";
import {
  type Collector,
  choice,
  newPage,
  nextBorn,
  panel,
  ready,
  servePages,
  show,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { dismiss, gate, publish, remembered, shows, waitsForEvent } from "./moment.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

// What a page says while the script runs, beside what has a spec of its own (consent, identify, hidden).
useBrowser();
let collector: Collector;
let origin: string;
const often: Partial<Definition> = { frequency: { per_visitor: "always", min_gap_days: 0 } };
/** Hears all events, and what the page's own handlers of errors hear. */
const hears = `<script>heard=[];caught=[];window.askwell=function(){(askwell.q=askwell.q||[]).push(arguments)};
for(const event of ["shown","started","answered","completed","dismissed"])askwell("on",event,id=>heard.push(event+" "+id));
askwell("on","error",(id,error)=>heard.push("error "+id+": "+error.message));
onerror=(message)=>void caught.push(message);addEventListener("unhandledrejection",({reason})=>caught.push(String(reason)))</script>`;

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) =>
    plainPage(`${collector.url.replace("localhost", "127.0.0.1")}/w/${path.split("/")[1]}.js`, hears),
  );
  const at = (id: string, part: string) =>
    npsSurvey([{ type: "url", url: [{ contains: part }] }], { id, ...often, targeting: { url: [{ contains: part }] } });
  await publish(collector, { site: "pages", origins: [origin] }, [
    at("step", "/wizard/2"),
    npsSurvey([{ type: "event", name: "a" }], { ...often, targeting: { url: [{ contains: "/wizard/" }] } }),
  ]);
  await publish(collector, { site: "shop", visitor_cookie: true, origins: [origin] }, [
    waitsForEvent("nps", { theme: { position: "modal" } }),
    waitsForEvent("other", { ...often, hidden: { order: "string" } }),
    waitsForEvent("pro", { ...often, targeting: { traits: { plan: { eq: "pro" } } } }),
  ]);
});

async function open(site = "shop") {
  const page = await newPage();
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
}
const said = (page: Page) => page.evaluate("heard") as Promise<string[]>;
const caught = (page: Page) => page.evaluate("caught");
const ask = (page: Page, survey: string, options?: Omit<ShowOptions, "into">) =>
  page.evaluate(([survey, options]) => window.askwell!("show", survey, options), [survey, options] as const);
/** Lets no late part come until it is let go. */
async function hold(page: Page) {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(/\/w\/a\/[\w-]{43}\.js/, async (route) => {
    await held;
    await route.continue();
  });
  return go;
}

describe("page()", () => {
  const page_ = (page: Page, url?: string) => page.evaluate((url) => window.askwell!("page", url), url);

  test("a page that the address bar does not show is one for triggers, targeting and responses", async () => {
    const page = await open("pages");
    const track = () => page.evaluate(() => window.askwell!("track", "a"));
    await track();
    expect(await fired(page)).toBeUndefined(); // not targeted: not armed
    await page_(page, "/wizard/1?a=b");
    expect(await gate(page, "nps", "url")).toMatchObject({ pass: true, value: `${origin}/wizard/1?a=b` });
    await track();
    expect(await fired(page)).toBe("a");
    await choice(page, 9).waitFor();
    await page_(page, "/wizard/1?a=b"); // the same page: nothing begins
    expect(await fired(page)).toBe("a");
    await dismiss(page);
    const born = nextBorn(page);
    await page_(page, "wizard/2");
    expect(await fired(page)).toBeUndefined();
    await choice(page, 9).waitFor();
    expect(await born).toMatchObject({ survey: "step", page: { url: `${origin}/wizard/2` } });
    expect(page.url()).toBe(`${origin}/pages`);
    expect((await remembered(page, "pages")).session).toMatchObject({ views: 3 });
  });

  test("it ends with a route, and with page() alone; an address that is none is an error", async () => {
    const page = await open("pages");
    const url = async () => (await gate(page, "nps", "url"))!.value;
    await page_(page, "/wizard/1");
    await page.evaluate(() => history.pushState(null, "", "/pages/real"));
    expect(await url()).toBe(`${origin}/pages/real`);
    await page_(page, "/wizard/1");
    await page.evaluate(() => (location.hash = "anchor")); // no route: the step is still the same
    expect(await url()).toBe(`${origin}/wizard/1`);
    await page_(page);
    expect(await url()).toBe(`${origin}/pages/real#anchor`);
    await page_(page, "http://");
    await expect.poll(() => said(page)).toEqual([expect.stringMatching(/^error undefined: .*Invalid URL/)]);
    expect(await caught(page)).toEqual([]);
  });
});

describe("reset()", () => {
  test("another visitor, without user, traits, cart and cookie; and nobody is asked twice", async () => {
    const page = await open();
    await page.evaluate(() => {
      window.askwell!("identify", "u-1", { plan: "pro" });
      window.askwell!("cart", { value: 5, items: 1 });
    });
    const first = nextBorn(page);
    expect(await shows(page, "nps")).toBe("nps");
    await dismiss(page);
    const { visitor } = await first;
    await expect.poll(async () => (await page.context().cookies()).length).toBe(1);
    expect(await gate(page, "pro", "traits")).toMatchObject({ pass: true });

    await page.evaluate(() => window.askwell!("reset"));
    await expect.poll(async () => (await page.context().cookies()).length).toBe(0);
    expect(await gate(page, "pro", "traits")).toMatchObject({ pass: false });
    expect(await gate(page, "nps", "after_dismissal_days")).toMatchObject({ pass: false });
    // Also on the next page, which knows nobody yet.
    await page.goto(`${origin}/shop/next`);
    await ready(page);
    const second = nextBorn(page);
    await show(page, "other");
    const born = await second;
    expect(born.visitor).toMatch(/^[0-9a-f-]{36}$/);
    expect(born.visitor).not.toBe(visitor);
    for (const of of ["user", "traits", "cart"]) expect(born).not.toHaveProperty(of);
  });

  test("what one has begun to answer is closed, is no dismissal, and does not go on for the next", async () => {
    const page = await open();
    await show(page, "other");
    await choice(page, 9).click();
    await panel(page).getByRole("textbox").fill("Secret");
    await page.evaluate(() => {
      window.askwell!("show", "pro"); // waits for its turn
      window.askwell!("reset");
      window.askwell!("identify", "u-2");
    });
    await panel(page).waitFor({ state: "detached" });
    await page.goto(`${origin}/shop/next`);
    await ready(page);
    const born = nextBorn(page);
    await show(page, "pro");
    expect(await born).toMatchObject({ survey: "pro", seq: 1 });
    const all = await collector.responses("shop", "other");
    expect(all.find(({ answers }) => answers?.nps === 9)).toMatchObject({ state: "partial" });
    expect(all.every(({ dismissed_at }) => !dismissed_at)).toBe(true);
  });

  test("one that is still loading does not show, and who is identified afterwards is", async () => {
    const page = await open();
    const go = await hold(page);
    await ask(page, "other");
    await page.evaluate(() => {
      window.askwell!("identify", "u-3");
      window.askwell!("reset");
      window.askwell!("identify", "u-4");
      window.askwell!("show", "pro");
    });
    const born = nextBorn(page);
    go();
    expect(await born).toMatchObject({ survey: "pro", user: "u-4" });
    expect(await said(page)).toEqual(["shown pro"]);
  });
});

describe("dismiss()", () => {
  test("closes the survey that is open, as the visitor does, and no other", async () => {
    const page = await open();
    await show(page, "nps");
    await page.evaluate(() => {
      window.askwell!("dismiss", "other");
      window.askwell!("show", "other");
      window.askwell!("dismiss", "other"); // waits, and shall not any more
    });
    await choice(page, 9).waitFor();
    await page.evaluate(() => window.askwell!("dismiss"));
    await panel(page).waitFor({ state: "detached" });
    await expect.poll(() => said(page)).toEqual(["shown nps", "dismissed nps"]);
    await expect
      .poll(async () => (await collector.responses("shop", "nps"))[0])
      .toMatchObject({ state: "shown", dismissed_at: expect.any(Number) });
    await page.evaluate(() => window.askwell!("dismiss")); // there is none
    await show(page, "other");
    await page.evaluate(() => window.askwell!("dismiss", "other"));
    await panel(page).waitFor({ state: "detached" });
    await expect.poll(() => said(page)).toEqual(["shown nps", "dismissed nps", "shown other", "dismissed other"]);
  });

  test("before it is there, it never is; asked for once more, it shows once", async () => {
    const page = await open();
    const go = await hold(page);
    await ask(page, "other");
    await page.evaluate(() => {
      window.askwell!("dismiss", "other");
      window.askwell!("show", "nps");
    });
    go();
    await choice(page, 9).waitFor();
    await expect.poll(() => said(page)).toEqual(["shown nps"]);
    await dismiss(page);
    await page.evaluate(() => {
      window.askwell!("show", "pro");
      window.askwell!("dismiss", "pro");
      window.askwell!("show", "pro");
    });
    await choice(page, 9).waitFor();
    await dismiss(page);
    await expect.poll(() => said(page)).toEqual(["shown nps", "dismissed nps", "shown pro", "dismissed pro"]);
    expect(await panel(page).count()).toBe(0);
  });
});

describe("show()", () => {
  test("traits and hidden fields are this response's, and not the next one's", async () => {
    const page = await open();
    await page.evaluate(() => window.askwell!("identify", "u-1", { plan: "pro", seats: 3 }));
    const first = nextBorn(page);
    await ask(page, "other", { hidden: { order: "o-1" }, traits: { seats: 4, role: "admin" } });
    expect(await first).toMatchObject({ traits: { plan: "pro", seats: 4, role: "admin" }, hidden: { order: "o-1" } });
    await dismiss(page);
    const second = nextBorn(page);
    await ask(page, "other");
    expect(await second).toMatchObject({ traits: { plan: "pro", seats: 3 } });
    expect((await second).hidden ?? {}).toEqual({});
  });

  test("a survey that is not there is told", async () => {
    const page = await open();
    await ask(page, "nsp");
    await expect.poll(() => said(page)).toEqual(["error nsp: it is not live"]);
  });

  const into = (page: Page, script: string) =>
    page.evaluate(`(() => { const add = (id) => {
      const element = Object.assign(document.createElement("section"), { id });
      document.body.append(element);
      return element;
    }; ${script} })()`);

  test("into an element: there, whatever its place is, and gone with it in silence", async () => {
    const page = await open();
    await page.evaluate(() => scrollTo(0, 0));
    await into(page, `askwell("show", "nps", { into: add("here") })`);
    await choice(page, 9).waitFor();
    const where = await panel(page).evaluate((host) => [host.parentElement!.id, host.matches(":popover-open")]);
    expect(where).toEqual(["here", false]);
    expect(await panel(page).evaluate((host) => !!host.shadowRoot!.querySelector(":modal"))).toBe(false); // its theme's
    await into(page, `askwell("show", "nps", { into: document.querySelector("#here") })`); // the same once more
    await expect.poll(() => said(page)).toEqual(["shown nps"]);
    await into(page, `document.querySelector("#here").remove()`);
    await panel(page).waitFor({ state: "detached" });
    await show(page, "other");
    await expect.poll(() => said(page)).toEqual(["shown nps", "shown other"]);
    await expect.poll(() => collector.responses("shop", "nps")).not.toEqual([]);
    expect((await collector.responses("shop", "nps"))[0]!.dismissed_at).toBeUndefined();
  });

  test("into another element, as the first one goes: it moves there; an element that is gone before shows nothing", async () => {
    const page = await open();
    await into(page, `askwell("show", "other", { into: add("one") })`);
    await choice(page, 9).waitFor();
    await into(page, `document.querySelector("#one").remove(); askwell("show", "other", { into: add("two") })`);
    await page.locator("#two askwell-survey input").first().waitFor({ state: "attached" });
    await into(page, `document.querySelector("#two").remove()`);
    await panel(page).waitFor({ state: "detached" });

    const go = await hold(page);
    await into(page, `askwell("show", "nps", { into: add("three") }); document.querySelector("#three").remove()`);
    await into(page, `askwell("show", "pro", { into: add("four") })`);
    go();
    await page.locator("#four askwell-survey input").first().waitFor({ state: "attached" });
    await expect.poll(() => said(page)).toEqual(["shown other", "shown other", "shown pro"]);
  });

  test("into several elements: one after the other, each as the one before is closed, and one that is gone is left out", async () => {
    const page = await open();
    await into(
      page,
      `for (const id of ["nps", "other", "pro"]) askwell("show", id, { into: add(id) });
       askwell("show", "nps", { into: add("again") }); document.querySelector("#other").remove()`,
    );
    for (const place of ["nps", "pro", "again"]) {
      await page.locator(`#${place} askwell-survey input`).first().waitFor({ state: "attached" });
      expect(await panel(page).count()).toBe(1);
      await panel(page).getByRole("button", { name: "Close" }).click();
    }
    await panel(page).waitFor({ state: "detached" });
    const each = ["nps", "pro", "nps"].flatMap((id) => [`shown ${id}`, `dismissed ${id}`]);
    await expect.poll(() => said(page)).toEqual(each);
  });

  test("into a part of a web component, it goes with that", async () => {
    const page = await open();
    await into(
      page,
      `const outer = add("outer"); const inner = document.createElement("div");
       outer.attachShadow({ mode: "open" }).append(inner); askwell("show", "other", { into: inner })`,
    );
    await choice(page, 9).waitFor();
    await into(page, `document.querySelector("#outer").remove()`);
    await show(page, "nps"); // else the first would still count as open
    await expect.poll(() => said(page)).toEqual(["shown other", "shown nps"]);
  });
});

describe("what fails", () => {
  test('in a listener is the page\'s: the console has it, on("error") hears it, and everything goes on', async () => {
    const page = await open();
    await page.evaluate(() => {
      window.askwell!("on", "shown", () => {
        throw new Error("mine");
      });
      window.askwell!("on", "shown", async () => {
        throw new Error("mine too");
      });
      window.askwell!("on", "error", () => {
        throw new Error("and this");
      });
    });
    await show(page, "other");
    await expect
      .poll(async () => (await said(page)).sort())
      .toEqual(["error other: mine", "error other: mine too", "shown other"]);
    await expect.poll(() => page.complaints.filter((one) => /Askwell: Error: mine( too)?\n/.test(one)).length).toBe(2);
    await expect.poll(() => page.complaints.filter((one) => /Askwell: Error: and this\n/.test(one)).length).toBe(2);
    await choice(page, 9).click();
    await expect.poll(async () => (await said(page)).at(-1)).toBe("answered other");
    expect(await caught(page)).toEqual([]);
  });

  test("in what the page passes", async () => {
    const page = await open();
    await page.evaluate(() => {
      const spoilt = Object.defineProperty({}, "plan", {
        enumerable: true,
        get() {
          throw new Error("mine");
        },
      });
      window.askwell!("identify", "u-1", spoilt);
      window.askwell!("cart", spoilt as never);
      window.askwell!("track", "x", spoilt);
      window.askwell!("show", "other", { hidden: spoilt });
      window.askwell!("explain", () => {
        throw new Error("mine");
      });
    });
    await expect.poll(async () => (await said(page)).filter((one) => /^error .*: mine$/.test(one)).length).toBe(4);
    await page.evaluate(() => window.askwell!("identify", "u-1"));
    await show(page, "nps");
    expect(await caught(page)).toEqual([]);
  });

  test("in a part that does not load, and in the one that explains", async () => {
    const page = await open();
    await page.route("**/w/a/*.js", (route) => route.abort("blockedbyclient"));
    await ask(page, "other");
    await expect.poll(() => said(page)).toEqual([expect.stringMatching(/^error other: cannot load .*\/w\/a\//)]);
    expect(await page.evaluate(() => window.askwell!("explain"))).toBeUndefined();
    expect((await said(page))[1]).toMatch(/^error undefined: .*tools\.js/);
    await page.evaluate(() => window.askwell!("reset"));
    expect(await caught(page)).toEqual([]);
  });

  test("in the engine, as it starts or later, where the page has spoilt what it needs", async () => {
    const page = await open();
    await page.evaluate(() => {
      Crypto.prototype.getRandomValues = () => {
        throw new Error("theirs");
      };
    });
    await ask(page, "other"); // whose id cannot be drawn
    await choice(page, 9).click();
    await expect.poll(() => said(page)).toContain("error undefined: theirs");
    await panel(page).getByRole("button", { name: "Close" }).click();
    await panel(page).waitFor({ state: "detached" });
    expect(await caught(page)).toEqual([]);

    const next = await newPage();
    await next.addInitScript(() => {
      performance.getEntriesByType = () => {
        throw new Error("theirs");
      };
    });
    await next.goto(`${origin}/shop`);
    await ready(next);
    await next.evaluate(() => {
      window.askwell!("show", "other");
      history.pushState(null, "", "/shop/next");
    });
    expect(await caught(next)).toEqual([]);
    expect(next.complaints).toEqual([expect.stringMatching(/Askwell: Error: theirs/)]);
  });
});
