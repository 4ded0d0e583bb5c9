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

/** The document and the open shadow roots in it, as far as they are known. */
let roots = new Set<Document | ShadowRoot>();
const looks = new Set<() => void>();
/** What was added since anybody looked. */
let added = new Set<ParentNode>();
let observer: MutationObserver | undefined;
/** The custom elements that were not defined yet. */
const awaited = new Set<string>();
let lookSoon = () => {};

/** What the selector finds, also in open shadow roots. It throws where it is none. */
export const findAll = (selector: string): Element[] => [
  ...document.querySelectorAll(selector),
  ...[...roots].flatMap((root) => (root === document ? [] : [...root.querySelectorAll(selector)])),
];

/**
 * Calls look now, and after changes of the page. One observer for all who look: the page is searched
 * for shadow roots once, and then what was added to it.
 */
export function watchPage({ after, onEnd }: Context, look: () => void): () => void {
  let waiting = false;
  const soon = () => {
    if (!waiting)
      after(throttle, () => {
        waiting = false;
        for (const node of added) if (node.isConnected) search(node);
        added.clear();
        for (const root of roots) if (!root.isConnected) roots.delete(root);
        for (const look of looks) look();
      });
    waiting = true;
  };
  const search = (from: ParentNode) => {
    for (const e of [from, ...from.querySelectorAll("*")]) {
      const root = e === document ? document : (e as Element).shadowRoot;
      if (!root || roots.has(root)) continue;
      roots.add(root);
      observer?.observe(root, changes);
      if (root !== document) search(root);
    }
    // An element that becomes what it is later may bring its shadow root then.
    // Waited for by name: one that is never defined, as our own are, would keep its elements for good.
    for (const e of [from as Element, ...from.querySelectorAll(":not(:defined)")]) {
      const { localName } = e;
      if (!e.matches?.(":not(:defined)") || awaited.has(localName)) continue;
      awaited.add(localName);
      customElements.whenDefined(localName).then(
        () => {
          for (const root of roots) for (const e of root.querySelectorAll(localName)) added.add(e);
          if (observer) lookSoon();
        },
        () => {}, // no name for an element: it stays what it is
      );
    }
  };
  const end = () => {
    looks.delete(look);
    if (looks.size) return;
    observer?.disconnect();
    observer = undefined;
    roots = new Set();
    added = new Set();
  };

  look(); // before all else: what throws watches nothing
  looks.add(look);
  onEnd(end);
  if (!observer) {
    observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) for (const node of addedNodes) if (node instanceof Element) added.add(node);
      soon();
    });
    lookSoon = soon;
    observer.observe(document, changes);
    roots.add(document);
    added.add(document);
    soon(); // the search for shadow roots is not part of arming: in a large page it takes a few milliseconds
  }
  return end;
}
