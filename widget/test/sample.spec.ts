import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { draw } from "../../sdk/src/sample.ts";
import { uuidv7 } from "../../sdk/src/uuid.ts";
import { type Collector, newPage, servePages, startCollector, useBrowser } from "./harness.ts";
import { chosen, dismiss, gate, publish, remembered, shows, visit, waitsForEvent } from "./moment.ts";
import { plainPage } from "./surveys.ts";

useBrowser();
let collector: Collector;
let origin: string;
const share = 0.1;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) =>
    path === "/none" ? "<!doctype html>" : plainPage(`${collector.url}/w/${path.split("/")[1]}.js`),
  );
  const always = { frequency: { per_visitor: "always" as const, min_gap_days: 0, after_dismissal_days: 0 } };
  const targeting = { sample: share };
  await publish(collector, { site: "tenth", origins: [origin] }, [
    waitsForEvent("one", { ...always, targeting }),
    waitsForEvent("two", { ...always, targeting }),
  ]);
  await publish(collector, { site: "all", origins: [origin] }, [
    waitsForEvent("one", { ...always, targeting: { sample: 1 } }),
  ]);
});

/** An id of a visitor who is in the samples of some surveys, and in no other's. */
function visitor(...surveys: string[]): string {
  for (;;) {
    const id = uuidv7(Date.now());
    if (["one", "two"].every((survey) => draw(id + survey) < share === surveys.includes(survey))) return id;
  }
}

async function asVisitor(id: string): Promise<Page> {
  const page = await newPage();
  await page.goto(`${origin}/none`);
  await page.evaluate((visitor) => localStorage.setItem("askwell:tenth:visitor", JSON.stringify({ visitor })), id);
  await visit(page, `${origin}/tenth`);
  return page;
}

test("who is in the sample stays in it, over triggers, pages, tabs and sessions, and the response says its share", async () => {
  const id = visitor("one");
  const page = await asVisitor(id);
  await page.clock.setFixedTime("2026-11-22T10:00:00Z");
  for (const [tab, path, time] of [
    [page, "", "10:00"],
    [page, "/next", "10:01"],
    [await page.context().newPage(), "/tab", "10:02"],
    [page, "/later", "23:00"],
  ] as const) {
    await page.clock.setFixedTime(`2026-11-22T${time}:00Z`);
    await visit(tab, `${origin}/tenth${path}`);
    expect(await chosen(tab, "two"), path).toBeUndefined();
    expect(await shows(tab, "one"), path).toBe("one");
    await dismiss(tab);
  }
  // A clock that stands still keeps what waits for another tab; a page that is left sends it.
  await page.goto(`${origin}/none`);
  await expect
    .poll(async () => (await collector.responses("tenth", "one")).filter((one) => one.visitor === id))
    .toHaveLength(4);
  expect((await collector.responses("tenth", "one")).every(({ sample }) => sample === share)).toBe(true);
});

test("who is not in it never comes in, however often the moment comes", async () => {
  const page = await asVisitor(visitor());
  for (const path of ["", "/next"]) {
    await visit(page, `${origin}/tenth${path}`);
    for (let i = 0; i < 30; i++) expect(await chosen(page, i % 2 ? "one" : "two")).toBeUndefined();
  }
  const other = await page.context().newPage();
  await visit(other, `${origin}/tenth/tab`);
  expect(await chosen(other, "one")).toBeUndefined();
  expect(await gate(other, "one", "sample")).toMatchObject({ rule: share, pass: false });
});

test.each([[["two"]], [["one", "two"]]])("surveys draw independently: %j", async (surveys) => {
  const page = await asVisitor(visitor(...surveys));
  for (const survey of ["one", "two"]) {
    await visit(page, `${origin}/tenth/${survey}`);
    expect(await shows(page, survey)).toBe(surveys.includes(survey) ? survey : undefined);
  }
});

test("a visitor who was never here gets an id before the draw, and keeps both", async () => {
  const page = await newPage();
  await visit(page, `${origin}/tenth`);
  const { visitor: id } = await remembered(page, "tenth");
  for (const survey of ["one", "two"])
    expect(await gate(page, survey, "sample")).toMatchObject({ value: draw(id + survey) });
  await page.reload();
  await visit(page, `${origin}/tenth`);
  expect(await remembered(page, "tenth")).toMatchObject({ visitor: id });
});

test("a sample of 1 is everybody", async () => {
  const page = await newPage();
  await visit(page, `${origin}/all`);
  expect(await shows(page, "one")).toBe("one");
  await expect.poll(() => collector.responses("all", "one")).toMatchObject([{ sample: 1 }]);
});
