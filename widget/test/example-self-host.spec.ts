import { beforeAll, expect, test } from "vitest";
import { axeFinds, type Example, startExample } from "./example.ts";
import { choice, newPage, panel, useBrowser } from "./harness.ts";

useBrowser();
let example: Example;
beforeAll(async () => {
  example = await startExample("self-host", { HTTPS_PORT: "0" });
});

test("a page asks over HTTPS and from its own origin, through Caddy, and the collector has the answer", async () => {
  const page = await newPage({ ignoreHTTPSErrors: true }); // of Caddy's own authority
  const asked = new Set<string>();
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(example.page);
  await choice(page, "9").click();
  await panel(page).getByRole("textbox").fill("It is all ours");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  await expect
    .poll(() => example.responses("nps"))
    .toMatchObject([{ state: "completed", answers: { nps: 9, why: "It is all ours" } }]);
  expect([...asked]).toEqual([new URL(example.page).origin]);
  expect(await axeFinds(page)).toEqual([]);
  expect(page.complaints).toEqual([]);
});
