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
  /** What had the focus before the panel had it. */
  let before: HTMLElement | undefined;
  let form: HTMLFormElement | undefined;

  const host = document.createElement("askwell-survey");
  const root = host.attachShadow({ mode: "open" });
  const status = element("output");
  const x = element("button", { "aria-label": strings.close, class: "x" });
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
    if (focused) before?.focus({ preventScroll: true });
    closed();
  };

  const later = (ms: number) => {
    timer = setTimeout(
      () => ((hovers && card.matches(":hover")) || root.querySelector(":focus-visible") ? later(1000) : close()),
      ms,
    );
  };

  // Hotkeys of the page would see typing in a plain element, focus traps a stray focus.
  for (const type of ["keydown", "keyup", "keypress", "focusin"]) {
    root.addEventListener(type, (event) => {
      event.stopPropagation();
      const { key, isComposing, relatedTarget } = event as KeyboardEvent & FocusEvent;
      const from = relatedTarget as HTMLElement | null;
      if (from && !root.contains(from)) before = from;
      // While an input method composes, Escape is its own; so is letting go of the key that ended that.
      if (key === "Escape" && type === "keydown" && !isComposing) close();
    });
  }
  x.onclick = close;

  document.documentElement.append(host);
  try {
    // The top layer, above whatever z-index the page uses. A manual popover takes no focus.
    host.popover = "manual";
    host.showPopover();
  } catch {
    // Too old for popovers: fixed, with the highest z-index.
  }

  /** Puts something in the place of the last question; true: that one had the focus. */
  const replace = (next?: HTMLFormElement) => {
    const focused = !!root.activeElement;
    form?.remove();
    form = next;
    clearTimeout(timer);
    return focused;
  };

  return {
    show(next) {
      const first = !form;
      const focused = replace(next);
      card.prepend(next);
      status.textContent = "";
      const title = next.querySelector("legend")!;
      // A live region speaks about changes only: it has to be there before the words are.
      if (first) timer = setTimeout(() => (status.textContent = `${strings.survey} ${title.textContent}`), 500);
      // On a touch screen a focused text field would throw up the keyboard.
      if (focused) (hovers ? next.querySelector<HTMLElement>("input,textarea")! : title).focus();
    },
    end(title, text) {
      const focused = replace();
      status.className = "end";
      status.replaceChildren(element("p", { id: "t" }, title), element("p", {}, text));
      // The status is read out by itself; the button lets Enter close.
      if (focused) x.focus();
      later(ENDING_MS);
    },
    close,
  };
}
