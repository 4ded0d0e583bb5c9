// What a visitor could not see, read, hit or reach in the survey that is shown.
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { panel, root } from "./harness.ts";

const axe = readFile(`${root}widget/node_modules/axe-core/axe.min.js`, "utf8");

/** Brings axe to a page, also to one whose policy allows no foreign script. */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(await axe);
}

/**
 * Everything wrong with what is shown: what axe finds (WCAG 2.2 AA, best practice), controls that are small to hit,
 * text and edges of fields that do not stand out, what lies outside of the panel or the window. Nothing may move
 * meanwhile: pages open with reduced motion. Axe takes most of the time: where only the size differs it need not run.
 */
export const look = (page: Page, withAxe = true): Promise<string[]> =>
  page.evaluate(async (withAxe) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const host = document.querySelector("askwell-survey")!;
    const card = host.shadowRoot!.querySelector<HTMLElement>("[part=panel]")!;
    const wrong: string[] = [];
    const brief = (e: Element) =>
      (e.getAttribute("aria-label") ?? `${e.localName} ${e.textContent}`).trim().slice(0, 40);

    const found = withAxe
      ? await axe.run(host, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          rules: { "target-size": { enabled: true } }, // off by default
          resultTypes: ["violations"],
        })
      : undefined;
    for (const { id, nodes } of found?.violations ?? [])
      for (const { html, failureSummary } of nodes) wrong.push(`axe ${id}: ${html} ${failureSummary}`);

    const all = [...card.querySelectorAll<HTMLElement>("*")].filter((e) =>
      e.checkVisibility({ visibilityProperty: true }),
    );
    const clipped = (e: Element) => !!e.closest(".off, [aria-hidden=true]") || getComputedStyle(e).clipPath !== "none";

    // Controls: a label is as good as its input, a link within a sentence as high as that. 44 px for a finger, but for
    // the width of a scale's points, of which up to eleven stand in a row.
    const least = matchMedia("(pointer:coarse)").matches ? 44 : 24;
    for (const e of all.filter((e) => e.matches("input,button,select,textarea,a")).filter((e) => !clipped(e))) {
      if (e.matches("small a, p a")) continue;
      const boxes = [e, e.closest("label")].filter((e) => !!e).map((e) => e.getBoundingClientRect());
      const [width, height] = [Math.max(...boxes.map((b) => b.width)), Math.max(...boxes.map((b) => b.height))];
      if (width < (e.matches("div > label > *") ? 24 : least) - 0.5 || height < least - 0.5)
        wrong.push(`${brief(e)} is ${width} × ${height}`);
    }

    // Contrast: axe leaves alone what lies under a transparent input, and never looks at placeholders and edges.
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    type Colour = [number, number, number, number];
    const colour = (css: string): Colour => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = css;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data] as Colour;
    };
    const luminance = (c: Colour) => {
      const [r, g, b] = c.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const contrast = (a: string, b: string) => {
      const [x, y] = [luminance(colour(a)), luminance(colour(b))];
      return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    };
    const under = (e: Element | null): string => {
      const { backgroundColor } = e ? getComputedStyle(e) : { backgroundColor: "#fff" };
      return !e || colour(backgroundColor)[3] === 255 ? backgroundColor : under(e.parentElement);
    };
    const readable = (e: Element, css: string, what: string, ground: Element | null, needed = 4.5) => {
      const ratio = contrast(css, under(ground));
      if (ratio < needed) wrong.push(`${what} of ${brief(e)}: ${css} on ${under(ground)} is ${ratio.toFixed(2)}:1`);
    };
    for (const e of all.filter((e) => !clipped(e))) {
      const style = getComputedStyle(e);
      const own = [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim());
      // What is less than 8 px high is for screen readers: the words of the bar of progress.
      if (
        own &&
        style.opacity !== "0" &&
        style.fontSize !== "0px" &&
        e.getBoundingClientRect().height >= 8 &&
        e.localName !== "option"
      )
        readable(e, style.color, "text", e);
      // A point of a scale is where its edge is; stars and faces have none.
      if (e.matches("div:has(> :nth-child(4)):not(.pictures) > label > span") && style.borderTopWidth !== "0px")
        readable(e, style.borderTopColor, "edge", e.closest("fieldset"), 3);
      if (e.matches("textarea, select, [part=field]")) {
        readable(e, style.borderTopColor, "edge", e.parentElement, 3);
        if (e.matches("[placeholder]:not([placeholder=''])"))
          readable(e, getComputedStyle(e, "::placeholder").color, "placeholder", e);
      }
    }

    // No word is broken; of scripts that have spaces, and where there is room for words.
    const seen = all.filter((e) => !clipped(e) && e.getBoundingClientRect().height >= 8);
    for (const e of seen.filter((e) => /^[!-~]+( [!-~]+)*$/.test(e.textContent) && !e.children.length)) {
      const range = document.createRange();
      range.selectNodeContents(e);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > e.textContent.split(" ").length) wrong.push(`${brief(e)} is broken within a word`);
    }

    // Nothing outside. What does not fit in height can be rolled to, never sideways.
    const edge = card.getBoundingClientRect();
    if (edge.left < -0.5 || edge.right > innerWidth + 0.5) wrong.push(`the panel is outside, at ${edge.left}`);
    if (getComputedStyle(host).position === "fixed" && (edge.top < -0.5 || edge.bottom > innerHeight + 0.5))
      wrong.push(`the panel is outside, from ${edge.top} to ${edge.bottom}`);
    for (const e of all.filter((e) => !clipped(e))) {
      const { left, right, width } = e.getBoundingClientRect();
      if (width && (left < edge.left - 0.5 || right > edge.right + 0.5)) wrong.push(`${brief(e)} leaves the panel`);
      if (e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX))
        wrong.push(`${brief(e)} rolls sideways`);
    }
    if (card.querySelector("form")?.scrollTop) wrong.push("the question is rolled away");
    const ends = all.filter((e) => e.matches("#l span")).map((e) => e.textContent);
    for (const e of all.filter((e) => e.matches("bdi") && ends.includes(e.textContent)))
      if (e.checkVisibility({ opacityProperty: true }) && !clipped(e)) wrong.push(`${brief(e)} is there twice`);
    if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page rolls sideways");
    return wrong;
  }, withAxe);

/** Waits until a survey of this title is there. */
export const shown = (page: Page, title: string) => panel(page).locator("[part=title]", { hasText: title }).waitFor();

/** Goes on from the question that is shown, without an answer where it needs none; returns the next title, or nothing at the end. */
export const goOn = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const { shadowRoot } = document.querySelector("askwell-survey")!;
    const form = () => shadowRoot!.querySelector("form");
    const before = form();
    before!.requestSubmit();
    if (form() === before) {
      const control = before!.querySelector<HTMLInputElement>("[name=a]")!;
      if (/radio|checkbox/.test(control.type)) control.click();
      else control.value = "x";
      before!.requestSubmit();
    }
    return form()?.querySelector("[part=title]")?.textContent ?? undefined;
  });
