// What arming costs the main thread of a page, at a quarter of this machine's speed, in real Chromium.
//
//	npm run bench      (after `make build`)
//
// How it is measured: a trace of each load through the DevTools protocol. Every stretch of the main thread in
// which the page's script ran is found by the script's URL: its evaluation (EvaluateScript, with its
// compilation inside) and each call into it (FunctionCall), whether from an idle callback, a timer or an
// event. Overlapping stretches count once, and layout, storage and garbage collection that fall into them count
// too; by the thread's own clock (tdur), which stands still while other programs have the processor: on a machine
// that is shared the wall clock says mostly who else was busy. Two sums are printed: "armed" is the evaluation and what runs in idle time, by the
// end of which every trigger waits; "later" is what timers and observers do in the two seconds after.
// The longest task is that of the event loop (RunTask) with any of these in it, whoever else was busy in it.
//
// Each load is that of a visitor who was never here, or of one's next page: a browser context of its own
// for each pair, its tab warmed up by a page without scripts. Next to it, in the same run, the same pages with an empty script of the same size, a comment,
// from the same server: how long nothing takes here and now, for the machine has other things to do too.

import { createServer } from "node:http";
import { cleanups, launch, loads, median, publish, run, startCollector, throttle } from "./harness.mjs";

/** Every trigger there is, waiting for what does not come, so that nothing shows. */
const triggers = [
  { type: "time_on_page", seconds: 3_600 },
  { type: "exit_intent" },
  { type: "cart_abandonment", when: ["exit", "leave_funnel", "idle"], selectors: { items: ".badge" } },
  { type: "scroll_depth", percent: 90 },
  { type: "inactivity", seconds: 600 },
  { type: "click", selector: ".never" },
  { type: "element_visible", selector: ".card h2.never" },
  { type: "rage_click" },
  { type: "dead_click" },
  { type: "form_abandonment" },
  { type: "search_no_results", selector: ".none" },
  { type: "product_list_exit", list: ["/big*"], product: ["/product*"] },
  { type: "page_views", count: 900 },
  { type: "url", url: [{ glob: "*/never/*" }] },
  { type: "event", name: "never", properties: { total: { gt: 50 } } },
  { type: "conversion" },
  { type: "feedback_button" },
  { type: "error" },
  { type: "any", of: [{ type: "click", selector: ".any" }, { type: "scroll_depth", percent: 95 }] },
  { type: "all", of: [{ type: "element_visible", selector: ".all" }, { type: "exit_intent", sensitivity: "low" }] },
];
const surveys = Array.from({ length: 10 }, (_, i) => ({
  id: `survey-${i}`,
  name: `Survey ${i}`,
  languages: ["en"],
  questions: [{ id: "nps", type: "nps", title: "How likely are you to recommend us?" }],
  triggers: [triggers[i], triggers[i + 10], { type: "exit_intent", sensitivity: "high" }],
  targeting: { url: [{ glob: "*/big*" }], device: ["desktop"], sample: 1 },
}));

/** 12,000 elements: a list of cards as shops have them, some of them with a shadow root. */
const card = (i) =>
  `<article class="card c${i}"><header><h2>Card ${i}</h2><span class="price"><b>${i}</b>.99</span></header><div><p>Some words <em>about</em> it</p><button>Add</button></div></article>`;
const big = (script) => `<!doctype html><html lang="en"><title>Big</title><body>
<form action="/search"><input name="name"><input name="email"><button>Send</button></form><b class="badge">2</b>
<main>${Array.from({ length: 1_199 }, (_, i) => card(i)).join("\n")}</main>
<script>for (const e of document.querySelectorAll(".card:nth-child(100n) p")) e.attachShadow({ mode: "open" }).innerHTML = "<i>In the shade</i>"</script>
<script async src="${script}"></script>`;

/** One server for all: the collector's demo shop, the big page, and empty scripts in their places. */
async function serve(collector) {
  const server = createServer(async (request, reply) => {
    const { pathname, searchParams, search } = new URL(request.url, "http://x");
    const nothing = searchParams.has("nothing");
    const plain = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
    if (pathname === "/blank") return reply.writeHead(200, plain).end("<!doctype html><title>Blank</title>");
    if (pathname.startsWith("/big")) {
      return reply.writeHead(200, plain).end(big(nothing ? "/empty/w/all.js" : "/w/all.js"));
    }
    const [, empty, path] = /^(\/empty)?(.*)$/.exec(pathname);
    const answer = await fetch(collector + path + search);
    let body = Buffer.from(await answer.arrayBuffer());
    if (empty) body = Buffer.from(`/*${" ".repeat(body.length - 4)}*/`);
    else if (nothing) body = Buffer.from(body.toString().replace('src="/w/', 'src="/empty/w/'));
    const headers = { "Content-Type": answer.headers.get("Content-Type") ?? "text/plain" };
    const cache = answer.headers.get("Cache-Control");
    if (cache) headers["Cache-Control"] = cache;
    reply.writeHead(answer.status, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Loads a page and returns what its script did, in milliseconds. */
async function load(page, devtools, url, script) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  devtools.on("Tracing.dataCollected", collect);
  await devtools.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      recordMode: "recordUntilFull",
      includedCategories: ["devtools.timeline", "disabled-by-default-devtools.timeline", "v8", "toplevel"],
      excludedCategories: ["*"],
    },
  });
  await page.goto(url, { waitUntil: "load" });
  if (!script.startsWith("/empty")) await page.waitForFunction("window.askwell?.loaded");
  // Timers are part of it: the page is left alone for what it does in its first two seconds.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const complete = new Promise((resolve) => devtools.once("Tracing.tracingComplete", resolve));
  await devtools.send("Tracing.end");
  await complete;
  devtools.off("Tracing.dataCollected", collect);
  return account(events, script);
}

