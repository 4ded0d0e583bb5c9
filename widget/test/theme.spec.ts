import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Definition, Theme } from "../../sdk/src/wire.ts";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;

const parts = "panel title help option field button back close problem progress ending link".split(" ");
const styles = `<style>body { font-family: Georgia, serif }
${parts.map((part, i) => `.styled askwell-survey::part(${part}) { outline: ${i + 1}px dotted rgb(1, 2, 3) }`).join("\n")}</style>`;

/** A score, choices with a field, a text, and an ending with a link. */
const survey = (id: string, theme: Theme): Definition => {
  const { questions, ...rest } = npsSurvey([], {
    id,
    theme,
    privacy_url: "https://shop.example/privacy",
    languages: ["en", "pl", "ar"],
  });
  const choices = [
    { id: "home", label: "At home" },
    { id: "other", label: "Somewhere else", other: true },
  ];
  return {
    ...rest,
    questions: [
      questions[0]!,
      { id: "where", type: "multi_choice", title: "Where?", help: "Choose all.", choices } as never,
      { id: "why", type: "text", title: "Why?", required: true },
    ],
    endings: [
      {
        title: "Thank you!",
        text: "See you.",
        link: { label: "What is new", url: "https://shop.example/new" },
      } as never,
    ],
  };
};

const themes: Record<string, Theme> = {
  plain: {},
  white: { accent: "#ffffff", scheme: "light" },
  yellow: { accent: "#ffee88", scheme: "light" },
  orange: { accent: "#ff8c00", scheme: "light" },
  black: { accent: "#000000", scheme: "dark" },
  navy: { accent: "#000080", scheme: "dark" },
  light: { scheme: "light" },
  dark: { scheme: "dark" },
  auto: { scheme: "auto" },
  inherit: { font: "inherit" },
  mono: { font: "'Courier New', monospace" },
  square: { radius: 0 },
  round: { radius: 32 },
  compact: { density: "compact" },
  comfortable: { density: "comfortable" },
};

beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/shop.js`, styles, path.slice(1) || "en"));
  await collector.publish(
    "shop",
    [origin],
    Object.entries(themes).map(([id, theme]) => survey(id, theme)),
  );
});

async function open(id: string, options: Parameters<typeof newPage>[0] = {}, path = "/") {
  const page = await newPage({ reducedMotion: "reduce", ...options });
  await page.goto(origin + path);
  await ready(page);
  await page.evaluate((id) => window.askwell!("show", id), id);
  await choice(page, 9).waitFor();
  return page;
}
const part = (page: Page, name: string) => panel(page).locator(`[part=${name}]`);
const style = (of: Locator, name: string) => of.evaluate((e, name) => getComputedStyle(e).getPropertyValue(name), name);
const toChoices = async (page: Page) => {
  await choice(page, 9).click();
  await choice(page, "other").click();
};
const toText = async (page: Page) => {
  await toChoices(page);
  await part(page, "button").click();
  await panel(page).locator("textarea").waitFor();
};
const phone = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };

/** The contrast of two colours of the page as WCAG defines it, by the pixels that the browser paints. */
const contrast = (page: Page, a: string, b: string): Promise<number> =>
  page.evaluate(
    ([a, b]) => {
      const context = document.createElement("canvas").getContext("2d")!;
      const luminance = (colour: string) => {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((part) => {
          const c = part / 255;
          return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        }) as [number, number, number];
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const [light, dark] = [luminance(a!), luminance(b!)].sort((x, y) => y - x) as [number, number];
      return (light + 0.05) / (dark + 0.05);
    },
    [a, b],
  );

test("the page styles each part", async () => {
  const page = await open("plain");
  await page.evaluate(() => document.documentElement.classList.add("styled"));
  const left = new Set(parts);
  const look = async () => {
    for (const [i, name] of parts.entries())
      for (const one of await part(page, name).all())
        if (
          (await style(one, "outline-color")) === "rgb(1, 2, 3)" &&
          (await style(one, "outline-width")) === `${i + 1}px`
        )
          left.delete(name);
  };
  await look();
  await toChoices(page);
  await page.mouse.click(5, 5); // the focus has an outline of its own
  await look();
  await toText(page).catch(() => {});
  await part(page, "button").click();
  await look();
  await panel(page).locator("textarea").fill("Fine");
  await part(page, "button").click();
  await part(page, "link").waitFor();
  await page.mouse.click(5, 5);
  await look();
  expect([...left]).toEqual([]);
});

test.each(["plain", "white", "yellow", "orange", "black", "navy"])(
  "%s: what is chosen, the button and the progress are seen, and read",
  async (id) => {
    const page = await open(id);
    const ground = await style(part(page, "panel"), "background-color");
    expect(
      await contrast(page, await style(part(page, "progress"), "background-color"), ground),
    ).toBeGreaterThanOrEqual(3);
    await toChoices(page);
    for (const one of [choice(page, "other").locator("+ span"), part(page, "button")]) {
      expect(await contrast(page, await style(one, "border-color"), ground)).toBeGreaterThanOrEqual(3);
      expect(
        await contrast(page, await style(one, "color"), await style(one, "background-color")),
      ).toBeGreaterThanOrEqual(4.5);
    }
  },
);

test("an accent that is seen as it is, is not touched", async () => {
  const page = await open("plain");
  await toChoices(page);
  const edge = await style(part(page, "button"), "border-color");
  expect(await contrast(page, edge, "#5b5bd6")).toBe(1);
});

test.each([
  ["light", "dark", "rgb(255, 255, 255)"],
  ["dark", "light", "rgb(28, 28, 33)"],
  ["auto", "light", "rgb(255, 255, 255)"],
  ["auto", "dark", "rgb(28, 28, 33)"],
  ["plain", "dark", "rgb(28, 28, 33)"],
] as const)("%s on a system in the %s", async (id, colorScheme, ground) => {
  const page = await open(id, { colorScheme });
  expect(await style(part(page, "panel"), "background-color")).toBe(ground);
});

test("the font is the system's, the page's own, or the one that is named", async () => {
  for (const [id, family] of [
    ["plain", "system-ui, sans-serif"],
    ["inherit", "Georgia, serif"],
    ["mono", '"Courier New", monospace'],
  ] as const) {
    const page = await open(id);
    expect(await style(part(page, "title"), "font-family")).toBe(family);
  }
});

test("the radius is the panel's, and its controls follow", async () => {
  for (const [id, ...radii] of [
    ["square", "0px", "0px"],
    ["round", "32px", "20px"],
  ] as const) {
    const page = await open(id);
    await choice(page, 9).click();
    expect([
      await style(part(page, "panel"), "border-top-left-radius"),
      await style(part(page, "option").first(), "border-top-left-radius"),
    ]).toEqual(radii);
  }
});

test("compact is smaller, but not for a finger", async () => {
  const height = async (id: string, options = {}) => {
    const page = await open(id, options);
    await choice(page, 9).click();
    await choice(page, "home").waitFor();
    return [
      (await part(page, "panel").boundingBox())!.height,
      (await part(page, "option").first().boundingBox())!.height,
    ];
  };
  const [[compact], [comfortable], [, onPhone]] = [
    await height("compact"),
    await height("comfortable"),
    await height("compact", phone),
  ];
  expect(compact).toBeLessThan(comfortable! * 0.85);
  expect(onPhone).toBeGreaterThanOrEqual(44);
});

test.each([
  ["plain", { viewport: { width: 1280, height: 800 } }, 24],
  ["compact", { viewport: { width: 1280, height: 800 } }, 24],
  ["plain", phone, 44],
  ["compact", phone, 44],
] as const)("%s on %o: nothing to hit is smaller than %d px", async (id, options, least) => {
  const page = await open(id, options);
  const look = async () => {
    for (const one of await panel(page)
      .locator("label,[part=button]:not(.off),[part=back],[part=close],[part=field]:visible,.end [part=link]")
      .all()) {
      const { width, height } = (await one.boundingBox())!;
      expect(Math.min(width, height), await one.evaluate((e) => e.outerHTML)).toBeGreaterThanOrEqual(least);
    }
  };
  await look();
  await toChoices(page);
  await look();
  // A link in a line of text is as high as the line (WCAG 2.5.8), but a little more is easy.
  const link = (await part(page, "link").evaluateAll((links) => links.map((e) => e.getClientRects()[0]!.height)))[0]!;
  expect(link).toBeGreaterThanOrEqual(24);
  await part(page, "button").click();
  await panel(page).locator("textarea").fill("Fine");
  await look();
  await part(page, "button").click();
  await panel(page).locator(".end").waitFor();
  await look();
});

test.each(["plain", "compact"])("%s: a phone does not zoom in on a field", async (id) => {
  const page = await open(id, phone);
  await toChoices(page);
  expect(parseFloat(await style(part(page, "field"), "font-size"))).toBeGreaterThanOrEqual(16);
});

test("in forced colours the chosen, the button and the edges are the system's", async () => {
  const page = await open("plain", { forcedColors: "active" });
  await toChoices(page);
  const system = await page.evaluate(() => {
    const probe = document.createElement("p");
    probe.style.cssText = "forced-color-adjust:none;background:Highlight;color:HighlightText";
    document.body.append(probe);
    const { backgroundColor, color } = getComputedStyle(probe);
    return [backgroundColor, color];
  });
  for (const one of [choice(page, "other").locator("+ span"), part(page, "button")])
    expect([await style(one, "background-color"), await style(one, "color")]).toEqual(system);
  expect(await style(choice(page, "home").locator("+ span"), "background-color")).not.toBe(system[0]);
  expect(await style(part(page, "panel"), "border-top-width")).toBe("1px");
});

test("from right to left where the language is: the button at the left, Back at the right", async () => {
  const page = await open("plain", {}, "/ar");
  await toChoices(page);
  const x = async (name: string) => (await part(page, name).boundingBox())!.x;
  expect(await x("button")).toBeLessThan(await x("back"));
  expect(await x("close")).toBeLessThan(await x("title"));
  const bar = (await part(page, "progress").boundingBox())!;
  const card = (await part(page, "panel").boundingBox())!;
  expect(bar.x + bar.width).toBeCloseTo(card.x + card.width - 1, 0);
});
