// A survey in an element that show() named: inline, wherever its theme has it.
import type { Parts } from "./face.ts";
import { place } from "./places/inline.ts";

/** The parts of a face that stands in an element of the page, and goes with it. */
export const put = (parts: Parts, element: Element): Parts => ({
  ...parts,
  place: { ...place, home: () => (element.isConnected ? element : null) },
});
