import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type {} from "../../sdk/src/calls.ts";
import { type Collector, choice, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

const body = `<style>main > * { display: inline-block; margin: 6px; vertical-align: top } .far { position: fixed; left: 0; bottom: 0 }</style><main>
<button id="dead">Pay now</button>
<a id="nowhere" href="#">Nowhere</a>
<span id="pointer" style="cursor:pointer">Details</span>
<button id="disabled" disabled>Disabled</button>
<button id="prevented"><a href="/elsewhere" id="link" onclick="event.preventDefault()">Link</a></button>
<button id="ripples">Ripple</button>
<button id="counted">Counted</button>
<p id="plain">Plain text</p>
<button id="changes">Changes</button><button id="changes-late">Changes late</button>
<button id="likes">Like</button>
<button id="works">In a shadow root</button>
<button id="opens">Opens on the press</button>
<button id="sets">Sets</button><input id="field" value="0">
<button id="focuses">Focuses</button>
<button id="selects">Selects</button>
<button id="scrolls">Scrolls</button>
<button id="asks">Asks</button>
<button id="pops">Pops</button><div popover id="popover">Popover</div>
<button id="alerts">Alerts</button>
<button id="windows">Window</button>
<button id="routes">Routes</button>
<a id="hash" href="#there">There</a>
<form onsubmit="event.preventDefault()"><button id="submits">Send</button></form>
<form><input required style="width:20px"><button id="lacks">Send</button></form>
<label id="label">Label <input type="checkbox"></label>
<details><summary id="summary">More</summary>Text</details>
<button id="plus">+</button><button class="slick-arrow" id="arrow">Next</button><video id="video" controls width="60" height="40"></video>
<div contenteditable id="editor">Editor</div><input id="text" value="text">
<x-card></x-card></main>
<output class="far" id="far"></output><p id="there" style="margin-top:2000px">There</p>
<script>
const on = (id, run, type = "click") => document.getElementById(id).addEventListener(type, run);
const card = document.querySelector("x-card").attachShadow({mode: "open"});
const out = document.createElement("output");
card.append(out);
on("ripples", () => { const s = document.createElement("span"); ripples.append(s); s.style.width = "9px"; setTimeout(() => s.remove(), 200); });
on("counted", () => navigator.sendBeacon("/beacon", "click"));
on("changes", () => far.append("x"));
on("changes-late", () => setTimeout(() => far.append("x"), 200));
on("likes", () => likes.classList.toggle("liked"));
on("works", () => out.append("x"));
on("opens", () => far.append("x"), "pointerdown");
on("sets", () => field.value++);
on("focuses", () => field.focus());
on("selects", () => getSelection().selectAllChildren(plain));
on("scrolls", () => scrollTo(0, 300));
on("asks", () => fetch("/slow"));
on("pops", () => popover.showPopover());
on("alerts", () => alert("Hello"));
on("windows", () => window.open("/popup"));
on("routes", () => history.pushState({}, "", "/routed"));
if (location.search === "?clock") setInterval(() => { far.textContent = Date.now(); }, 100);
</script>`;

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages(async (path) => {
    if (path === "/beacon" || path === "/popup") return "";
    // Slower than the page may be, but asked for in time.
    if (path === "/slow") return new Promise((resolve) => setTimeout(resolve, 1_200, "{}"));
    return plainPage(`${collector.url}/w/${path.slice(1)}.js`, body);
  });
  await collector.publish("dead", [origin], [npsSurvey([{ type: "dead_click", seconds: 0.5 }])]);
  await collector.publish("second", [origin], [npsSurvey([{ type: "dead_click", seconds: 1 }])]);
  await collector.publish(
    "named",
    [origin],
    [npsSurvey([{ type: "dead_click", seconds: 0.5, selector: "#plain, #plus" }])],
  );
});

async function open(site = "dead"): Promise<Page> {
  const page = await newPage();
  page.on("dialog", (dialog) => setTimeout(() => dialog.accept(), 1_200)); // as long as a person takes to read it
  await page.goto(`${origin}/${site}`);
  await ready(page);
  return page;
}

