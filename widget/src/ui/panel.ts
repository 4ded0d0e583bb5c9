import type { Strings, Theme } from "../definition.ts";
import { element } from "./element.ts";
import { styleSheet } from "./theme.ts";

export type Panel = {
  show(form: HTMLFormElement): void;
  /** Shows the ending; the panel then leaves by itself, in a while. */
  end(title: string, text: string): void;
  close(): void;
};

const ENDING_MS = 6000;

/** The card in the corner. It takes no focus and leaves the page around it alone. */
export function openPanel(theme: Theme, strings: Strings, language: string, mark: string, closed: () => void): Panel {
  let open = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before: EventTarget | null = null;

  const host = document.createElement("askwell-survey");
  const root = host.attachShadow({ mode: "open" });
  const status = element("output", { role: "status" });
  const x = element("button", { type: "button", "aria-label": strings.close, class: "x" });
  const card = element("section", { role: "dialog", "aria-labelledby": "t", lang: language, dir: "auto" }, status, x);
  if (mark) card.append(element("small", {}, mark));
  root.adoptedStyleSheets = [styleSheet(theme)];
  root.append(card);

  // A finger leaves a hover behind where it last was, which would hold the ending open for good.
  const hovers = matchMedia("(hover:hover)").matches;

  const close = () => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    const focused = root.activeElement;
    host.remove();
    if (focused && before instanceof HTMLElement) before.focus({ preventScroll: true });
    closed();
  };

  const later = (ms: number) => {
    timer = setTimeout(
      () => ((hovers && card.matches(":hover")) || root.querySelector(":focus-visible") ? later(1000) : close()),
      ms,
    );
  };

  // Hotkeys of the page would see typing in a plain element, focus traps a stray focus.
  for (const type of ["keydown", "keyup", "keypress", "focusin"] as const) {
    root.addEventListener(type, (event) => event.stopPropagation());
  }
  root.addEventListener("keydown", (event) => {
    const { key, isComposing } = event as KeyboardEvent;
    // While an input method composes, Escape is its own.
    if (key === "Escape" && !isComposing) close();
  });
  root.addEventListener("focusin", (event) => {
    const from = (event as FocusEvent).relatedTarget;
    if (from instanceof Node && !root.contains(from)) before = from;
  });
  x.onclick = close;

  document.documentElement.append(host);
  try {
    // The top layer, above whatever z-index the page uses. A manual popover takes no focus.
    host.popover = "manual";
    host.showPopover();
  } catch {
    // Too old for popovers: fixed, with the highest z-index.
  }

  return {
    show(form) {
      const focused = root.activeElement;
      const first = !card.querySelector("form");
      card.querySelector("form")?.remove();
      card.prepend(form);
      clearTimeout(timer);
      status.textContent = "";
      // A live region speaks about changes only: it has to be there before the words are.
      if (first)
        timer = setTimeout(
          () => (status.textContent = `${strings.survey} ${form.querySelector("legend")?.textContent}`),
          500,
        );
      // On a touch screen a focused text field would throw up the keyboard.
      if (focused) form.querySelector<HTMLElement>(hovers ? "input,textarea" : "legend")?.focus();
    },
    end(title, text) {
      const focused = root.activeElement;
      card.querySelector("form")?.remove();
      clearTimeout(timer);
      status.className = "end";
      status.replaceChildren(element("p", { id: "t" }, title), element("p", {}, text));
      // The status is read out by itself; the button lets Enter close.
      if (focused) x.focus();
      later(ENDING_MS);
    },
    close,
  };
}
