import type { Askwell } from "../../../sdk/src/calls.ts";
import type { Explanation, Gate, TriggerState } from "../../../sdk/src/explanation.ts";
import type { Config } from "../../../sdk/src/wire.ts";
import { element } from "../helpers/element.ts";
import { type Modes, writeModes } from "./modes.ts";
import { morph } from "./morph.ts";
import { css } from "./style.ts";
import { explain, fromNow, say } from "./wording.ts";

/** How often the panel looks whether something changed. */
const refresh = 300;

type Told = {
  config: Config;
  askwell: Askwell;
  src: string;
  modes: Modes;
  /** Surveys that show nothing to visitors, and are counted. */
  dry: string[];
  /** Why the preview is none. */
  note?: string | undefined;
};

/**
 * Draws what the tab is tried out with: a chip in the corner that says so, and behind it why each survey
 * shows here or does not, live. It goes when Askwell does.
 */
export function drawTools({ config, askwell, src, modes, dry, note }: Told): void {
  const { site, preview } = config;
  const host = document.createElement("askwell-tools");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  const panel = element("main", { role: "region", "aria-label": "Askwell tools" });
  root.append(panel);

  // On a phone it would cover the page.
  let open = modes.explain && !matchMedia("(max-width:30em)").matches;
  let said = "";
  let drawn = "";

  const mount = () => {
    document.documentElement.append(host);
    try {
      host.popover = "manual";
      host.showPopover();
    } catch {
      // Too old for popovers: fixed, with the highest z-index.
    }
  };
  const end = () => {
    clearInterval(timer);
    host.remove();
  };
  let surveys: Explanation[] = [];
  const look = () =>
    void askwell("explain", (all) => {
      if (window.askwell !== askwell) return;
      surveys = all;
      draw();
    });
  const draw = () => {
    // Once a second for what time alone changes.
    const now = JSON.stringify([surveys, open, said, Math.floor(Date.now() / 1_000)]);
    if (now === drawn) return;
    drawn = now;
    const body = element("div", { class: "body", id: "body" });
    body.append(...surveys.map((one, i) => survey(one, i === 0, dry)));
    if (!surveys.length) body.append(element("p", {}, "No survey is live on this site."));
    body.append(memory(config));
    const fresh = element("main", { class: open ? "open" : "" }, header());
    if (open) fresh.append(body, footer());
    for (const name of ["role", "aria-label"]) fresh.setAttribute(name, panel.getAttribute(name)!);
    morph(panel, fresh);
  };
  const header = () => {
    const can = surveys.filter(canShow).length;
    const chip = element("button", {
      type: "button",
      class: "chip",
      "data-do": "toggle",
      "aria-expanded": `${open}`,
      "aria-controls": "body",
    });
    chip.append(element("span", { class: "logo" }), element("b", {}, "Askwell"));
    const pill = (kind: string, text: string) => chip.append(element("span", { class: `pill ${kind}` }, text));
    if (preview) pill("preview", "Preview: nothing is stored");
    else if (modes.test) pill("test", "Test mode");
    if (note) pill("bad", `${note[0]!.toUpperCase()}${note.slice(1)}. These are the live surveys.`);
    if (modes.explain || open) pill(can ? "good" : "", `${can} of ${surveys.length} can show`);
    const header = element("header", {}, chip);
    if (open) header.append(icon("toggle", "Collapse", "–"), icon("close", "Close until the next page", "×"));
    return header;
  };
  const footer = () => {
    const ways = element("div", { class: "row" });
    ways.append(
      button("copy", "Copy as JSON"),
      button("forget", "Forget this visitor"),
      button("leave", preview ? "End preview" : modes.test ? "End test mode" : "End explain"),
      element("output", {}, said),
    );
    return element("footer", {}, ways);
  };

  const forget = async () => {
    const consented = surveys.every(({ gates }) => gates[0]?.gate !== "consent");
    // The cookie first: the engine that starts anew would take from it what it forgot.
    if (config.cookie)
      await fetch(new URL(`${site}/keep`, src), {
        method: "POST",
        body: '{"value":""}',
        credentials: "include",
      }).catch(() => {});
    if (window.askwell !== askwell) return;
    askwell("consent", false);
    if (consented) askwell("consent", true);
    tell("Forgotten: a first visit");
  };
  const copy = () => {
    const all = { site, url: location.href, at: Date.now(), ...modes, preview, dry_run: dry, surveys };
    const text = JSON.stringify(all, (_, value) => (value === Infinity ? "Infinity" : value), 2);
    const put = (event: ClipboardEvent) => {
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    // On any origin: navigator.clipboard is there on secure ones only.
    addEventListener("copy", put, true);
    tell(document.execCommand("copy") ? "Copied" : "The browser lets nothing be copied");
    removeEventListener("copy", put, true);
  };
  const tell = (what: string) => {
    said = what;
    draw();
    setTimeout(() => {
      said = "";
    }, 4_000);
  };
  const acts: Record<string, (button: HTMLElement) => unknown> = {
    toggle() {
      open = !open;
      draw();
      root.querySelector<HTMLElement>(".chip")?.focus({ preventScroll: true });
    },
    close: end,
    show: ({ dataset }) => askwell("show", dataset.survey!),
    forget,
    copy,
    leave() {
      writeModes({ test: false, explain: false });
      const url = new URL(location.href);
      for (const name of ["askwell", "askwell_preview"]) url.searchParams.delete(name);
      if (url.href === location.href) location.reload();
      else location.replace(url);
    },
  };
  root.addEventListener("click", ({ target }) => {
    const pressed = (target as Element).closest<HTMLElement>("[data-do]");
    if (pressed) acts[pressed.dataset.do!]!(pressed);
  });
  // Hotkeys of the page would see what is pressed here.
  for (const type of ["keydown", "keyup", "keypress", "focusin"])
    root.addEventListener(type, (event) => event.stopPropagation());
  root.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key === "Escape" && open) acts.toggle!(panel);
  });

  const timer = setInterval(() => {
    if (window.askwell !== askwell) return end();
    if (document.hidden) return;
    // A framework may have replaced the whole document's content.
    if (!host.isConnected) mount();
    look();
  }, refresh);
  mount();
  look();
}

