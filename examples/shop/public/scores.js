// Reads scores and answers over the collector's API, as an analyst's own tool could.
import { lang, t, translate } from "./texts.js";

const api = "/v1/sites/shop/surveys";
const surveys = [
  {
    survey: "checkout-exit",
    name: "Leaving the checkout",
    question: "nps",
    metric: "NPS",
    text: "why",
    scale: [0, 10],
  },
  { survey: "order-csat", name: "After an order", question: "csat", metric: "CSAT", text: "why", scale: [1, 5] },
  { survey: "support-ces", name: "After support", question: "ces", metric: "CES", text: "effort", scale: [1, 7] },
];

const form = document.querySelector(".key");
const forget = document.querySelector("#forget");
const problem = document.querySelector(".problem");
const board = document.querySelector(".scores");
let timer;

async function get(path) {
  const response = await fetch(`${api}/${path}`, {
    headers: { Authorization: `Bearer ${sessionStorage.getItem("askwell.key")}` },
    cache: "no-store",
  });
  if (response.status === 404) return null; // not published
  if (!response.ok) throw Object.assign(new Error(response.status), { status: response.status });
  return response.json();
}

async function refresh() {
  clearTimeout(timer);
  const key = sessionStorage.getItem("askwell.key");
  form.hidden = Boolean(key);
  forget.hidden = !key;
  if (!key) return board.replaceChildren();

  try {
    if (!document.hidden) {
      const cards = await Promise.all(
        surveys.map(async (about) =>
          card(
            about,
            await get(`${about.survey}/scores?question=${about.question}`),
            await get(`${about.survey}/responses?limit=10`),
          ),
        ),
      );
      if (key !== sessionStorage.getItem("askwell.key")) return; // forgotten or replaced meanwhile
      board.replaceChildren(...cards);
      problem.textContent = "";
    }
  } catch (error) {
    if (key !== sessionStorage.getItem("askwell.key")) return;
    if (error.status === 401 || error.status === 403) {
      const message =
        error.status === 401
          ? "This key was not accepted. Check that you copied all of it."
          : "This key may not read the scores.";
      return useKey(null, t(message));
    }
    problem.textContent = t("The collector does not answer as it should ({problem}). Trying again…", {
      problem: error.message,
    });
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, 2000);
}

function useKey(key, message = "") {
  if (key) sessionStorage.setItem("askwell.key", key);
  else sessionStorage.removeItem("askwell.key");
  problem.textContent = message;
  return refresh();
}

/** scores.html#key=… : taken, and out of the address before anybody bookmarks it. */
function useKeyInAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (!key) return false;
  history.replaceState(null, "", location.pathname + location.search);
  useKey(key);
  return true;
}

// A card of one survey.

function copy(template) {
  const root = document.querySelector(template).content.firstElementChild.cloneNode(true);
  translate(root);
  return root;
}

const number = (value, options) => new Intl.NumberFormat(lang, { maximumFractionDigits: 1, ...options }).format(value);
const percent = (value) => number(value / 100, { style: "percent" });

/** How a score of each metric is written. */
const write = {
  NPS: (value) => number(value, { signDisplay: "exceptZero" }),
  CSAT: percent,
  CES: (value) => number(value, { maximumFractionDigits: 2 }),
};

function card(about, scores, responses) {
  const root = copy("#survey");
  const say = (selector, text) => {
    root.querySelector(selector).textContent = text;
  };
  say(".name", t(about.name));
  say(".metric", about.metric);
  if (!scores?.total.n) {
    root.classList.add("calm");
    say(".score", t(scores ? "No answers yet" : "This survey has not been published."));
    return root;
  }

  const { n, score, interval, distribution, share } = scores.total;
  const between = (range, unit) => ({ low: unit(range.low), high: unit(range.high) });
  say(".metric", `${about.metric} · ${t("Answers: {n}", { n: number(n) })}`);
  say(".score", write[about.metric](score));
  if (interval) say(".interval", t("95% interval: {low} to {high}", between(interval, write[about.metric])));
  if (share?.interval) {
    say(
      ".share",
      t("Easy (5 to 7): {share}, 95% interval: {low} to {high}", {
        share: percent(share.score),
        ...between(share.interval, percent),
      }),
    );
  }
  say(".formula", scores.formula);
  root.querySelector(".distribution").replaceChildren(...bars(about.scale, distribution));
  root
    .querySelector(".answers")
    .replaceChildren(
      ...(responses?.items ?? [])
        .filter((response) => Object.keys(response.answers ?? {}).length > 0)
        .map((response) => answer(about, response)),
    );
  return root;
}

function bars([low, high], distribution) {
  const highest = Math.max(...Object.values(distribution), 1);
  return Array.from({ length: high - low + 1 }, (_, i) => {
    const count = distribution[low + i] ?? 0;
    const bar = copy("#bar");
    bar.querySelector(".count").textContent = count || "";
    bar.querySelector(".bar").style.setProperty("--part", count / highest);
    bar.querySelector(".value").textContent = low + i;
    return bar;
  });
}

function answer(about, { answers, at }) {
  const item = copy("#answer");
  const given = [answers[about.question], answers.reason?.replaceAll("_", " ")].filter((part) => part !== undefined);
  item.querySelector(".given").textContent = given.join(" · ");
  const verbatim = item.querySelector(".verbatim");
  verbatim.textContent = answers[about.text] ?? "";
  verbatim.hidden = !answers[about.text];
  item.querySelector(".when").textContent = new Intl.DateTimeFormat(lang, {
    dateStyle: "medium",
    timeStyle: "short",
  }).format(at);
  return item;
}

// Start.

form.addEventListener("submit", (event) => {
  event.preventDefault();
  useKey(form.elements.key.value.trim());
  form.reset();
});
forget.addEventListener("click", () => useKey(null));
addEventListener("hashchange", useKeyInAddress);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
useKeyInAddress() || refresh();
