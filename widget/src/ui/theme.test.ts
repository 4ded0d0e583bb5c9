import { expect, test } from "vitest";
import { textOn } from "./theme.ts";

// Contrast as WCAG 2.2 defines it, without the shortcut that textOn takes.
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("text on any accent reads at 4.5:1 or better", () => {
  let worst = 21;
  for (let colour = 0; colour <= 0xffffff; colour += 101) {
    const accent = `#${colour.toString(16).padStart(6, "0")}`;
    const [dark, light] = [luminance(accent), textOn(accent) === "#fff" ? 1 : 0].sort((a, b) => a - b);
    worst = Math.min(worst, (light! + 0.05) / (dark! + 0.05));
  }
  expect(worst).toBeGreaterThanOrEqual(4.5);
});

test("the obvious ones", () => {
  expect(textOn("#5b5bd6")).toBe("#fff");
  expect(textOn("#000000")).toBe("#fff");
  expect(textOn("#ffd43b")).toBe("#000");
  expect(textOn("#ffffff")).toBe("#000");
});
