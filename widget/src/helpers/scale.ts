import { element } from "./element.ts";
import { option } from "./option.ts";

const twoRows =
  // As far apart as the style sheet says: 3 px, so that six are 44 px wide on a phone of 320.
  "{& label{flex:0 0 calc((100% + 3px)/var(--n) - 3px)}" +
  // Each name of an end next to it: above the first row, below the last point of the second.
  "& #l{display:contents}& #l span{flex:0 0 100%}& #l :first-child{order:-1}" +
  "& label:nth-child(odd):nth-last-child(2)~#l span+span{padding-inline-end:calc((100% + 3px)/var(--n))}}";

export const scales =
  "fieldset{container-type:inline-size}" +
  // Nothing but its edge says where a point is (WCAG 1.4.11); a choice has its ring.
  "div label span{border-color:var(--e)}" +
  // The name of a point is there for screen readers.
  "bdi{position:absolute;inset:auto 0 0;text-align:center;opacity:0;pointer-events:none}" +
  // In one row, points would be narrower than 24 px here; or than the 44 px that a finger needs.
  `@container(max-width:325px){div:has(label:nth-child(7))${twoRows}}` +
  `@media(pointer:coarse){@container(max-width:523px){div:has(label:nth-child(8))${twoRows}}}`;

/** A row of points to pick one from, in the order from the first to the last. */
export function scale(
  first: number,
  last: number,
  /** Of the points, by place. */
  names: { readonly [place: number]: string | undefined },
  number: (n: number) => string,
  look = "",
  /** What stands for a point, where it is no number. */
  draw?: ((point: number) => Node) | false,
): HTMLElement[] {
  const row = element("div", { class: look });
  const steps = Math.abs(last - first);
  row.style.setProperty("--n", `${Math.ceil((steps + 1) / 2)}`);
  for (let i = 0; i <= steps; i++) {
    const point = first < last ? first + i : first - i;
    row.append(option(point, draw ? draw(point) : number(point), names[i]));
  }
  // The names of the two ends are always in view.
  const [low = "", high = ""] = [names[0], names[steps]];
  if (low || high) row.append(element("p", { id: "l" }, element("span", {}, low), element("span", {}, high)));
  return [row];
}
