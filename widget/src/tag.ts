import type { Tag } from "../../sdk/src/calls.ts";

const { src, dataset, adapter } = (document.currentScript ?? window.askwell!.tag) as Tag;

/**
 * What this script's element says: not the element itself, which the page may have taken away. As a module, which a
 * preview's is, a script does not know its element: tools.ts says it.
 */
export const tag = { ...dataset, src, adapter };

/** URL of the collector's "/w/". */
export const base = new URL(".", src).href;