const took = ({ tdur, dur }) => (tdur ?? dur) / 1_000;

function account(events, script) {
  const within = (outer, inner) => outer.ts <= inner.ts && outer.ts + outer.dur >= inner.ts + inner.dur;
  const pathOf = ({ args }) => {
    const url = args.data?.url ?? args.fileName;
    return URL.canParse(url) ? new URL(url).pathname : "";
  };
  // The late part is /w/a/{hash}.js.
  const ours = (e) => pathOf(e) === script || (!script.startsWith("/empty") && /^\/w\/a\/.{43}\./.test(pathOf(e)));
  const first = events.find((e) => e.name === "EvaluateScript" && pathOf(e) === script && e.dur !== undefined);
  if (!first) throw new Error(`${script} did not run`);
  // What comes before its evaluation is the page before, as it is left.
  const here = events.filter((e) => e.pid === first.pid && e.tid === first.tid && e.dur !== undefined && e.ts >= first.ts - first.dur);
  const tasks = here.filter(({ name }) => /RunTask$/.test(name));
  const idle = here.filter(({ name }) => name === "FireIdleCallback");
  /** The outermost: tasks may run inside of tasks. */
  const taskOf = (e) => tasks.filter((task) => within(task, e)).sort((a, b) => b.dur - a.dur)[0] ?? e;
  // A module's evaluation has no URL in the trace, but comes after its compilation; what waits for it runs right
  // after it as a microtask: of the late part, the whole task counts.
  const compiled = here.find((e) => e.name === "v8.compileModule" && ours(e));
  const modules = here.filter((e) => e.name === "v8.evaluateModule" && e.ts > compiled?.ts).slice(0, 1).map(taskOf);
  const mine = here.filter(
    (e) => e.ts >= first.ts && /^(EvaluateScript|v8\.compile|v8\.compileModule|FunctionCall)$/.test(e.name) && ours(e),
  );
  const stretches = [...modules, ...mine].filter(
    (e, i, all) => !all.some((other, j) => other !== e && within(other, e) && (!within(e, other) || j < i)),
  );
  const result = { armed: 0, later: 0, longest: 0 };
  for (const e of stretches) {
    const arming = e.name !== "FunctionCall" || idle.some((callback) => within(callback, e));
    result[arming ? "armed" : "later"] += took(e);
    result.longest = Math.max(result.longest, took(taskOf(e)));
  }
  return result;
}

async function main() {
  const collector = await startCollector();
  const origin = await serve(collector);
  await publish(collector, "all", origin, surveys);
  const browser = await launch();

  /** A visitor's first page and the next, with the script or with nothing in its place. */
  const visit = async (pages, script) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await page.goto(`${origin}/blank`);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: throttle });
    const results = [];
    for (const path of pages) results.push(await load(page, devtools, origin + path, script));
    await context.close();
    return results;
  };
  const shop = ["/shop/", "/shop/cart.html"];
  const plan = [
    ["the shop's script", shop, "/w/shop.js"],
    ["every trigger, ten surveys, 12,000 nodes", ["/big", "/big2"], "/w/all.js"],
  ].map(([name, pages, script]) => ({ name, pages, script, real: [[], []], empty: [[], []] }));
  for (let i = 0; i < loads; i++) {
    for (const { pages, script, real, empty } of plan) {
      (await visit(pages, script)).forEach((result, nth) => real[nth].push(result));
      const without = await visit(pages.map((path) => `${path}?nothing`), `/empty${script}`);
      without.forEach((result, nth) => empty[nth].push(result));
    }
  }

  console.log(`arming, ms of the main thread at ${throttle}× CPU throttle, medians of ${loads} loads`);
  const print = (name, { real, empty }, nth, goal, longestGoal) => {
    const of = (list, what) => median(list[nth].map((one) => one[what])).toFixed(1);
    const range = real[nth].map(({ armed }) => armed).sort((a, b) => a - b);
    const over = Number(of(real, "armed")) > goal || (longestGoal && Number(of(real, "longest")) > longestGoal);
    console.log(
      `  ${name.padEnd(56)} ${of(real, "armed").padStart(5)}, goal ≤ ${goal}${over ? " MISSED" : ""}; empty script ${of(empty, "armed")};` +
        ` runs ${range[0].toFixed(1)}–${range.at(-1).toFixed(1)}; later ${of(real, "later")};` +
        ` longest task ${of(real, "longest")}${longestGoal ? `, goal ≤ ${longestGoal}` : ""} (with an empty script ${of(empty, "longest")})`,
    );
  };
  print(`${plan[0].name}, later page`, plan[0], 1, 20);
  print(`${plan[0].name}, first visit`, plan[0], 0, 40);
  print(`${plan[1].name}, first visit`, plan[1], 0, 60, 50);
  print(`${plan[1].name}, later page`, plan[1], 1, 60, 50);
}

await run(main);
