// How long a survey takes from its trigger until it is painted, at a quarter of this machine's speed, in real Chromium.
//
//	npm run bench      (after `make build`)
//
// From track() to the first message after the frame in which the survey stands: the choice, the late part (fetched
// over loopback, or there already as after a prefetch), the lock, the panel, style, layout and paint. Next to it, in the
// same run, what a timer opens: an empty popover, which is how long nothing takes here and now; and the very card that
// the survey shows, as ready-made markup with its own style sheet, which is what the browser alone needs for it.

import { createServer } from "node:http";
import { cleanups, launch, loads, median, publish, run, startCollector, throttle } from "./harness.mjs";

const survey = {
  id: "nps",
  name: "NPS",
  languages: ["en"],
  purpose: "Your answer helps us improve.",
  questions: [
    { id: "nps", type: "nps", title: "How likely are you to recommend us?", low: "Not at all likely", high: "Extremely likely" },
    { id: "why", type: "text", title: "What is the main reason for your score?" },
  ],
  triggers: [{ type: "event", name: "now" }],
};

/** In the page: milliseconds until what `open` brings is painted, and the tasks over 50 ms in between. */
const measure = ({ what, card, css }) =>
  new Promise((resolve) => {
    let long = 0;
    new PerformanceObserver((list) => {
      long += list.getEntries().length;
    }).observe({ type: "longtask" });
    const began = performance.now();
    const stands = what === "nothing" || what === "card" ? "[popover]" : "askwell-survey";
    new MutationObserver((_, observer) => {
      if (!document.querySelector(stands)) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          const took = performance.now() - began;
          setTimeout(() => resolve({ took, long }), 100); // long tasks are told a while later
        };
        port2.postMessage("painted");
      });
    }).observe(document.documentElement, { childList: true });
    if (stands === "askwell-survey") return window.askwell("track", "now");
    setTimeout(() => {
      const popover = document.createElement("div");
      popover.popover = "manual";
      if (card) {
        const root = popover.attachShadow({ mode: "open" });
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        root.adoptedStyleSheets = [sheet];
        root.innerHTML = card;
      }
      document.documentElement.append(popover);
      popover.showPopover();
    });
  });

/** In a page where the survey stands: its markup, and its style sheet. */
const copy = () => {
  const { shadowRoot } = document.querySelector("askwell-survey");
  const rules = shadowRoot.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules]);
  return { card: shadowRoot.innerHTML, css: rules.map(({ cssText }) => cssText).join("") };
};

async function main() {
  const collector = await startCollector();
  const server = createServer((_, reply) =>
    reply
      .writeHead(200, { "Content-Type": "text/html; charset=utf-8" })
      .end(`<!doctype html><html lang="en"><title>Page</title><h1>Page</h1><script async src="${collector}/w/paint.js"></script>`),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => server.close());
  const origin = `http://127.0.0.1:${server.address().port}`;
  await publish(collector, "paint", origin, [survey]);
  const config = await (await fetch(`${collector}/w/paint.json`)).json();
  const face = `${collector}/w/a/${config.surveys[0].faces.en}.js`;
  const browser = await launch();

  const visit = async (use) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(origin);
    await page.waitForFunction("window.askwell?.loaded");
    const result = await use(page, await context.newCDPSession(page));
    await context.close();
    return result;
  };
  const shown = await visit(async (page) => {
    await page.evaluate(measure, {});
    return page.evaluate(copy);
  });
  const once = (what) =>
    visit(async (page, devtools) => {
      if (what === "prefetched") await page.evaluate((face) => import(face), face);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: throttle });
      return page.evaluate(measure, { what, ...(what === "card" && shown) });
    });
  const results = { nothing: [], card: [], fetched: [], prefetched: [] };
  for (let i = 0; i < loads; i++) for (const what of Object.keys(results)) results[what].push(await once(what));

  const [nothing, card] = [results.nothing, results.card].map((all) => median(all.map(({ took }) => took)));
  console.log(
    `from a trigger to a painted survey, ms at ${throttle}× CPU throttle, ${loads} loads;` +
      ` an empty popover ${nothing.toFixed(1)}, the same card without a script ${card.toFixed(1)}`,
  );
  for (const what of ["fetched", "prefetched"]) {
    const took = results[what].map((one) => one.took).sort((a, b) => a - b);
    const p50 = median(took);
    const long = results[what].filter((one) => one.long).length;
    console.log(
      `  late part ${what.padEnd(12)} p50 ${p50.toFixed(1)}, goal ≤ 100${p50 > 100 ? " MISSED" : ""}; p90 ${took[Math.floor(took.length * 0.9)].toFixed(1)};` +
        ` ${(p50 / card).toFixed(1)} × the card; loads with a task over 50 ms: ${long}${long > took.length / 2 ? ", goal none MISSED" : ""}`,
    );
  }
}

await run(main);