const button = (act: string, text: string, more: Record<string, string> = {}) =>
  element("button", { type: "button", "data-do": act, ...more }, text);

const icon = (act: string, label: string, sign: string) =>
  button(act, sign, { class: "icon", "aria-label": label, title: label });

const mark = (pass: boolean) =>
  element("i", { class: pass ? "mark" : "mark no", role: "img", "aria-label": pass ? "yes" : "no" }, pass ? "✓" : "✕");

/** Whether it may show, and something can make it. */
const canShow = ({ passes, triggers }: Explanation): boolean =>
  passes && (!triggers.length || triggers.some(({ state }) => /^(armed|off)$/.test(state)));

function survey(one: Explanation, first: boolean, dry: string[]): HTMLElement {
  const { survey, version, passes, gates, triggers } = one;
  const no = gates.filter(({ pass }) => !pass);
  const state = passes
    ? triggers.length
      ? canShow(one)
        ? "Shows when a trigger fires"
        : "No trigger can work: see below"
      : "May show; has no trigger, so only show() does"
    : `Kept away by ${no.map(({ gate }) => gate).join(", ")}`;
  const title = element("h2", {}, survey, " ");
  if (version) title.append(element("small", {}, `v${version}`));
  if (dry.includes(survey)) title.append(" ", element("span", { class: "pill" }, "dry run"));
  const details = element("details", first ? { open: "" } : {});
  details.append(
    element("summary", {}, mark(canShow(one)), element("div", {}, title, element("small", {}, state))),
    element("ol", {}, ...gates.map(gateRow)),
  );
  if (triggers.length)
    details.append(element("h3", {}, "Triggers"), element("ul", {}, ...triggers.map((one) => triggerRow(one, passes))));
  if (version) {
    const show = button("show", "Show now", {
      class: "main",
      "data-survey": survey,
      "aria-label": `Show ${survey} now`,
    });
    details.append(element("div", { class: "row" }, show));
  }
  return details;
}

function gateRow(gate: Gate): HTMLElement {
  const { text, detail, next, spared } = explain(gate);
  const row = element("li", { class: gate.pass ? "" : "no", "data-gate": gate.gate }, mark(gate.pass));
  row.append(element("span", {}, text), element("code", { class: "name", title: say(gate.rule) }, gate.gate));
  if (detail) row.append(element("code", {}, detail));
  if (spared) row.append(element("span", { class: "spared" }, "Keeps visitors away, not who tries it out"));
  if (next) row.append(element("span", { class: "next" }, next));
  return row;
}

function triggerRow({ trigger, state, fired }: TriggerState, passes: boolean): HTMLElement {
  const { type, ...options } = trigger;
  const kind = state === "armed" ? "" : state === "off" ? "off" : "no";
  const label = state === "armed" ? "armed" : state === "off" ? "off" : "failed";
  const row = element("li", { class: kind, "data-trigger": type });
  row.append(
    element("i", { class: "mark", role: "img", "aria-label": label }, { "": "●", off: "○", no: "!" }[kind]),
    element("span", {}, element("b", {}, type), ` ${label}`),
  );
  if (Object.keys(options).length) row.append(element("code", {}, say(options)));
  if (kind === "off")
    row.append(
      element("small", {}, passes ? "Armed on the next page view at the latest" : "Armed once the gates pass"),
    );
  if (kind === "no") row.append(element("span", { class: "next" }, state));
  if (fired)
    row.append(
      element("span", { class: "fired" }, `Fired ${fromNow(fired.at)}${fired.reason ? `: ${fired.reason}` : ""}`),
    );
  return row;
}

/** Where a visitor is remembered: how long a rest can be trusted. */
function memory({ site, cookie, preview }: Config): HTMLElement {
  const line = (what: string, why: string) => element("p", {}, "Visitor memory: ", element("b", {}, what), `. ${why}`);
  const key = `askwell:${site}:visitor`;
  try {
    localStorage.getItem(key);
  } catch {
    return line("none", "The browser allows no storage: every page is a first visit.");
  }
  if (preview) return line("apart", "What a preview shows counts for nothing else.");
  const safari = "Safari deletes it after seven days without a visit, so that a longer rest ends there.";
  if (!cookie) return line("localStorage", safari);
  let refused: unknown;
  try {
    refused = (JSON.parse(localStorage.getItem(key)!) as { cookie?: number }).cookie;
  } catch {
    // Nobody yet.
  }
  if (refused) return line("localStorage", `The collector refused the cookie (HTTP ${refused}). ${safari}`);
  return document.cookie.includes(`${cookie}=`)
    ? line("cookie", "The collector keeps it for 400 days, in Safari too.")
    : line("localStorage", "A cookie follows when a survey shows.");
}
