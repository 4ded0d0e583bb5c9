import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { axeFinds, type Example, startExample } from "./example.ts";
import { choice, leaveThroughTop, newPage, panel, ready, root, useBrowser } from "./harness.ts";
import { stored } from "./moment.ts";

/** What Tag Manager exports, as far as this container has it. */
type Parameter = { type: string; key?: string; value?: string };
type Container = {
  exportFormatVersion: number;
  containerVersion: {
    tag: { tagId: string; name: string; type: string; parameter: Parameter[]; firingTriggerId: string[] }[];
    trigger: { triggerId: string; type: string; customEventFilter: { type: string; parameter: Parameter[] }[] }[];
    variable: { variableId: string; name: string; type: string; parameter: Parameter[] }[];
  };
};

useBrowser();
let example: Example;
beforeAll(async () => {
  example = await startExample("tag-manager");
});

async function goShopping(page: Page, choose: "Accept" | "Refuse"): Promise<void> {
  await page.goto(example.page);
  await ready(page); // the tag "Askwell" has brought the script
  await page.getByRole("button", { name: choose }).click();
}

/** Two records, one of them twice, and one that is put back. */
async function fillCart(page: Page): Promise<void> {
  for (const name of ["Harbour Lights", "Slow Weather", "Slow Weather", "Paper Moons"])
    await page.getByRole("button", { name: `Add to cart: ${name}` }).click();
  await page.getByRole("link", { name: "Cart (4)" }).click();
  await page.getByRole("button", { name: "Remove Paper Moons" }).click();
  await ready(page);
}

test("who leaves a full cart is asked why: the cart and the user come from dataLayer alone", async () => {
  const page = await newPage();
  await goShopping(page, "Accept");
  await fillCart(page);
  await page.getByRole("button", { name: "Sign in" }).click();
  await leaveThroughTop(page);
  await choice(page, "delivery").click();
  await panel(page).getByText("Thank you!").waitFor();
  await expect
    .poll(() => example.responses("leaving"))
    .toMatchObject([
      {
        state: "completed",
        answers: { reason: "delivery" },
        trigger: { type: "cart_abandonment", reason: "pointer_top" },
        cart: { value: 78, currency: "EUR", items: 3 },
        user: "c-204",
      },
    ]);
  expect(page.complaints).toEqual([]);
});

test("who orders is asked how that was, on the page that says purchase", async () => {
  const page = await newPage();
  await goShopping(page, "Accept");
  await fillCart(page);
  await page.getByRole("link", { name: "Order and pay" }).click();
  await page.waitForURL("**/thanks.html");
  await choice(page, 4).click();
  await panel(page).getByText("enjoy the music").waitFor();
  await expect
    .poll(() => example.responses("order"))
    .toMatchObject([{ state: "completed", answers: { csat: 4 }, trigger: { type: "conversion", reason: "purchase" } }]);
});

test("who refuses is not asked, and who refuses later is forgotten", async () => {
  const page = await newPage();
  await goShopping(page, "Refuse");
  await fillCart(page);
  await leaveThroughTop(page);
  const asAskwells = (keys: string[]) => keys.filter((key) => key.startsWith("askwell"));
  expect(asAskwells(await stored(page))).toEqual([]);
  expect(await panel(page).count()).toBe(0);

  await page.getByRole("button", { name: "Cookies: change my mind" }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await expect.poll(async () => asAskwells(await stored(page)).length).toBeGreaterThan(0);
  await page.reload(); // what was chosen once holds, though the page first says that nothing is granted
  await ready(page);
  expect(asAskwells(await stored(page)).length).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Cookies: change my mind" }).click();
  await page.getByRole("button", { name: "Refuse" }).click();
  expect(asAskwells(await stored(page))).toEqual([]);
});

test("axe finds nothing on the pages", async () => {
  const page = await newPage();
  for (const path of ["", "cart.html", "thanks.html"]) {
    await page.goto(example.page + path);
    expect(await axeFinds(page), path).toEqual([]);
  }
});

test("the container is whole: every trigger and variable that a tag names is in it, and every script parses", async () => {
  const file = await readFile(`${root}examples/tag-manager/public/container.json`, "utf8");
  const { exportFormatVersion, containerVersion } = JSON.parse(file) as Container;
  expect(exportFormatVersion).toBe(2);
  const { tag: tags, trigger: triggers, variable: variables } = containerVersion;
  const allPages = "2147479553"; // Tag Manager's own
  for (const { name, type, parameter, firingTriggerId } of tags) {
    const html = parameter.find(({ key }) => key === "html")!.value!;
    expect(type, name).toBe("html");
    expect([allPages, ...triggers.map(({ triggerId }) => triggerId)], name).toEqual(
      expect.arrayContaining(firingTriggerId),
    );
    for (const [, variable] of html.matchAll(/{{(.+?)}}/g)) expect(variables.map((v) => v.name)).toContain(variable);
    // Tag Manager's own check of scripts knows no later syntax than ES5.
    expect(html).not.toMatch(/=>|`|\b(const|let|class)\b/);
    for (const [, script] of html.matchAll(/<script>(.+?)<\/script>/gs)) new Function(script!);
  }
  for (const { type, customEventFilter } of triggers) {
    expect(type).toBe("CUSTOM_EVENT");
    expect(customEventFilter[0]!.parameter.map(({ key }) => key)).toEqual(["arg0", "arg1"]);
  }
  const ids = [tags.map((t) => t.tagId), triggers.map((t) => t.triggerId), variables.map((v) => v.variableId)];
  for (const some of ids) expect(new Set(some).size).toBe(some.length);
});
