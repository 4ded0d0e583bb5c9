import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Theme } from "../../sdk/src/wire.ts";
import { everyType } from "./every-type.ts";
import { type Collector, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { shown } from "./look.ts";
import { plainPage } from "./surveys.ts";

// Whom the focus and the keys belong to: the page, until the visitor goes to the survey.

const places: Theme["position"][] = ["bottom-right", "top-left", "bar", "inline", "modal", "page"];

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(() =>
    plainPage(
      `${collector.url}/w/shop.js`,
      '<label>Own <input id=own></label> <a id=link href="#">A link</a><div id=here></div>',
    ),
  );
  await collector.publish(
    "shop",
    [origin],
    [
      everyType(),
      ...places.map((position) => {
        const theme = { position, ...(position === "inline" && { selector: "#here" }) };
        const questions = everyType().questions.slice(1, 6);
        return everyType({ id: position!, theme, questions, privacy_url: "https://shop.example/privacy" });
      }),
    ],
  );
});

async function open(): Promise<Page & { complaints: string[] }> {
  const page = await newPage({ reducedMotion: "reduce" });
  await page.goto(origin);
  await ready(page);
  await page.locator("#own").focus();
  return page;
}

async function ask(page: Page, id: string, title: string): Promise<void> {
  await page.evaluate((id) => window.askwell!("show", id), id);
  await shown(page, title);
}

/** What has the focus: by its id on the page; in the survey by what it is called, and what it is. */
const focus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const outer = document.activeElement as HTMLElement;
    if (outer.localName !== "askwell-survey") return outer.id || outer.localName;
    const e = outer.shadowRoot!.activeElement as HTMLInputElement;
    if (e.name) return `${e.name} ${e.type === "radio" || e.type === "checkbox" ? e.value : ""}`.trim();
    return e.getAttribute("aria-label") ?? e.textContent ?? e.localName;
  });

/** Presses Tab until something has the focus, and returns all that had it on the way. */
async function tabTo(page: Page, wanted: string, key = "Tab"): Promise<string[]> {
  const path: string[] = [];
  do {
    expect(path.length, `${wanted} is not among ${path}`).toBeLessThan(12);
    await page.keyboard.press(key);
    path.push(await focus(page));
  } while (path.at(-1) !== wanted);
  return path;
}

const title = (page: Page) => panel(page).locator("[part=title]").textContent();
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

test("every type of question is answered by keyboard alone, and nothing but Enter goes on", async () => {
  const page = await open();
  await ask(page, "every-type", "NPS?");
  expect(await focus(page)).toBe("own");
  expect(await tabTo(page, "a 0")).toEqual(["link", "a 0"]); // the survey comes after the page
  const type = (text: string) => page.keyboard.type(text);
  // By question: what has the focus when it comes, what is done, and where Enter is pressed, if elsewhere.
  const steps: [title: string, first: string, () => Promise<unknown>, on?: string][] = [
    ["NPS?", "a 0", () => press(page, "ArrowRight", "ArrowRight")],
    ["CSAT?", "a 1", () => press(page, "Space")],
    ["CES?", "a 1", () => press(page, "ArrowLeft")], // round to the last
    ["Rating?", "a 1", () => press(page, "ArrowDown", "ArrowDown", "ArrowDown")],
    ["Thumbs?", "a true", () => press(page, "ArrowRight")],
    ["Single?", "a a", () => press(page, "ArrowDown")],
    ["Multi?", "a a", () => press(page, "Space", "Tab", "Tab", "Space")],
    ["Dropdown?", "a", () => press(page, "ArrowDown", "ArrowDown"), "Next"],
    ["Picture?", "a red", () => press(page, "ArrowRight")],
    [
      "Ranking?",
      expect.stringMatching(/^(Ranking\?|Move Choice A down)$/),
      async () => {
        await tabTo(page, "Move Choice B up");
        await press(page, "Enter");
      },
      "Next",
    ],
    [
      "Matrix?",
      "a.x a",
      async () => {
        await press(page, "Space");
        await tabTo(page, "a.y a");
        await press(page, "ArrowRight");
      },
    ],
    ["Date?", "a", () => type("02292024")],
    ["Text?", "a", () => type("By keyboard"), "Next"],
    [
      "Email?",
      "a",
      async () => {
        await type("ann@shop.example");
        await tabTo(page, "consent true");
        await press(page, "Space");
      },
    ],
    [
      "Contact?",
      "a.name",
      async () => {
        await type("Ann");
        await tabTo(page, "a.phone");
        await type("123");
      },
    ],
    ["Statement.", "Statement.", async () => {}, "Understood"],
  ];
  for (const [name, first, answer, on] of steps) {
    expect([await title(page), await focus(page)]).toEqual([name, first]);
    await answer();
    if (on) await tabTo(page, on);
    expect(await title(page)).toBe(name);
    await press(page, "Enter");
  }
  await panel(page).getByText("Thank you!").waitFor();
  expect(await focus(page)).toBe("Close");
  await press(page, "Enter");
  await panel(page).waitFor({ state: "detached" });
  expect(await focus(page)).toBe("link"); // where it was before the survey had it
  await expect
    .poll(async () => (await collector.responses("shop", "every-type"))[0])
    .toMatchObject({
      state: "completed",
      answers: {
        nps: 2,
        csat: 1,
        ces: 7,
        rating: 4,
        thumbs: false,
        single: "b",
        multi: ["a", "c"],
        dropdown: "b",
        picture: "blue",
        ranking: ["b", "a", "c"],
        matrix: { x: "a", y: "b" },
        date: "2024-02-29",
        text: "By keyboard",
        email: "ann@shop.example",
        "email.consent": true,
        contact: { name: "Ann", phone: "123" },
      },
    });
  expect(page.complaints).toEqual([]);
});

