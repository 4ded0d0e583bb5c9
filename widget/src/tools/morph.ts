/**
 * Makes an element like another, changing only what differs: what has the focus keeps it, what was opened
 * stays open, and the page is laid out anew only where something changed.
 */
export function morph(from: Element, to: Element): void {
  const set = ({ name }: Attr) => name !== "open"; // that is the reader's
  for (const { name, value } of [...to.attributes].filter(set))
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const { name } of [...from.attributes].filter(set)) if (!to.hasAttribute(name)) from.removeAttribute(name);
  const next = [...to.childNodes];
  const old = [...from.childNodes];
  for (const [i, node] of next.entries()) {
    const was = old[i];
    if (was instanceof Element && node instanceof Element && was.localName === node.localName) morph(was, node);
    else if (was instanceof Text && node instanceof Text) {
      if (was.data !== node.data) was.data = node.data;
    } else if (was) was.replaceWith(node);
    else from.append(node);
  }
  for (const gone of old.slice(next.length)) gone.remove();
}
