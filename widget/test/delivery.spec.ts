import { beforeAll, describe, expect, test } from "vitest";
import { type Collector, choice, newPage, panel, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.split("/")[1]}.js`));
  for (const site of ["reload", "down", "full", "frame"]) await collector.publish(site, [origin], [npsSurvey([])]);
  await collector.publish("foreign", ["https://elsewhere.example"], [npsSurvey([])]);
});

type Page = Awaited<ReturnType<typeof newPage>>;

async function ask(page: Page, path: string): Promise<void> {
  await page.goto(origin + path);
  await ready(page);
  await page.evaluate(() => window.askwell!("show", "nps"));
  await choice(page, 0).waitFor();
}
const nine = (page: Page) => choice(page, 9).click();
const waiting = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(":response:")).length);

test("each answer is sent as it is given, and a reload goes on with the same response", async () => {
  const page = await newPage();
  await ask(page, "/reload");
  await expect.poll(() => collector.responses("reload", "nps")).toMatchObject([{ state: "shown", answers: {} }]);
  await nine(page);
  await expect
    .poll(() => collector.responses("reload", "nps"))
    .toMatchObject([{ state: "partial", answers: { nps: 9 } }]);

  await page.reload();
  await panel(page).getByRole("textbox").fill("Survives a reload");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await expect
    .poll(() => collector.responses("reload", "nps"))
    .toMatchObject([{ state: "completed", answers: { nps: 9, why: "Survives a reload" }, trigger: { type: "api" } }]);
  await expect.poll(() => waiting(page)).toBe(0);

  await page.reload();
  await ready(page);
  expect(await panel(page).count()).toBe(0);
});

describe("before the frame in which a survey is first seen", () => {
  /** A page on which that frame never comes. */
  async function frameless(): Promise<Page> {
    const page = await newPage();
    await page.addInitScript(() => {
      window.requestAnimationFrame = () => 0;
      const heard: string[] = [];
      Object.assign(window, { heard });
      window.askwell ??= Object.assign((...call: unknown[]) => void window.askwell!.q!.push(call), { q: [] }) as never;
      for (const event of ["shown", "answered", "dismissed"] as const)
        window.askwell!("on", event, () => heard.push(event));
    });
    return page;
  }
  const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  const remembered = (page: Page) =>
    page.evaluate(() => JSON.parse(localStorage.getItem("askwell:frame:visitor") ?? "{}") as { shows?: object });

  test("nothing is stored yet; a page that is left then has shown it", async () => {
    const page = await frameless();
    await ask(page, "/frame");
    expect((await remembered(page)).shows).toBeUndefined();
    expect(await heard(page)).toEqual([]);
    await page.goto("about:blank");
    await expect.poll(() => collector.responses("frame", "nps")).toMatchObject([{ state: "shown", answers: {} }]);
    await page.goto(`${origin}/frame`);
    expect((await remembered(page)).shows).toEqual({ nps: 1 });
  });

  test("who answers or closes it then has seen it", async () => {
    const page = await frameless();
    await ask(page, "/frame");
    await nine(page);
    await expect.poll(() => heard(page)).toEqual(["shown", "answered"]);
    await page.reload();
    await panel(page).getByRole("button", { name: "Close" }).click();
    await page.evaluate(() => window.askwell!("show", "nps"));
    await panel(page).getByRole("button", { name: "Close" }).click();
    await expect.poll(() => heard(page)).toEqual(["dismissed", "shown", "dismissed"]);
  });

  test("one that destroy() takes away then, nobody has seen", async () => {
    const page = await frameless();
    await ask(page, "/frame");
    await page.evaluate(() => window.askwell!("destroy"));
    expect(await panel(page).count()).toBe(0);
    expect((await remembered(page)).shows).toBeUndefined();
    expect(await waiting(page)).toBe(0);
  });
});

test("an answer given while the collector is down arrives once when it is back", async () => {
  const page = await newPage();
  await ask(page, "/down");
  await collector.stop();
  await nine(page);
  await panel(page).getByRole("textbox").fill("Nobody listens");
  await panel(page).getByRole("button", { name: "Send" }).click();
  await panel(page).getByText("Thank you!").waitFor();
  // Leaving the page, and coming back to a collector that still is down: the script cannot load either.
  await page.goto("about:blank");
  await page.goto(`${origin}/down`);
  expect(await waiting(page)).toBe(1);

  await collector.start();
  await page.reload();
  // The wait after the failures so far is a few seconds.
  await expect
    .poll(() => collector.responses("down", "nps"))
    .toMatchObject([{ state: "completed", answers: { nps: 9, why: "Nobody listens" } }]);
  expect((await collector.score("down", "nps")).total).toMatchObject({ n: 1, score: 100 });
  await expect.poll(() => waiting(page)).toBe(0);
});

test("a page of an origin that the site does not allow gives up instead of trying for ever", async () => {
  const page = await newPage();
  const refused = page.waitForResponse((reply) => reply.request().method() === "POST");
  await ask(page, "/foreign");
  expect((await refused).status()).toBe(403);
  await expect.poll(() => waiting(page)).toBe(0);
});

test("a visitor whose storage is forbidden can answer", async () => {
  const page = await newPage();
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
  });
  await ask(page, "/full");
  await nine(page);
  await expect
    .poll(() => collector.responses("full", "nps"))
    .toMatchObject([{ state: "partial", answers: { nps: 9 } }]);
  expect(page.complaints).toEqual([]);
});