test("the order of Tab is the order of reading: the question, what leads back and on, Close; and the page again", async () => {
  const page = await open();
  await ask(page, "bottom-right", "CSAT?");
  await tabTo(page, "a 1");
  await press(page, "Space", "Enter");
  await shown(page, "CES?");
  await press(page, "Space");
  expect(await tabTo(page, "Close")).toEqual(["Back", expect.stringContaining("Privacy"), "Next", "Close"]);
  expect(await tabTo(page, "a 1", "Shift+Tab")).toHaveLength(4);
  expect(await tabTo(page, "link", "Shift+Tab")).toEqual(["link"]);
  // Back is a button like any other, and the focus is in the question that it leads to.
  await tabTo(page, "Back");
  await press(page, "Enter");
  expect([await title(page), await focus(page)]).toEqual(["CSAT?", "a 1"]);
  expect(await panel(page).locator("input:checked").count()).toBe(1);
});

test("arrow keys go round all the points, and never on", async () => {
  const page = await open();
  await ask(page, "bottom-right", "CSAT?");
  await tabTo(page, "a 1");
  for (const [name, points] of [
    ["CSAT?", 5],
    ["CES?", 7],
    ["Rating?", 5],
    ["Thumbs?", 2],
    ["Single?", 2],
  ] as const) {
    const first = await focus(page);
    for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"]) {
      for (let i = 0; i < points; i++) {
        await press(page, key);
        expect(await title(page), key).toBe(name);
        expect(await panel(page).locator("input:checked").count()).toBe(1);
      }
      expect(await focus(page)).toBe(first);
    }
    await press(page, "Enter");
  }
  await panel(page).getByText("Thank you!").waitFor();
});

test.each(["bottom-right", "top-left", "bar", "inline"])(
  "%s never takes the focus: not as it comes, not as it goes on, not as it ends",
  async (place) => {
    const page = await open();
    const moves = () => page.evaluate(() => (window as unknown as { moves: number }).moves);
    await page.evaluate(() => {
      Object.assign(window, { moves: 0 });
      for (const type of ["focus", "blur"])
        addEventListener(type, () => (window as unknown as { moves: number }).moves++, true);
    });
    await page.keyboard.type("So");
    await ask(page, place, "CSAT?");
    /** As in Safari, where a click on a radio does not focus it. */
    const tap = (value: string | number) =>
      panel(page)
        .locator(`input[name=a][value="${value}"]`)
        .dispatchEvent("click", { detail: 1, bubbles: true, composed: true, cancelable: true });
    for (const [name, value] of [
      ["CES?", 5],
      ["Rating?", 5],
      ["Thumbs?", 5],
      ["Single?", "true"],
    ] as const) {
      await tap(value);
      await shown(page, name);
      await page.keyboard.type(".");
    }
    await tap("a");
    await panel(page).getByText("Thank you!").waitFor();
    await page.keyboard.type("!");
    expect(await focus(page)).toBe("own");
    await panel(page).getByRole("button", { name: "Close" }).dispatchEvent("click");
    expect(await panel(page).count()).toBe(0);
    expect(await focus(page)).toBe("own");
    expect(await page.locator("#own").inputValue()).toBe("So....!");
    expect(await moves()).toBe(0);
  },
);

