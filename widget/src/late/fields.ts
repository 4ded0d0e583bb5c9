import type { Parts } from "../face.ts";

/** What surveys need in which something is written, or picked from a list. */
export const fields: NonNullable<Parts["fields"]> = {
  // Below 16 px a phone zooms in on the field, and the page stays zoomed.
  css:
    "[part=field],textarea,select{display:block;width:100%;min-height:44px;padding:10px 12px;border:1px solid var(--e);border-radius:calc(var(--r)*.625);" +
    "background:none;color:inherit;font:inherit;font-size:max(16px,1em);opacity:1}" +
    "label+[part=field]{margin-top:6px}textarea[part]{min-height:92px;max-height:200px;resize:none;field-sizing:content}" +
    "[aria-invalid=true]{border-color:var(--w)}::placeholder{color:var(--m);opacity:1}textarea[part]:focus-visible{outline-offset:-2px}",

  /** Keeps the panel above the on-screen keyboard, of which the layout knows nothing. */
  watch(card) {
    const view = visualViewport!;
    const rise = () => {
      const { height, offsetTop, scale } = view;
      // Zoomed in, the visitor looks at a part of the page, and the panel stays where it is.
      const covered = scale > 1.1 ? 0 : Math.max(0, innerHeight - height - offsetTop);
      if (covered || card.style.getPropertyValue("--k")) card.style.setProperty("--k", `${covered}px`);
      if (covered) (card.getRootNode() as ShadowRoot).activeElement?.scrollIntoView({ block: "nearest" });
    };
    view.addEventListener("resize", rise);
    view.addEventListener("scroll", rise);
    // A keyboard may be there already. With the next frame: to ask now would lay out the page twice.
    const frame = requestAnimationFrame(rise);
    return () => {
      cancelAnimationFrame(frame);
      view.removeEventListener("resize", rise);
      view.removeEventListener("scroll", rise);
    };
  },
};
