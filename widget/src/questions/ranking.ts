import { element } from "../helpers/element.ts";
import { shuffle } from "../helpers/shuffle.ts";
import type { Of, QuestionType } from "./type.ts";

export const type: QuestionType<Of<"ranking">> = {
  css:
    "ol{display:grid;gap:6px;padding:0;list-style:none}" +
    "li{display:flex;align-items:center;gap:10px;min-height:46px;padding-inline-start:12px;border:1px solid var(--l);border-radius:calc(var(--r)*.625);font-size:.9375em}" +
    "li b{flex:none;width:24px;border-radius:12px;background:color-mix(in srgb,var(--a) 14%,var(--b));font-size:.8125em;line-height:24px;text-align:center}" +
    "li span{flex:1;padding:6px 0}" +
    "li button{flex:none;width:44px;height:44px;padding:0;border:0;background:none;color:var(--m)}li button+button{margin-inline-start:-10px}" +
    "li button:before{content:'';display:block;width:9px;height:9px;margin:5px auto 0;border:solid;border-width:2px 0 0 2px;rotate:45deg}" +
    "li button+button:before{margin-top:-5px;rotate:225deg}" +
    "li button:hover{color:var(--f)}li button:disabled{opacity:.3;cursor:auto}",
  parse: (values) => values,
  render({ choices, shuffle: mixed, required }, { strings, number, answer }) {
    const list = element("ol");
    const told = element("output");
    const before = answer as string[] | undefined;
    const order = shuffle(choices, mixed ? choices.length : 0);
    if (Array.isArray(before)) order.sort((a, b) => before.indexOf(a.id) - before.indexOf(b.id));

    /** Numbers the items, and leaves no button that leads nowhere. */
    const renumber = () => {
      for (const [i, { children }] of [...list.children].entries()) {
        const [, place, , up, down] = children as unknown as HTMLButtonElement[];
        place!.textContent = number(i + 1);
        up!.disabled = !i;
        down!.disabled = !list.children[i + 1];
      }
    };

    for (const { id, label } of order) {
      // Checked, it is part of the answer: from the start where there has to be one, else once something was moved.
      const box = element("input", { type: "checkbox", name: "a", value: id, hidden: "" });
      box.checked = !!required;
      const item = element("li", {}, box, element("b"), element("span", {}, label));
      const button = (word: string, move: () => void) => {
        const made = element("button", { type: "button", "aria-label": word.replace("{label}", () => label) });
        made.onclick = () => {
          // It is the neighbour that moves: the button keeps the focus.
          move();
          renumber();
          if (made.disabled) item.querySelector<HTMLElement>("button:enabled")!.focus();
          for (const box of list.querySelectorAll("input")) box.checked = true;
          const place = item.querySelector("b")!.textContent;
          told.textContent = strings.of.replace("{n}", place).replace("{total}", number(choices.length));
          box.dispatchEvent(new Event("input", { bubbles: true }));
        };
        return made;
      };
      item.append(
        button(strings.up, () => item.after(item.previousSibling!)),
        button(strings.down, () => item.before(item.nextSibling!)),
      );
      list.append(item);
    }
    renumber();
    return [list, told];
  },
};
