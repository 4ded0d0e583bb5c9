import { beforeAll, expect, test } from "vitest";
import { axeFinds, type Example, startExample } from "./example.ts";
import { asks, choice, newPage, panel, ready, useBrowser } from "./harness.ts";
import { stored } from "./moment.ts";

useBrowser();
let example: Example;
beforeAll(async () => {
  example = await startExample("plain-html");
});

test("nobody is asked before they agree; then by a trigger, and under the page's policy without a complaint", async () => {
  const page = await newPage();
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await page.goto(example.page);
  await ready(page);
  await page.mouse.wheel(0, 3_000);
  await page.waitForFunction(() => scrollY > 0);
  expect(await stored(page)).toEqual([]);
  expect(await panel(page).count()).toBe(0);
  expect(sent).toEqual([]);

  await page.getByRole("button", { name: "Yes, ask me" }).click();
  await page.mouse.wheel(0, -3_000);
  await page.waitForFunction(() => scrollY === 0);
  await page.mouse.wheel(0, 3_000);
  await choice(page, "other").waitFor();
  await panel(page).getByRole("radio", { name: "A cabin" }).click();
  await asks(page, "Did you find it?");
  await panel(page).getByRole("radio", { name: "No" }).click();
  await panel(page).getByRole("textbox").fill("Prices");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("See you at the lake.").waitFor();
  await expect
    .poll(() => example.responses("visit"))
    .toMatchObject([
      {
        state: "completed",
        answers: { looking_for: "cabin", found: false, missing: "Prices" },
        trigger: { type: "scroll_depth" },
      },
    ]);
  expect(page.complaints).toEqual([]);

  await page.getByRole("button", { name: "Surveys: change my mind" }).click();
  expect(await stored(page)).toEqual([]); // neither Askwell's, nor the site's choice
});

test("the guide asks within the page, in its element, and moves nothing", async () => {
  const page = await newPage();
  await page.goto(`${example.page}guide.html`);
  const link = page.locator(".more");
  const before = await link.boundingBox();
  await page.getByRole("button", { name: "Yes, ask me" }).click();
  const yes = page.locator("#helpful askwell-survey").getByRole("radio", { name: "Yes" });
  await yes.waitFor();
  expect(await link.boundingBox()).toEqual(before);
  await yes.click();
  await panel(page).getByText("Thank you!").waitFor();
  await expect
    .poll(() => example.responses("helpful"))
    .toMatchObject([{ state: "completed", answers: { helpful: true } }]);
  expect(page.complaints).toEqual([]);
});

test("a call that was made before the script came is kept by the stub, with its hidden field", async () => {
  const page = await newPage();
  let arrive = () => {};
  const late = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route("**/w/plain-html.js", async (route) => {
    await late;
    await route.continue();
  });
  await page.goto(`${example.page}booking.html`, { waitUntil: "commit" });
  await page.getByRole("button", { name: "Yes, ask me" }).click();
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("First night").fill("2027-06-01");
  await page.getByLabel("Nights").fill("4");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await page.getByRole("status").getByText("Thank you, Ada.").waitFor();
  expect(await page.evaluate(() => window.askwell!.loaded)).toBeUndefined();
  arrive();
  await asks(page, "How easy was it to ask for your 4 nights?");
  await choice(page, 6).click();
  await expect
    .poll(() => example.responses("booking"))
    .toMatchObject([{ state: "completed", answers: { ces: 6 }, hidden: { nights: 4 } }]);
  expect(page.complaints).toEqual([]);
});

test("axe finds nothing on the pages", async () => {
  const page = await newPage();
  for (const path of ["", "guide.html", "booking.html"]) {
    await page.goto(example.page + path);
    expect(await axeFinds(page), path).toEqual([]);
  }
});
