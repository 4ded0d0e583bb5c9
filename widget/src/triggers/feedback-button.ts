import type { FeedbackButtonTrigger } from "../../../sdk/src/wire.ts";
import { element } from "../helpers/element.ts";
import type { Trigger } from "./trigger.ts";

/** How often it comes back where the page throws out what it does not know: two scripts could go on forever. */
const mostReturns = 20;

// Terse, as esbuild does not minify it. See ui/theme.ts for how :host withstands the page's CSS. s is the
// edge it stands on, o the other one. The border is seen in forced colours only; a finger gets its 44 px by
// reaching into the page, where nothing is drawn. What grows under a pointer is its shadow: a wider button is a shift.
const css = (s: string, o: string, turn: string) =>
  ":host{all:initial!important;display:block!important;position:fixed!important;z-index:2147483646!important}" +
  `button{position:fixed;${s}:0;top:50%;translate:0 -50%;max-height:70vh;margin:0;padding:13px 8px;padding-${s}:max(8px,env(safe-area-inset-${s}));` +
  `border:1px solid transparent;border-radius:12px;border-top-${s}-radius:0;border-bottom-${s}-radius:0;` +
  "box-shadow:0 0 0 1px #ffffff40,0 4px 20px #0000004d;font:600 14px/1.25 system-ui,sans-serif;cursor:pointer}" +
  `span{display:block;max-height:60vh;overflow:hidden;writing-mode:vertical-rl;rotate:${turn}}` +
  "button:before{content:'';display:block;width:11px;height:9px;margin:0 auto 9px;border:2px solid;border-radius:6px 6px 6px 0}" +
  `button:after{content:'';position:absolute;inset:0;${o}:-11px}` +
  "button:focus-visible{outline:2px solid;outline-offset:-5px}" +
  `@media(hover:hover){button:after{${o}:0}button:hover{box-shadow:0 0 0 3px #ffffff80,0 4px 24px #0006}}` +
  "@media print{button{display:none}}";

/**
 * A tab on the page's edge with which the visitor opens and closes the survey. It is there as long as it is
 * armed, and fires on each click.
 */
export const trigger: Trigger<FeedbackButtonTrigger> = {
  arm(options, { fire, prepare, onEnd }) {
    const { label = "Feedback", position = "right" } = options;
    // The text on it is the collector's choice: collector/catalog/theme.go.
    const { accent = "#5b5bd6", text = "#fff" } = options as { accent?: string; text?: string };
    const page = document.documentElement.lang || navigator.language;
    // In the page's language, else its base (pl for pl-PL), else the first.
    const texts = typeof label === "string" ? { [page]: label } : label;
    const language = [page, page.split("-")[0]!, ...Object.keys(texts)].find((l) => texts[l])!;
    const host = document.createElement("askwell-feedback");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    const right = position === "right";
    // Chinese, Japanese and Korean stand upright in a column; other scripts lie, their feet to the edge.
    const turn = right && !/^(zh|ja|ko)/.test(language) ? "180deg" : "none";
    sheet.replaceSync(`${css(position, right ? "left" : "right", turn)}button{background:${accent};color:${text}}`);
    root.adoptedStyleSheets = [sheet];
    const button = element("button", { type: "button", lang: language }, element("span", {}, texts[language]!));
    root.append(button);

    // Hotkeys of the page would see Enter and Space in a plain element, focus traps a stray focus.
    for (const type of ["keydown", "keyup", "keypress", "focusin"]) {
      root.addEventListener(type, (event) => event.stopPropagation());
    }
    button.onpointerenter = button.onfocus = prepare;
    button.onclick = ({ isTrusted }) => isTrusted && fire("button", { asked: true });

    let returns = mostReturns;
    const look = () => {
      const { documentElement: html } = document;
      if (!host.isConnected && returns-- > 0) html.append(host);
      button.setAttribute("aria-expanded", `${!!html.querySelector(":scope>askwell-survey")}`);
      observer.observe(html, { childList: true });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true });
    look();
    onEnd(() => {
      observer.disconnect();
      host.remove();
    });
  },
};
