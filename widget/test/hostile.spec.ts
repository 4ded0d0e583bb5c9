import type { FrameLocator, Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Theme } from "../../sdk/src/wire.ts";
import {
  type Collector,
  exitFullscreen,
  newPage,
  panel,
  ready,
  servePages,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

// Pages that are not made for it. On each the survey is seen, hit with a real pointer, answered and stored; the page
// does not move, and the console has nothing to say.

const places: Theme["position"][] = ["bottom-right", "top-left", "bar", "modal", "page", "inline"];

/** What stands in the page, before the script. */
const bodies: Record<string, string> = {
  "all unset": `<style>*,*::before,*::after{all:unset !important} html *{display:none !important;visibility:hidden !important;opacity:0 !important;pointer-events:none !important}</style>`,
  "every property": `<style>
    :root,body,askwell-survey,*{position:absolute !important;inset:-9999px !important;transform:scale(0) rotate(90deg) !important;filter:blur(9px) !important;
      clip-path:circle(0) !important;font:99px/9 fantasy !important;direction:rtl !important;writing-mode:vertical-rl !important;letter-spacing:9em !important;
      text-transform:uppercase !important;zoom:.1 !important;content-visibility:hidden !important;user-select:none !important;float:left !important;contain:size !important}
    :root:root,body:not(#x){position:static !important;transform:none !important;filter:none !important;clip-path:none !important;
      zoom:1 !important;content-visibility:visible !important;contain:none !important}</style>`,
  "things on top": `<style>.top{position:fixed;inset:0;z-index:2147483647;background:#fffd}</style><div class=top>On top</div>
    <script>for (let i = 0; i < 3; i++) document.body.append(Object.assign(document.createElement("div"), { className: "top" }))</script>`,
  "a popover of the page on top": `<div id=theirs popover=manual style="inset:0;width:100%;height:100%;border:0">Theirs</div><script>theirs.showPopover()</script>`,
  "a root that clips, turns and scrolls": `<style>html{overflow:hidden;height:100%;transform:translateZ(0);perspective:1px}body{height:100%;overflow:auto;will-change:transform;filter:grayscale(1);contain:paint}</style>`,
  "custom properties of the same names": `<style>:root,*{--a:#fff !important;--b:#000 !important;--f:#000 !important;--t:#fff !important;--r:99px !important;--m:red;--l:red;--e:red}</style>`,
  "a base elsewhere": `<base href="https://elsewhere.invalid/deep/" target=_blank>`,
};

useBrowser();
let collector: Collector;
let plain: string;
let strict: string;
const script = () => `${collector.url}/w/shop.js`;
beforeAll(async () => {
  collector = await startCollector();
  const pages = (path: string) => {
    const name = decodeURIComponent(path.slice(1));
    const here = "<div id=here></div>";
    if (name === "quirks") return plainPage(script(), here).replace("<!doctype html>", "");
    if (name === "rtl") return plainPage(script(), here, "ar").replace("<html", "<html dir=rtl");
    if (name === "frame") return plainPage(script(), "<p>In a frame");
    if (name === "framed")
      return plainPage("", '<iframe src="/frame" style="width:500px;height:600px"></iframe>').replace(
        /<script.*script>/s,
        "",
      );
    const page = plainPage(script(), here + (bodies[name] ?? ""));
    return name === "strict" ? page.replace(/ style=".*?"/, "") : page;
  };
  plain = await servePages(pages);
  const own = collector.url;
  strict = await servePages(pages, undefined, {
    "Content-Security-Policy": `default-src 'none'; script-src ${own}; connect-src ${own}; style-src 'none'; img-src 'none'; font-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
  });
  const survey = (id: string, theme: Theme) =>
    npsSurvey([], { id, theme, frequency: { per_visitor: "always", min_gap_days: 0 } });
  await collector.publish(
    "shop",
    [plain, strict],
    [...places.map((position) => survey(position!, { position, ...(position === "inline" && { selector: "#here" }) }))],
  );
});

/** Counts what moves without having been asked to. */
const watchShifts = (page: Page) =>
  page.evaluate(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput) shifts.push(entry.value);
    }).observe({ type: "layout-shift" });
  });
/** Forgets what moved because the page itself was made anew: it is told of in a frame after that. */
const settle = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) =>
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const { shifts } = window as unknown as { shifts?: number[] };
            if (shifts) shifts.length = 0;
            resolve();
          }),
        ),
      ),
  );
const shifts = (page: Page) => page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);

async function open(path: string, options: Parameters<typeof newPage>[0] = {}, origin = plain) {
  const page = await newPage({ reducedMotion: "reduce", ...options });
  await page.goto(`${origin}/${encodeURIComponent(path)}`);
  await ready(page);
  await watchShifts(page);
  return page;
}

const visitor = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!).visitor);

/** Answers as a visitor does, with the pointer where the browser says that something is. */
async function answer(card: Locator | FrameLocator, why = "It works"): Promise<void> {
  await card.locator('input[value="9"]').click();
  await card.getByRole("textbox").click();
  await card.getByRole("textbox").fill(why);
  await card.getByRole("button", { name: /^(Send|إرسال)$/ }).click();
  await card.getByText(/Thank you!/).waitFor();
}

/** Shows a survey, answers it, and waits for it to be stored; the page stays as it was. */
async function works(page: Page, survey = "bottom-right", why = "It works"): Promise<void> {
  const layout = () =>
    page.evaluate(() =>
      [...document.body.querySelectorAll("*:not(#here, #here *)")].map((e) =>
        Object.values(e.getBoundingClientRect().toJSON()).join(" "),
      ),
    );
  const before = await layout();
  await settle(page);
  await page.evaluate((id) => window.askwell!("show", id), survey);
  await panel(page).locator('input[value="9"]').waitFor();
  const box = (await panel(page).locator("[part=panel]").boundingBox())!;
  const { width, height } = page.viewportSize()!;
  expect(box.width * box.height, "it has its size").toBeGreaterThan(250 * 100);
  expect([box.x >= 0, box.y >= 0, box.x + box.width <= width + 0.5]).toEqual([true, true, true]);
  if (survey !== "inline") {
    expect(box.y + box.height).toBeLessThanOrEqual(height + 0.5);
    expect(await layout()).toEqual(before);
    expect(await shifts(page)).toEqual([]);
  }
  await answer(panel(page), why);
  if (survey !== "inline") {
    expect(await layout()).toEqual(before);
    expect(await shifts(page)).toEqual([]);
  }
  const who = await visitor(page);
  await expect
    .poll(async () => (await collector.responses("shop", survey)).filter((one) => one.visitor === who))
    .toContainEqual(expect.objectContaining({ state: "completed", answers: { nps: 9, why } }));
  await panel(page)
    .getByRole("button", { name: /^(Close|إغلاق)$/ })
    .click();
  await panel(page).waitFor({ state: "detached" });
}

test.each(Object.keys(bodies))("on a page with %s", async (name) => {
  const page = await open(name);
  for (const place of ["bottom-right", "modal"]) await works(page, place);
  expect(page.complaints).toEqual([]);
});

test.each(["quirks", "rtl"])("on a page in %s", async (name) => {
  const page = await open(name);
  for (const place of places) await works(page, place!);
  expect(page.complaints).toEqual([]);
});

test("under a policy that allows the collector's script alone, no style, and with trusted types", async () => {
  const page = await open("strict", {}, strict);
  await page.evaluate(() => {
    const violated: string[] = [];
    Object.assign(window, { violated });
    document.addEventListener("securitypolicyviolation", (event) => violated.push(event.violatedDirective));
  });
  for (const place of places) await works(page, place!);
  expect(await page.evaluate(() => (window as unknown as { violated: string[] }).violated)).toEqual([]);
  // It is styled all the same: a sheet made by script is no inline style.
  await page.evaluate(() => window.askwell!("show", "bottom-right"));
  await panel(page).locator('input[value="9"]').waitFor();
  expect(
    await panel(page)
      .locator("[part=panel]")
      .evaluate((e) => getComputedStyle(e).borderTopLeftRadius),
  ).toBe("16px");
  expect(page.complaints).toEqual([]);
});

test("the page's own styles reach nothing in it, and its own reach nothing of the page", async () => {
  const look = (page: Page) =>
    panel(page).evaluate((host) => {
      const skipped =
        /^(--|perspective-origin|transform-origin|inline-size|block-size|width|height|top|bottom|left|right|inset|animation|transition)/;
      return [...host.shadowRoot!.querySelectorAll("*")].map((e) => {
        const style = getComputedStyle(e);
        return [
          e.localName,
          ...[...style].filter((p) => !skipped.test(p)).map((p) => `${p}:${style.getPropertyValue(p)}`),
        ].join(";");
      });
    });
  const looks: string[][] = [];
  for (const name of [
    "plain",
    "every property",
    "custom properties of the same names",
    "a root that clips, turns and scrolls",
  ]) {
    const page = await open(name);
    const heading = () =>
      page
        .locator("h1")
        .evaluate((e) => [...getComputedStyle(e)].map((p) => getComputedStyle(e).getPropertyValue(p)).join());
    const before = await heading();
    await page.evaluate(() => window.askwell!("show", "bottom-right"));
    await panel(page).locator('input[value="9"]').waitFor();
    looks.push(await look(page));
    expect(await heading()).toBe(before);
  }
  for (const other of looks.slice(1)) expect(other).toEqual(looks[0]);
});

describe("a framework that owns the page", () => {
  const replaced: Record<string, () => void> = {
    "replaces the body": () => {
      const body = document.createElement("body");
      body.innerHTML = "<h1>Another page</h1><div id=here></div>";
      document.body.replaceWith(body);
    },
    "writes the root's HTML anew": () => {
      document.documentElement.innerHTML =
        "<head><title>New</title></head><body><h1>Another page</h1><div id=here></div></body>";
    },
    "keeps in the root only what it knows": () => {
      for (const child of [...document.documentElement.children])
        if (!/^(HEAD|BODY)$/.test(child.tagName)) child.remove();
    },
    "does so again and again": () => {
      new MutationObserver(() => document.querySelector("askwell-survey")?.remove()).observe(document.documentElement, {
        childList: true,
      });
      document.querySelector("askwell-survey")?.remove();
    },
  };

  test.each(Object.keys(replaced).slice(0, 3))("%s while it is open: what was written is still there", async (name) => {
    for (const place of ["bottom-right", "modal"]) {
      const page = await open("plain");
      await page.evaluate((id) => window.askwell!("show", id), place);
      await panel(page).locator('input[value="9"]').click();
      await panel(page).getByRole("textbox").fill("Half a");
      await page.evaluate(replaced[name]!);
      await panel(page).getByRole("textbox").waitFor();
      expect(await panel(page).getByRole("textbox").inputValue()).toBe("Half a");
      await panel(page).getByRole("button", { name: "Send" }).click();
      await panel(page).getByText("Thank you!").waitFor();
      await panel(page).getByRole("button", { name: "Close" }).click();
      await page.evaluate(replaced[name]!);
      await works(page, place); // and the next one
      expect(page.complaints).toEqual([]);
    }
  });

  test("who throws it out again and again wins, and the page goes on", async () => {
    const page = await open("plain");
    await page.evaluate(() => window.askwell!("show", "bottom-right"));
    await panel(page).locator('input[value="9"]').waitFor();
    await page.evaluate(replaced["does so again and again"]!);
    await panel(page).waitFor({ state: "detached" });
    expect(await page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve(1 + 1))))).toBe(2);
    expect(page.complaints).toEqual([]);
  });

  test("who takes away the place of an inline one takes it too", async () => {
    const page = await open("plain");
    await page.evaluate(() => window.askwell!("show", "inline"));
    await panel(page).locator('input[value="9"]').waitFor();
    await page.evaluate(() => document.querySelector("#here")!.remove());
    await panel(page).waitFor({ state: "detached" });
    await works(page, "bottom-right");
    // Where it has no place it does not show, and keeps nothing else from it.
    await page.evaluate(() => window.askwell!("show", "inline"));
    await works(page, "bottom-right", "And again");
    expect(page.complaints).toEqual([]);
  });
});

test("on pages that gave all objects more members, everything is drawn and read as elsewhere", async () => {
  const page = await newPage({ reducedMotion: "reduce" });
  await page.addInitScript(() => {
    const more = (prototype: object, name: string, value: unknown) => {
      (prototype as Record<string, unknown>)[name] = value; // enumerable, as in for…in
    };
    for (const name of ["each", "first", "last", "contains", "without", "flatten", "toJSON"])
      more(Array.prototype, name, () => "theirs");
    for (const name of ["each", "extend", "clone", "inspect", "size", "watch", "toJSON"])
      more(Object.prototype, name, () => "theirs");
    more(Element.prototype, "hide", () => {});
    more(String.prototype, "strip", () => "theirs");
    // Functions that old libraries put in the place of the browser's.
    Array.from = ((list: ArrayLike<unknown>) => [].slice.call(list)) as never;
    Element.prototype.remove = function () {
      this.parentNode?.removeChild(this);
    };
  });
  await page.goto(plain);
  await ready(page);
  await watchShifts(page);
  for (const place of ["bottom-right", "modal"]) await works(page, place);
  expect(page.complaints).toEqual([]);
});

test("in a frame: it is the frame's, and as wide as that", async () => {
  const page = await newPage({ reducedMotion: "reduce" });
  await page.goto(`${plain}/framed`);
  const frame = page.frames()[1]!;
  await frame.waitForFunction(() => window.askwell?.loaded);
  await frame.evaluate(() => window.askwell!("show", "bottom-right"));
  const inside = page.frameLocator("iframe").locator("askwell-survey");
  await inside.locator('input[value="9"]').waitFor();
  const [outer, card] = [
    (await page.locator("iframe").boundingBox())!,
    (await inside.locator("[part=panel]").boundingBox())!,
  ];
  expect(card.x).toBeGreaterThanOrEqual(outer.x);
  expect(card.x + card.width).toBeLessThanOrEqual(outer.x + outer.width);
  expect(card.y + card.height).toBeLessThanOrEqual(outer.y + outer.height);
  await answer(inside, "In a frame");
  await expect
    .poll(() => collector.responses("shop", "bottom-right"))
    .toContainEqual(expect.objectContaining({ state: "completed", answers: { nps: 9, why: "In a frame" } }));
  expect(page.complaints).toEqual([]);
});

test.each(places)("%s: nothing of it is printed", async (place) => {
  const page = await open("plain");
  const paper = async () => {
    await page.emulateMedia({ media: "print", reducedMotion: "reduce" });
    const picture = await page.screenshot({ fullPage: true });
    await page.emulateMedia({ media: "screen", reducedMotion: "reduce" });
    return picture;
  };
  const before = await paper();
  await page.evaluate((id) => window.askwell!("show", id), place!);
  await panel(page).locator('input[value="9"]').waitFor();
  expect((await paper()).equals(before)).toBe(true);
  expect((await page.screenshot({ fullPage: true })).equals(before)).toBe(false);
});

test.each<[string, Parameters<typeof newPage>[0]]>([
  ["a zoom of 200 %", { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ["a zoom of 400 %", { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
  ["320 pixels", { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true }],
  ["a phone on its side", { viewport: { width: 667, height: 320 }, isMobile: true, hasTouch: true }],
])("at %s every place is whole, and rolls where it has to", async (_, options) => {
  const page = await open("plain", options);
  for (const place of places) {
    await works(page, place!);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  }
  expect(page.complaints).toEqual([]);
});

test.each(["bottom-right", "modal"])("%s: over an element that fills the screen, and after it", async (place) => {
  const page = await open("plain");
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", "<div id=full style='background:#fff'>Full</div>");
    document.body.onclick = () => void document.querySelector("#full")!.requestFullscreen();
  });
  await page.locator("h1").click();
  await page.waitForFunction(() => document.fullscreenElement);
  await page.evaluate(() => (document.body.onclick = null));
  await page.evaluate((id) => window.askwell!("show", id), place);
  await panel(page).locator('input[value="9"]').click(); // a click fails where something else lies on top
  await exitFullscreen(page);
  await panel(page).getByRole("textbox").click();
  await panel(page).getByRole("textbox").fill("After it");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  const who = await visitor(page);
  await expect
    .poll(async () => (await collector.responses("shop", place)).find((one) => one.visitor === who)?.answers)
    .toEqual({ nps: 9, why: "After it" });
  expect(page.complaints).toEqual([]);
});
