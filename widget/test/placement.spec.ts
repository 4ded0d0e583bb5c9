import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Theme } from "../../sdk/src/wire.ts";
import {
  asks,
  type Collector,
  choice,
  exitFullscreen,
  newPage,
  panel,
  ready,
  servePages,
  show,
  startCollector,
  useBrowser,
} from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;

const corners = ["bottom-right", "bottom-left", "top-right", "top-left"] as const;
const positions: Theme["position"][] = [...corners, "modal", "bar", "page", "inline"];
const body = `<input id=own><button id=press onclick="this.dataset.pressed=1">Press</button>
<div id=row style="display:flex"><section id=here><p>Before</p></section></div><p id=after>After</p>
<dialog id=theirs>A dialog of the page</dialog><div id=stage style="height:50px">A stage</div><video id=film></video>`;

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/shop.js`, body, path === "/pl" ? "pl" : "en"));
  await collector.publish(
    "shop",
    [origin],
    [
      ...positions.map((position) =>
        npsSurvey([], { id: position!, theme: { position, ...(position === "inline" && { selector: "#here" }) } }),
      ),
      npsSurvey([], { id: "nowhere", theme: { position: "inline", selector: "#there" } }),
      npsSurvey([], {
        id: "english",
        theme: { position: "inline", selector: ":lang(en) #here" },
        questions: [
          { id: "nps", type: "nps", title: "How likely?" },
          { id: "more", type: "text", title: "In English?", show_if: { language: { eq: "en" } } as never },
        ],
      }),
    ],
  );
});

async function open(options: Parameters<typeof newPage>[0] = {}) {
  const page = await newPage({ reducedMotion: "reduce", ...options });
  await page.goto(origin);
  await ready(page);
  return page;
}
const card = (page: Page) => panel(page).locator("[part=panel]");
const box = async (page: Page) => (await card(page).boundingBox())!;
/** The animation of the panel; one that has ended counts too. */
const moves = (page: Page) => card(page).evaluate((e) => getComputedStyle(e).animationName);
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.localName);
const heard = (page: Page) =>
  page.evaluate(() => {
    const events: string[] = [];
    Object.assign(window, { events });
    for (const event of ["shown", "dismissed", "error"] as const)
      window.askwell!("on", event, (survey) => events.push(`${event} ${survey}`));
  });
const events = (page: Page) => page.evaluate(() => (window as unknown as { events: string[] }).events);
const state = async (page: Page, survey: string) => {
  const visitor = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!).visitor);
  return (await collector.responses("shop", survey)).find((response) => response.visitor === visitor);
};

test.each(corners)("%s: there, above all else, and the page around it goes on", async (position) => {
  const page = await open();
  await page.locator("#own").focus();
  await show(page, position);
  expect(await focused(page)).toBe("own");
  const { x, y, width, height } = await box(page);
  expect(position.includes("right") ? 1280 - x - width : x).toBe(20);
  expect(position.includes("bottom") ? 800 - y - height : y).toBe(20);
  expect(await panel(page).evaluate((host) => host.matches(":popover-open"))).toBe(true);
  await page.keyboard.type("on");
  expect(await page.locator("#own").inputValue()).toBe("on");
  expect(page.complaints).toEqual([]);
});

test("bar: along the bottom edge, and the page above it goes on", async () => {
  const page = await open();
  await show(page, "bar");
  const { x, y, width, height } = await box(page);
  expect([x, width, y + height]).toEqual([0, 1280, 800]);
  expect(await focused(page)).toBe("body");
  await page.locator("#press").click();
  expect(await page.locator("#press").getAttribute("data-pressed")).toBe("1");
});

test.each(["modal", "page"])(
  "%s: the page waits, Escape closes it wherever the focus is, and gives the focus back",
  async (position) => {
    const page = await open();
    await page.evaluate(() => scrollTo(0, 300));
    await page.locator("#own").evaluate((own) => own.focus({ preventScroll: true }));
    await show(page, position);
    expect(await page.evaluate(() => scrollY)).toBe(300);
    const { x, y, width, height } = await box(page);
    if (position === "page") expect([x, y, width, height]).toEqual([0, 0, 1280, 800]);
    else expect(Math.abs(x + width / 2 - 640) + Math.abs(y + height / 2 - 400)).toBeLessThan(2);
    // It begins at its title, and no Tab leads to the page.
    expect(await panel(page).evaluate((host) => host.shadowRoot!.activeElement?.id)).toBe("t");
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press("Tab");
      expect(["askwell-survey", "body"]).toContain(await focused(page));
    }
    await page.locator("#own").evaluate((own) => own.focus());
    expect(await focused(page)).not.toBe("own");
    if (position === "modal") await page.mouse.click(5, 5); // on the backdrop: the focus is nowhere
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "detached" });
    expect(await focused(page)).toBe("own");
    expect(await page.evaluate(() => scrollY)).toBe(300);
    await expect.poll(() => state(page, position)).toMatchObject({ dismissed_at: expect.any(Number) });
    expect(page.complaints).toEqual([]);
  },
);

test("a modal survey goes on to its ending, and Escape from inside closes it too", async () => {
  const page = await open();
  await show(page, "modal");
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").fill("Fine");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "detached" });
});

test("inline: in its element, not above the page, and without motion", async () => {
  const page = await open({ reducedMotion: "no-preference" });
  const after = (await page.locator("#after").boundingBox())!.y;
  await show(page, "inline");
  expect(await panel(page).evaluate((host) => [host.parentElement!.id, host.matches(":popover-open")])).toEqual([
    "here",
    false,
  ]);
  expect(await moves(page)).toBe("none");
  const { height, width } = await box(page);
  expect((await page.locator("#after").boundingBox())!.y).toBe(after + height);
  expect(width).toBe((await page.locator("#here").boundingBox())!.width);
  // What the page lays over it stays over it.
  await page.evaluate(() => {
    const cover = document.createElement("div");
    cover.id = "cover";
    cover.style.cssText = "position:fixed;inset:0";
    document.body.append(cover);
  });
  const { x, y } = await box(page);
  expect(await page.evaluate(([x, y]) => document.elementFromPoint(x!, y!)!.id, [x + 20, y + 20])).toBe("cover");
  expect(page.complaints).toEqual([]);
});

test("inline: an ending in view stays, for the page would jump", async () => {
  const page = await open();
  await page.clock.install();
  await show(page, "inline");
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").fill("Fine");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.clock.fastForward(60_000);
  expect(await panel(page).count()).toBe(1);
  await page.evaluate(() => scrollTo(0, 9_999));
  await page.clock.fastForward(2_000);
  await panel(page).waitFor({ state: "detached" });
});

test("inline: where its element is not there the page is told, and another survey may show", async () => {
  const page = await open();
  await heard(page);
  await page.evaluate(() => window.askwell!("show", "nowhere"));
  await expect.poll(() => events(page)).toEqual(["error nowhere"]);
  expect(await panel(page).count()).toBe(0);
  await show(page, "bar");
  await expect.poll(() => events(page)).toEqual(["error nowhere", "shown bar"]);
  const remembered = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!));
  expect(remembered.shows).toEqual({ bar: 1 }); // what nobody saw is not counted
});

test("where the browser fails as it is put on the page, nothing of it stays", async () => {
  const page = await newPage({ reducedMotion: "reduce" });
  await page.addInitScript(() => {
    HTMLDialogElement.prototype.showModal = () => {
      throw new Error("not today");
    };
  });
  await page.goto(origin);
  await ready(page);
  await heard(page);
  await page.evaluate(() => window.askwell!("show", "modal"));
  await expect.poll(() => events(page)).toEqual(["error modal"]);
  expect(await panel(page).count()).toBe(0);
  await show(page, "bar");
  await expect.poll(() => events(page)).toEqual(["error modal", "shown bar"]);
  const remembered = await page.evaluate(() => JSON.parse(localStorage.getItem("askwell:shop:visitor")!));
  expect(remembered.shows).toEqual({ bar: 1 });
});

test("one that is destroyed by what saw it come is gone", async () => {
  const page = await open();
  await page.evaluate(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector("askwell-survey")) window.askwell?.("destroy");
    });
    observer.observe(document, { childList: true, subtree: true });
    window.askwell!("show", "bar");
  });
  await page.waitForFunction(() => !window.askwell);
  await expect.poll(() => panel(page).count()).toBe(0);
  expect(await page.evaluate(() => localStorage.getItem("askwell:shop:visitor"))).not.toContain("shows");
});

test("inline: a last page without its element completes nothing", async () => {
  const page = await open();
  await page.evaluate(() => window.askwell!("show", "english"));
  await choice(page, 9).click();
  await asks(page, "In English?");
  await page.goto(`${origin}/pl`); // there the last question is hidden: only the ending is left
  await ready(page);
  await heard(page);
  await page.waitForTimeout(300);
  expect(await panel(page).count()).toBe(0);
  expect((await state(page, "english"))?.state).toBe("partial");
});

test("inline: gone with its element, and not as if the visitor had closed it", async () => {
  const page = await open();
  await heard(page);
  await show(page, "inline");
  await page.evaluate(() => document.querySelector("#row")!.remove());
  await show(page, "bar"); // once the first is gone
  expect(await panel(page).count()).toBe(1);
  await expect.poll(() => events(page)).toEqual(["shown inline", "shown bar"]);
  await expect.poll(() => state(page, "inline")).toMatchObject({ state: "shown" });
  expect((await state(page, "inline"))?.dismissed_at).toBeUndefined();
});

test("an open modal dialog of the page has it inside; closed, it leaves the survey to the page", async () => {
  const page = await open();
  await page.evaluate(() => document.querySelector<HTMLDialogElement>("#theirs")!.showModal());
  await show(page, "bottom-right");
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").fill("Half a th");
  await page.evaluate(() => document.querySelector<HTMLDialogElement>("#theirs")!.close());
  await page.waitForFunction(() => document.querySelector("html > askwell-survey:popover-open"));
  await panel(page).getByRole("textbox").press("End");
  await page.keyboard.type("ought");
  expect(await panel(page).getByRole("textbox").inputValue()).toBe("Half a thought");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  expect(page.complaints).toEqual([]);
});

test("Escape in a survey that stands in a dialog of the page closes the survey alone", async () => {
  const page = await open();
  await page.evaluate(() => document.querySelector<HTMLDialogElement>("#theirs")!.showModal());
  await show(page, "bottom-right");
  await choice(page, 5).focus();
  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "detached" });
  expect(await page.locator("#theirs").evaluate((dialog) => dialog.matches(":modal"))).toBe(true);
});

test("a dialog that is thrown out with the survey in it leaves the survey to the page", async () => {
  const page = await open();
  await page.evaluate(() => document.querySelector<HTMLDialogElement>("#theirs")!.showModal());
  await show(page, "bottom-right");
  await page.evaluate(() => document.querySelector("#theirs")!.remove());
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").waitFor();
});

const fullScreen = async (page: Page, id: string) => {
  await page.locator("#press").evaluate((button, id) => {
    button.onclick = () => document.getElementById(id)!.requestFullscreen();
  }, id);
  await page.locator("#press").click();
  await page.waitForFunction(() => document.fullscreenElement);
};

test("in an element that fills the screen it can be answered, and afterwards too", async () => {
  const page = await open();
  await fullScreen(page, "stage");
  await show(page, "bottom-right");
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").waitFor();
  await exitFullscreen(page);
  await panel(page).getByRole("textbox").fill("Fine");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
});

test("while a video fills the screen it waits", async () => {
  const page = await open();
  await fullScreen(page, "film");
  await page.evaluate(() => window.askwell!("show", "bottom-right"));
  await panel(page).waitFor({ state: "attached" });
  expect(await card(page).isVisible()).toBe(false);
  await page.evaluate(() => document.exitFullscreen());
  await choice(page, 9).click();
});

test.each(["bottom-right", "modal"])("%s: back on a page whose body or root a framework replaces", async (position) => {
  const page = await open();
  await show(page, position);
  const replaced = async (what: string) => {
    await page.evaluate((what) => {
      const old = document.querySelector(what)!;
      const fresh = document.createElement(what);
      fresh.append(...(what === "body" ? [document.createElement("main")] : [document.createElement("body")]));
      old.replaceWith(fresh);
    }, what);
    await page.waitForFunction(() => document.querySelector("askwell-survey"));
  };
  await replaced("body");
  await replaced("html");
  await page.evaluate(() => document.querySelector("askwell-survey")!.remove());
  expect(
    await panel(page).evaluate((host) => host.matches(":popover-open") || !!host.shadowRoot!.querySelector(":modal")),
  ).toBe(true);
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").fill("Still here");
  expect(page.complaints).toEqual([]);
});

test("it gives in to a page that throws it out for good, and that is no dismissal", async () => {
  const page = await open();
  await heard(page);
  await show(page, "bottom-right");
  const thrown = await page.evaluate(async () => {
    let thrown = 0;
    for (let i = 0; i < 60; i++) {
      const survey = document.querySelector("askwell-survey");
      if (survey) thrown++;
      survey?.remove();
      await null; // in which it comes back
    }
    return thrown;
  });
  expect(thrown).toBe(21);
  expect(await events(page)).toEqual(["shown bottom-right"]);
  await show(page, "bar");
});

test.each(positions)("%s: above the keyboard of a phone, the field in view", async (position) => {
  const page = await open({ viewport: { width: 360, height: 700 }, hasTouch: true, isMobile: true });
  await show(page, position!);
  await choice(page, 9).click();
  const field = panel(page).getByRole("textbox");
  await field.focus();
  const keyboard = (height: number) =>
    page.evaluate((height) => {
      Object.defineProperty(visualViewport, "height", { value: height, configurable: true });
      visualViewport!.dispatchEvent(new Event("resize"));
    }, height);
  const before = await box(page);
  await keyboard(380);
  if (position !== "inline") {
    const { y, height } = await box(page);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + height).toBeLessThanOrEqual(380);
  }
  const seen = (await field.boundingBox())!;
  expect(seen.y).toBeGreaterThanOrEqual(0);
  expect(seen.y + seen.height).toBeLessThanOrEqual(380);
  await keyboard(700);
  if (position !== "inline") expect(await box(page)).toEqual(before);
});

test("zoomed in, it stays where it is: the visitor looks at a part of the page", async () => {
  const page = await open({ viewport: { width: 360, height: 700 }, hasTouch: true, isMobile: true });
  await show(page, "bottom-right");
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").waitFor();
  const before = await box(page);
  await page.evaluate(() => {
    Object.defineProperty(visualViewport, "height", { value: 350 });
    Object.defineProperty(visualViewport, "scale", { value: 2 });
    visualViewport!.dispatchEvent(new Event("resize"));
  });
  expect(await box(page)).toEqual(before);
});

test.each(positions)("%s: on 320 × 256 px, a page at 400 %, it can be answered and sent", async (position) => {
  const page = await open({ viewport: { width: 320, height: 256 } });
  await show(page, position!);
  await choice(page, 9).click();
  await panel(page).getByRole("textbox").fill("Fine");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test.each(positions.filter((position) => position !== "inline"))(
  "%s: on a phone of 320 px each of eleven points is as wide as a finger",
  async (position) => {
    const page = await open({ viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true });
    await show(page, position!);
    for (const point of [0, 5, 10]) expect((await choice(page, point).boundingBox())!.width).toBeGreaterThanOrEqual(44);
  },
);

test.each(positions)("%s: no print shows it", async (position) => {
  const page = await open();
  await show(page, position!);
  await page.emulateMedia({ media: "print" });
  expect(await card(page).isVisible()).toBe(false);
});

test.each(positions.filter((position) => position !== "inline"))("%s: nothing of the page shifts", async (position) => {
  const page = await open({ reducedMotion: "no-preference" });
  await page.evaluate(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput) shifts.push(entry.value);
    }).observe({ type: "layout-shift" });
  });
  await show(page, position!);
  await panel(page).evaluate((host) => Promise.all(host.shadowRoot!.getAnimations().map((a) => a.finished)));
  await page.locator("[part=close]").click();
  await panel(page).waitFor({ state: "detached" });
  expect(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)).toEqual([]);
});

test("motion is for those who want it", async () => {
  for (const [reducedMotion, animation] of [
    ["reduce", "none"],
    ["no-preference", "i"],
  ] as const) {
    const page = await open({ reducedMotion });
    await show(page, "bottom-right");
    expect(await moves(page)).toBe(animation);
  }
});

test.each(positions.filter((position) => position !== "inline"))(
  "%s: nothing lies under a notch, or where the system swipes",
  async (position) => {
    const page = await open({ viewport: { width: 800, height: 390 }, hasTouch: true, isMobile: true });
    const devtools = await page.context().newCDPSession(page);
    const insets = { top: 30, left: 50, bottom: 25, right: 60 };
    await devtools.send("Emulation.setSafeAreaInsetsOverride", { insets });
    await show(page, position!);
    const { x, y, width, height } = (await choice(page, 0).boundingBox())!;
    const close = (await panel(page).getByRole("button", { name: "Close" }).boundingBox())!;
    const last = (await choice(page, 10).boundingBox())!;
    expect(x).toBeGreaterThanOrEqual(insets.left);
    expect(y).toBeGreaterThanOrEqual(insets.top);
    expect(last.x + last.width).toBeLessThanOrEqual(800 - insets.right);
    expect(close.x + close.width).toBeLessThanOrEqual(800 - insets.right);
    expect(close.y).toBeGreaterThanOrEqual(insets.top);
    const footer = (await panel(page).locator("small").boundingBox())!;
    for (const [top, size] of [
      [y, height],
      [footer.y, footer.height],
    ])
      expect(top! + size!).toBeLessThanOrEqual(390 - insets.bottom);
    expect(width).toBeGreaterThan(20);
  },
);
