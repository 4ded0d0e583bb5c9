import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type {} from "../../sdk/src/calls.ts";
import { type Collector, choice, clicks, newPage, ready, servePages, startCollector, useBrowser } from "./harness.ts";
import { npsSurvey, plainPage } from "./surveys.ts";

const body = `<style>main > * { display: inline-block; margin: 8px; vertical-align: top }</style><main>
<button id="broken">Pay now</button>
<button id="disabled" disabled>Disabled</button>
<div id="card" style="width:200px;height:60px;background:#eee"></div>
<p id="text">Words that somebody selects</p>
<div contenteditable id="editor">Text</div><input id="field" value="words in it"><input id="number" type="number" value="1"><input id="range" type="range">
<div><button id="minus">-</button><span>1</span><button id="plus">+</button></div>
<div><button id="icon"></button><input type="number" id="beside" value="1"></div>
<div class="carousel"><button class="carousel-control-next" id="arrow">Next</button></div>
<video id="video" width="100" height="50" controls></video><canvas id="canvas" width="50" height="50"></canvas>
<button id="counts">Clicked <b>0</b></button>
<button id="sets">Set</button><input id="set" value="0">
<div><button id="beneath">More</button><p id="list"></p></div>
<button id="likes">Like</button>
<button id="ripples" style="position:relative">Ripple</button>
<button id="slow">Load</button>
<label id="label">Label<input type="checkbox"></label>
<x-card></x-card>
</main><div id="far" style="position:fixed;bottom:0;left:0">0</div>
<script>
const on = (id, run) => document.getElementById(id).addEventListener("click", run);
on("counts", () => document.querySelector("#counts b").textContent++);
on("sets", () => set.value++);
on("beneath", () => list.append("one more, "));
on("likes", () => likes.classList.toggle("liked"));
on("ripples", () => { const s = document.createElement("span"); s.className = "ripple"; ripples.append(s); s.style.width = "9px"; far.textContent++; });
on("slow", () => setTimeout(() => list.append("late"), 5_000));
document.querySelector("x-card").attachShadow({mode: "open"}).innerHTML = '<button id="deep">Deep</button> <button id="works">Works</button><output></output>';
document.querySelector("x-card").shadowRoot.getElementById("works").onclick = ({target}) => target.nextElementSibling.textContent += "x";
</script>`;

useBrowser();
let collector: Collector;
let origin: string;
beforeAll(async () => {
  collector = await startCollector();
  origin = await servePages((path) => plainPage(`${collector.url}/w/${path.slice(1)}.js`, body));
  await collector.publish("rage", [origin], [npsSurvey([{ type: "rage_click" }])]);
  await collector.publish("five", [origin], [npsSurvey([{ type: "rage_click", clicks: 5 }])]);
  await collector.publish("named", [origin], [npsSurvey([{ type: "rage_click", selector: "#plus, #card" }])]);
});

async function open(site = "rage"): Promise<Page> {
  const page = await newPage();
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

test("three quick clicks on something that does nothing show the survey", async () => {
  const page = await open();
  await clicks(page, "#broken", 3);
  await choice(page, 0).waitFor();
  await expect
    .poll(async () => (await collector.responses("rage", "nps")).map(({ trigger }) => trigger))
    .toEqual([{ type: "rage_click" }]);
});

test.each(["#card", "#disabled", "#ripples", "#slow", "#deep"])("so do those on %s", async (selector) => {
  const page = await open();
  await clicks(page, selector, 3);
  expect(await fired(page)).toBeGreaterThan(0);
});

test.each<[string, string, number?, number?, number?]>([
  ["two clicks", "#broken", 2],
  ["slow clicks", "#broken", 4, 501],
  ["clicks far from each other", "#card", 3, 100, 31],
  ["clicks that select words", "#text"],
  ["clicks in an editor", "#editor"],
  ["clicks in a field", "#field"],
  ["clicks on a number's arrows", "#number"],
  ["clicks on a slider", "#range"],
  ["clicks on a minus", "#minus"],
  ["clicks on a plus", "#plus"],
  ["clicks on an icon beside a number", "#icon"],
  ["clicks on a carousel's arrow", "#arrow"],
  ["clicks on a video", "#video"],
  ["clicks on a canvas", "#canvas"],
  ["clicks that are counted", "#counts", 5],
  ["clicks that set a field", "#sets", 5],
  ["clicks that add to the page beneath", "#beneath", 5],
  ["clicks that change the button", "#likes", 5],
  ["clicks that are answered in a shadow root", "#works", 5],
  ["two clicks on a label, which make two more on its field", "#label", 2],
])("%s show nothing", async (_, selector, times = 4, apart = 150, step = 0) => {
  const page = await open();
  await clicks(page, selector, times, apart, step);
  expect(await fired(page)).toBeUndefined();
  // The next that certainly does shows that it was armed.
  await page.evaluate(() => getSelection()?.empty());
  await clicks(page, "#broken", 3);
  expect(await fired(page)).toBeGreaterThan(0);
});

test("a script's clicks are none", async () => {
  const page = await open();
  await page.evaluate(() => {
    for (let i = 0; i < 5; i++) document.getElementById("broken")!.click();
  });
  expect(await fired(page)).toBeUndefined();
});

test("Enter held down is no rage", async () => {
  const page = await open();
  await page.focus("#broken");
  for (let i = 0; i < 5; i++) await page.keyboard.down("Enter");
  expect(await fired(page)).toBeUndefined();
});

test("as many clicks as asked for", async () => {
  const page = await open("five");
  await clicks(page, "#broken", 4);
  expect(await fired(page)).toBeUndefined();
  await clicks(page, "#card", 5);
  expect(await fired(page)).toBeGreaterThan(0);
});

test("a selector says where, also on a stepper", async () => {
  const page = await open("named");
  await clicks(page, "#broken", 4);
  expect(await fired(page)).toBeUndefined();
  await clicks(page, "#plus", 3);
  expect(await fired(page)).toBeGreaterThan(0);
});
