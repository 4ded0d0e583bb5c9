import type { Context } from "../triggers/trigger.ts";

export type Click = {
  event: MouseEvent;
  /** The elements around it, the innermost first. */
  path: Element[];
  /** How many of them are inside what the selector found. */
  inside: number;
  /** The one that looks as if it could be clicked. */
  button: Element | undefined;
};

const clickable = "a,button,summary,label,input,[role=button],[role=link],[role=tab],[role^=menuitem]";
/** What is clicked quickly, or with nothing to be seen of it, because that is how it is used. */
const byUse =
  "input:not([type=submit],[type=button]),textarea,select,video,audio,canvas,[role=textbox],[role=combobox],[role=slider],[role=spinbutton],[role=application]";
/** What steppers and arrows call themselves; not by their text: a Next that does nothing is worth knowing. */
const names = /\b(next|prev|plus|minus|zoom)|arrow|crement|crease/i;

/**
 * Tells of trusted clicks on or inside what the selector finds, also in open shadow roots; not of those
 * on the widget itself. No browser sends a click of a disabled control: with pointerup among the types,
 * that is taken for one.
 */
export function watchClicks(
  { listen }: Context,
  selector: string,
  clicked: (click: Click) => void,
  types = ["click"],
): void {
  document.querySelector(selector); // throws where it is none
  for (const type of types)
    listen(window, type, (event: MouseEvent) => {
      const path = event.composedPath().filter((node): node is Element => node instanceof Element);
      const inside = path.findIndex((e) => e.matches(selector));
      const target = path[0]!;
      if (
        event.isTrusted &&
        inside >= 0 &&
        !path.some((e) => e.localName.startsWith("askwell-")) &&
        (type !== "pointerup" || (!event.button && target.closest(":disabled")))
      ) {
        const looks = getComputedStyle(target).cursor === "pointer" ? target : undefined;
        clicked({ event, path, inside, button: path.find((e) => e.matches(clickable)) ?? looks });
      }
    });
}

/** Whether it is on a stepper, a player, an editor or a field. What the selector itself names is none. */
export function inUse({ path, inside, button }: Click): boolean {
  const around = path.slice(0, inside);
  if (around.some((e) => e.matches(byUse) || (e as HTMLElement).isContentEditable)) return true;
  if (!button || !around.includes(button)) return false;
  const text = button.textContent.trim();
  return (
    // One sign, such as + or ‹; not those that close.
    /^[^\p{L}\p{N}×✕]$/u.test(text) ||
    names.test(button.className + button.ariaLabel) ||
    // A mark or an icon beside what it works on.
    (!text[2] &&
      path
        .slice(0, 4)
        .some((e) => e !== document.body && e.querySelector("[type=number],[type=range],video,audio,canvas")))
  );
}

export const allChanges = { subtree: true, childList: true, attributes: true, characterData: true };

/** Whether a change of the page answers a click. Inside what was clicked, a ripple does not: nodes without text, styles. */
export function isAnswer({ target, type, addedNodes, removedNodes }: MutationRecord, { button }: Click): boolean {
  if (!button?.contains(target) || type === "characterData") return true;
  if (type === "attributes") return target === button;
  return (addedNodes.length > 0 && removedNodes.length > 0) || [...addedNodes].some((node) => node.textContent);
}

/** What the fields of the page hold: a value that a script sets is no change of the document. */
export const valuesNow = (): string =>
  [...document.querySelectorAll<HTMLInputElement>("input,select,textarea")].map((e) => `${e.value}${e.checked}`).join();
