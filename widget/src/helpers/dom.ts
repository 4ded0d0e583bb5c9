import type { Context } from "../triggers/trigger.ts";

/** Milliseconds in which changes of the page gather before anybody looks at it. */
const throttle = 250;
/** Not style: a page that animates changes it with every frame. */
const changes = {
  subtree: true,
  childList: true,
  characterData: true,
  attributeFilter: ["class", "id", "hidden", "open"],
};

/** The open shadow roots in the document, as far as they are known. */
let roots = new Set<ShadowRoot>();
const looks = new Set<() => void>();
/** What was added since anybody looked. */
let added: Node[] = [];
let observer: MutationObserver | undefined;
/** The custom elements that were not defined yet. */
const awaited = new Set<string>();
let lookSoon = () => {};

/** What the selector finds, also in open shadow roots. It throws where it is none. */
export const findAll = (selector: string): Element[] =>
  [document, ...roots].flatMap((root) => [...root.querySelectorAll(selector)]);

/**
 * Calls look now, and after changes of the page. One observer for all who look: the page is searched
 * for shadow roots once, and then what was added to it.
 */
export function watchPage({ after, onEnd }: Context, look: () => void): void {
  let waiting = false;
  const soon = () => {
    if (!waiting)
      after(throttle, () => {
        waiting = false;
        const nodes = added;
        added = [];
        for (const node of nodes) if (node.isConnected) search(node as ParentNode);
        for (const root of roots) if (!root.isConnected) roots.delete(root);
        for (const look of looks) look();
      });
    waiting = true;
  };
  const search = (from: ParentNode) => {
    // A text has nothing in it.
    for (const e of [from as Element, ...(from.querySelectorAll?.("*") ?? [])]) {
      const root = e.shadowRoot;
      if (root && !roots.has(root)) {
        roots.add(root);
        observer?.observe(root, changes);
        search(root);
      }
      // An element that becomes what it is later may bring its shadow root then. Waited for by name: one that
      // is never defined, as our own are, would keep its elements for good.
      const { localName } = e;
      if (!e.matches?.(":not(:defined)") || awaited.has(localName)) continue;
      awaited.add(localName);
      customElements.whenDefined(localName).then(
        () => {
          if (!observer) return;
          added.push(...findAll(localName));
          lookSoon();
        },
        () => {}, // no name for an element: it stays what it is
      );
    }
  };

  look(); // before all else: what throws watches nothing
  looks.add(look);
  onEnd(() => {
    looks.delete(look);
    if (looks.size) return;
    observer?.disconnect();
    observer = undefined;
    roots = new Set();
    added = [];
  });
  if (!observer) {
    observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) added.push(...addedNodes);
      soon();
    });
    observer.observe(document, changes);
    added.push(document);
    lookSoon = soon;
    soon(); // the search for shadow roots is not part of arming: in a large page it takes a few milliseconds
  }
}
