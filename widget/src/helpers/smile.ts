const make = (tag: string, attributes: Record<string, string | number>, ...children: Node[]) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, `${value}`);
  made.append(...children);
  return made;
};

/** A face whose mouth is the point: from a deep frown to a broad smile. Drawn, as emoji differ by system. */
export function smile(point: number, points: number): Node {
  const bend = ((point - 1) / (points - 1) - 0.5) * 12;
  const y = 21 - bend / 3;
  return make(
    "svg",
    { viewBox: "0 0 32 32", role: "img", "aria-label": point },
    make("circle", { cx: 16, cy: 16, r: 13 }),
    make("path", { d: `M11 12v1m10-1v1M10 ${y}q6 ${bend} 12 0` }),
  );
}

export const smiles =
  ".emoji span{border:0;background:none!important;color:var(--m)}" +
  "svg{width:38px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round}" +
  ".emoji :checked+span,.emoji label:hover span{color:var(--a)}.emoji :checked+span circle{fill:color-mix(in srgb,var(--a) 15%,var(--b))}";