/** When the survey's trigger last fired. */
const fired = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number | undefined>((tell) =>
        window.askwell!("explain", ([survey]) => tell(survey!.triggers[0]!.fired?.at)),
      ),
  );

/** Whether a click is told to be dead, known as soon as the trigger's own two timers, set before these, have run. */
async function isDead(page: Page, click: () => Promise<unknown>, ms = 500): Promise<boolean> {
  await click();
  await page.evaluate(async (ms) => {
    for (let i = 0; i < 2; i++) await new Promise((resolve) => setTimeout(resolve, ms + 20));
  }, ms);
  return !!(await fired(page));
}

/** Clicks until it is told: under load the page itself may be blocked for so long that it does not count. */
const untilDead = (page: Page, click: () => Promise<unknown>) => expect.poll(() => isDead(page, click)).toBe(true);

const at = async (page: Page, selector: string) => {
  const { x, y, width, height } = (await page.locator(selector).boundingBox())!;
  await page.mouse.click(x + width / 2, y + height / 2); // as a person: also what is disabled
};

test("a click on a button that does nothing shows the survey", async () => {
  const page = await open();
  await untilDead(page, () => at(page, "#dead"));
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("dead", "nps")).map(({ trigger }) => trigger))
    .toEqual([{ type: "dead_click" }]);
});

test.each(["#nowhere", "#pointer", "#disabled", "#link", "#ripples", "#counted"])(
  "so does one on %s",
  async (selector) => {
    const page = await open();
    await untilDead(page, () => at(page, selector));
  },
);

test("and one by keyboard", async () => {
  const page = await open();
  await page.focus("#dead");
  await untilDead(page, () => page.keyboard.press("Enter"));
});

test.each([
  "#plain",
  "#changes",
  "#changes-late",
  "#likes",
  "#works",
  "#opens",
  "#sets",
  "#focuses",
  "#selects",
  "#scrolls",
  "#pops",
  "#alerts",
  "#hash",
  "#submits",
  "#lacks",
  "#label",
  "#summary",
  "#plus",
  "#arrow",
  "#video",
  "#editor",
  "#text",
])("a click on %s does not", async (selector) => {
  const page = await open();
  expect(await isDead(page, () => at(page, selector))).toBe(false);
});

test("nor does one that makes a request in time, which is answered later", async () => {
  const page = await open("second");
  expect(await isDead(page, () => at(page, "#asks"), 1_000)).toBe(false);
});

test("a click that is answered in a shadow root is not dead by keyboard either", async () => {
  const page = await open();
  await page.focus("#works");
  expect(await isDead(page, () => page.keyboard.press("Enter"))).toBe(false);
});

test("a click that leaves the route tells nothing on the next", async () => {
  const page = await open();
  expect(await isDead(page, () => at(page, "#routes"))).toBe(false);
});

test("a script's click is none", async () => {
  const page = await open();
  expect(await isDead(page, () => page.evaluate(() => document.getElementById("dead")!.click()))).toBe(false);
});

test("a clock elsewhere hides no dead click, once it is known to run by itself", async () => {
  const page = await open("dead?clock");
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3_000))); // what the page takes to learn it
  await untilDead(page, async () => {
    await page.mouse.move(600, 600); // the page waits anew after an input
    await at(page, "#dead");
  });
  // What was answered is no dead click, whatever the clock does.
  const other = await open("dead?clock");
  await other.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3_000)));
  expect(await isDead(other, () => at(other, "#changes"))).toBe(false);
});

test("a selector says where, also what does not look so, and what is a stepper", async () => {
  const page = await open("named");
  expect(await isDead(page, () => at(page, "#dead"))).toBe(false);
  await untilDead(page, () => at(page, "#plain"));
  const other = await open("named");
  await untilDead(other, () => at(other, "#plus"));
});

test("after destroy() nothing is told", async () => {
  const page = await open();
  await at(page, "#dead");
  await page.evaluate(async () => {
    window.askwell!("destroy");
    for (let i = 0; i < 2; i++) await new Promise((resolve) => setTimeout(resolve, 520));
  });
  expect(await page.locator("askwell-survey").count()).toBe(0);
});
