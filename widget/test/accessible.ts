import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { root } from "./harness.ts";

/** Axe finds nothing wrong with the page as it is now. */
export async function accessible(page: Page): Promise<void> {
  await page.evaluate(await readFile(`${root}widget/node_modules/axe-core/axe.min.js`, "utf8"));
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    return (await axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  expect(found).toEqual([]);
}