test.each(["modal", "page"])("%s keeps the focus while it is open, and gives it back", async (place) => {
  const page = await open();
  await ask(page, place, "CSAT?");
  expect(await focus(page)).toMatch(/^(CSAT\?|a 1)$/); // the title, or the first point
  const had = new Set<string>();
  for (const key of ["Tab", "Shift+Tab"])
    for (let i = 0; i < 12; i++) {
      await press(page, key);
      had.add(await focus(page));
    }
  // Between the last and the first the browser's own controls come, where the page's body has it.
  expect([...had].filter((one) => !/^(a \d|CSAT\?|Skip|Close|body|html|dialog|.*Privacy.*)$/.test(one))).toEqual([]);
  expect([...had]).toEqual(expect.arrayContaining(["a 1", "Skip", "Close"]));
  await page.evaluate(() => document.querySelector<HTMLElement>("#link")!.focus()); // the page is inert
  expect(await focus(page)).not.toBe("link");
  await press(page, "Escape");
  await panel(page).waitFor({ state: "detached" });
  expect(await focus(page)).toBe("own");
  await press(page, "Tab");
  expect(await focus(page)).toBe("link");
});

test.each(["modal", "page"])("%s is closed by Escape also where nothing in it has the focus", async (place) => {
  const page = await open();
  await ask(page, place, "CSAT?");
  await panel(page).locator("[part=title]").click();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await press(page, "Escape");
  await panel(page).waitFor({ state: "detached" });
  expect(await focus(page)).toBe("own");
  // It is over for the engine too: another can be shown.
  await ask(page, "bottom-right", "CSAT?");
});

test.each(["bottom-right", "bar", "inline"])(
  "%s: Escape closes it only from inside, and the focus is where it was",
  async (place) => {
    const page = await open();
    await ask(page, place, "CSAT?");
    await press(page, "Escape");
    expect(await panel(page).count()).toBe(1);
    await page.locator("#link").focus();
    await panel(page).locator("input").first().focus();
    await press(page, "Escape");
    expect(await panel(page).count()).toBe(0);
    expect(await focus(page)).toBe("link");

    // Where that is gone, nothing breaks.
    await ask(page, place, "CSAT?");
    await panel(page).locator("input").first().focus();
    await page.evaluate(() => document.querySelector("#link")!.remove());
    await press(page, "Escape");
    expect(await panel(page).count()).toBe(0);
    expect(page.complaints).toEqual([]);
  },
);

test("while an input method composes, Escape is its own", async () => {
  const page = await open();
  await ask(page, "every-type", "NPS?");
  const pressEscape = (isComposing: boolean) =>
    panel(page)
      .locator("input")
      .first()
      .dispatchEvent("keydown", { key: "Escape", isComposing, bubbles: true, composed: true });
  await pressEscape(true);
  expect(await panel(page).count()).toBe(1);
  await pressEscape(false);
  expect(await panel(page).count()).toBe(0);
});

// A listener that captures on the window or the document comes first, whatever a page in the page does: that one
// sees keys, of a target called askwell-survey, and can even swallow them. Hotkeys and focus traps do not capture, as
// they leave fields their keys.
test.each(["bottom-right", "modal"])("%s: hotkeys of the page do not see what is typed in it", async (place) => {
  const page = await open();
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    for (const type of ["keydown", "keypress", "keyup"])
      for (const target of [window, document, document.documentElement, document.body])
        target.addEventListener(type, (event) => {
          seen.push(`${type} ${(event as KeyboardEvent).key}`);
          event.preventDefault(); // as hotkeys do, which would leave nothing to type
        });
  });
  await ask(page, place, "CSAT?");
  await panel(page).locator("input").first().focus();
  await press(page, "ArrowRight", "/", "j", "Enter");
  await shown(page, "CES?");
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
  await press(page, "Escape");
  expect(await panel(page).count()).toBe(0);
  await page.locator("#own").focus();
  await press(page, "j");
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toContain("keydown j");
});

test("a focus trap of the page does not pull the focus out of it", async () => {
  const page = await open();
  await page.evaluate(() => {
    const own = document.querySelector<HTMLElement>("#own")!;
    const pull = ({ target }: Event) => target !== own && own.focus();
    document.addEventListener("focusin", pull);
    window.addEventListener("focusin", pull);
  });
  await page.locator("#link").focus();
  expect(await focus(page)).toBe("own"); // the trap works
  await ask(page, "every-type", "NPS?");
  await panel(page).locator("input").first().focus();
  await press(page, "ArrowRight", "Enter");
  await shown(page, "CSAT?");
  expect(await focus(page)).toBe("a 1");
  await press(page, "Tab");
  expect(await focus(page)).toBe("Back");
});
