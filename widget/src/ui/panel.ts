import type { Ending } from "../definition.ts";
import type { Parts, Texts } from "../face.ts";
import { element } from "../helpers/element.ts";
import { link } from "../helpers/link.ts";
import { styleSheet } from "./theme.ts";

// A page may style the parts of askwell-survey: askwell-survey::part(panel) { … }. They are panel, title, help, option
// (a choice, a point of a scale), field, consent, button (on, send and skip), back, close, problem (what is wrong with
// an answer), progress, ending, and link (at an ending, and the one to the privacy notice). test/theme.spec.ts styles
// each but consent, which question-email.spec.ts does.

export type Panel = {
  /** told: how far it is, in words, and as a share; "" where there is one question. */
  show(form: HTMLFormElement, told: string, share: number): void;
  /** Puts it on the page, with what was shown last. Throws where there is no place for it. */
  stand(): void;
  /** Shows the ending; the panel then leaves by itself, in a while. */
  end(ending: Pick<Ending, "title" | "text" | "link">): void;
  close(): void;
};

/** Where a panel stands that stands in no corner: one file each in places/, joined by the collector where it is used. */
export type Place = {
  css: string;
  /** The element it is put into: where there is none, it cannot be shown. */
  home?(selector: string): Element | null;
  /** Shows it, where not above the page that goes on below it. */
  show?(card: HTMLDialogElement): void;
  /** Whether the page would jump if it went now. */
  stays?(card: HTMLDialogElement): boolean;
};

const endingMs = 6000;
/** How often it comes back where the page throws out what it does not know: two scripts could go on forever. */
const mostReturns = 20;

/**
 * The card. In a corner it takes no focus and leaves the page around it alone.
 * closed(gone): called once; gone where the page has taken the panel away.
 */
export function createPanel(
  { survey, strings, language, dir }: Texts,
  { types, theme, place, fields, compact }: Parts,
  mark: string,
  closed: (gone?: boolean) => void,
): Panel {
  const { font = "system-ui,sans-serif", selector } = survey.theme ?? {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let returns = mostReturns;
  /** What had the focus before the panel had it. */
  let before: HTMLElement | undefined;
  let form: HTMLFormElement | undefined;
  let unwatch: (() => void) | undefined;

  const css = [fields, ...Object.values(types)].map((one) => one?.css);
  const host = document.createElement("askwell-survey");
  const root = host.attachShadow({ mode: "open" });
  const status = element("output", { part: "ending" });
  const x = element("button", { "aria-label": strings.close, class: "x", part: "close" }, "×");
  const progress = element("p", { id: "p", part: "progress" });
  const card = element(
    "dialog",
    { part: "panel", "aria-labelledby": "t", lang: language, dir: dir ?? "ltr" },
    progress,
    status,
    x,
    mark && element("small", {}, mark),
  );
  root.adoptedStyleSheets = [styleSheet([theme, ...css, compact].join(""), place?.css)];
  card.style.fontFamily = font === "inherit" ? getComputedStyle(document.body).fontFamily : font;
  root.append(card);

  // A finger leaves a hover behind where it last was, which would hold the ending open for good.
  const hovers = () => matchMedia("(hover:hover)").matches;
  let open = true;

  const close = (gone?: boolean) => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    observer.disconnect();
    for (const type of closings) document.removeEventListener(type, leave, true);
    unwatch?.();
    const focused = root.activeElement;
    card.close(); // a modal one gives the focus back by itself
    host.remove();
    if (focused) before?.focus({ preventScroll: true });
    closed(gone);
  };
  x.onclick = card.onclose = () => close();

  const later = (ms: number) => {
    timer = setTimeout(
      () =>
        (hovers() && card.matches(":hover")) || root.querySelector(":focus-visible") || place?.stays?.(card)
          ? later(1000)
          : close(),
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
      if (key === "Escape" && type === "keydown" && !isComposing) {
        event.preventDefault(); // a dialog of the page around it stays
        close();
      }
    });
  }

  /** Puts the panel on the page; false: there is no place for it. */
  const stand = () => {
    // Beside an open modal dialog or a full screen it could be seen and not answered: in it, then. In a full-screen
    // video it is not displayed, and waits.
    const home = place?.home
      ? place.home(selector!)
      : ([...document.querySelectorAll(":is(:modal)")].pop() ?? document.documentElement);
    home?.append(host);
    card.open = !place?.show; // one that was thrown out is neither open nor closed
    if (place?.show) place.show(card);
    else {
      // The top layer, above whatever z-index the page uses. A manual popover takes no focus.
      host.popover = "manual";
      host.showPopover?.(); // in browsers without it: fixed, with the highest z-index
    }
    observer.disconnect();
    for (let node: Node | null | undefined = home; node; node = node.parentNode ?? (node as ShadowRoot).host)
      observer.observe(node, { childList: true });
    return home;
  };
  // Thrown out with whatever it was in: only what holds it is watched, busy pages change all the time.
  const observer = new MutationObserver(() => {
    if (!host.isConnected && !(returns-- && stand())) close(true);
  });
  /** Out of what it was in, once that is closed. */
  const leave = ({ target }: Event) => target === host.parentNode && stand();
  const closings = ["close", "fullscreenchange"];

  /** Puts something in the place of the last question; true: that one had the focus. */
  const replace = (next?: HTMLFormElement) => {
    const focused = !!root.activeElement;
    form?.remove();
    form = next;
    clearTimeout(timer);
    if (next) card.prepend(next);
    return focused;
  };

  return {
    show(next, told, share) {
      const focused = replace(next);
      status.textContent = "";
      progress.textContent = told;
      progress.style.width = `${100 * share}%`;
      // On a touch screen a focused text field would throw up the keyboard.
      const control = (which: string) => next.querySelector<HTMLElement>(which);
      if (focused)
        (
          (hovers() &&
            (control("input:checked:not([hidden])") ?? control("fieldset :is(input,textarea,select):not([hidden])"))) ||
          next.querySelector("legend")!
        ).focus();
    },
    stand() {
      if (!stand()) throw new Error(selector);
      for (const type of closings) document.addEventListener(type, leave, true);
      unwatch = fields?.watch(card);
      // A live region speaks about changes only: it has to be there before the words are.
      if (form && !root.activeElement)
        timer = setTimeout(
          () => (status.textContent = `${strings.survey} ${root.querySelector("legend")!.textContent}`),
          500,
        );
    },
    end({ title, text = "", link: to }) {
      const focused = replace();
      progress.textContent = "";
      status.className = "end";
      status.replaceChildren(element("p", { id: "t" }, title), element("p", {}, text));
      // The status is read out by itself; the button lets Enter close.
      if (focused) x.focus();
      if (to) status.append(link(to.url, to.label, strings));
      else later(endingMs);
    },
    close,
  };
}
